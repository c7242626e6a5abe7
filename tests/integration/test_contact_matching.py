"""An existing list matched in one go: what is proposed, what is revealed and when, what each accepted one becomes."""

import time
from typing import Any

import pytest


def match(member: Any, *names: str, **more: str) -> Any:
    return member.ask("POST", "/v1/contacts/match", {"names": list(names), **more}).ok()["matches"]


def accept(member: Any, *accepted: Any, key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return member.ask("POST", "/v1/contacts/match/accept", {"accepted": list(accepted)}, headers=headers).ok()[
        "results"
    ]


def suggestion(member: Any, name: str) -> str:
    return match(member, name)[0]["proposals"][0]["suggestion"]


def accepted_contact(member: Any, name: str, relation: str = "vendor", **more: str) -> str:
    return accept(member, {"suggestion": suggestion(member, name), "relation": relation, **more})[0]["id"]


def test_each_name_gets_a_sure_a_likely_or_no_proposal_in_order(network: Any) -> None:
    network.load(bitumar="Bitumar inc.", roy1="Boucherie Roy inc.", roy2="Boucherie Roy enr.")
    names = [
        "HEROUX DEVTEK",
        "Bitfar",
        "Personne du Tout",
        "cryptofermes",
        "Boucherie Roy",
        "",
        "Bitfarms Ltd.",
        "Héroux-Devtek",
    ]
    found = match(network.member("tremblay"), *names)
    assert [one["name"] for one in found] == names
    assert [one["verdict"] for one in found] == ["sure", "likely", "none", "sure", "likely", "none", "sure", "sure"]
    assert [one["name"] for one in found[0]["proposals"]] == ["Héroux-Devtek inc."]
    assert [one["name"] for one in found[1]["proposals"]] == ["Bitfarms Ltd."]
    assert [one["name"] for one in found[3]["proposals"]] == ["Bitfarms Ltd."]
    assert {one["name"] for one in found[4]["proposals"]} == {"Boucherie Roy inc.", "Boucherie Roy enr."}
    assert set(found[0]["proposals"][0]) == {"suggestion", "name", "city", "province"}


def test_a_list_of_starts_is_not_answered_with_the_region(network: Any) -> None:
    network.load(bitumar="Bitumar inc.", roy="Boucherie Roy inc.")
    starts = ["bit", "bitf", "bou", "bouche", "roy", "hero", "devt", "trem", "noi"]
    assert [one["proposals"] for one in match(network.member("tremblay"), *starts)] == [[]] * len(starts)


def test_of_two_of_one_name_the_one_whose_legal_form_is_meant_comes_first(network: Any) -> None:
    network.load(one="Zorvex Limited", two="Zorvex Ltd.", three="Zorvex inc.")
    for name in ("Zorvex Limited", "Zorvex Ltd.", "Zorvex inc."):
        (found,) = match(network.member("tremblay"), name)
        assert (found["verdict"], found["proposals"][0]["name"]) == ("likely", name)


def test_a_name_that_another_company_bears_beside_its_own_is_likely_and_not_sure(network: Any) -> None:
    network.load(other={"name": "Ferme Boréale inc.", "other_names": "Noise Abatement|Aurore"})
    found = match(network.member("tremblay"), "Noise Abatement", "Aurore", "Ferme Boréale")
    assert [one["verdict"] for one in found] == ["likely", "sure", "sure"]
    assert [one["name"] for one in found[0]["proposals"]] == ["Noise Abatement Ltd.", "Ferme Boréale inc."]
    network.sql("UPDATE companies SET visible = false WHERE id = 'other'")
    assert match(network.member("tremblay"), "Noise Abatement")[0]["verdict"] == "sure", "nobody hears of a hidden one"


def test_matching_reveals_nothing_and_writes_nothing_down(network: Any) -> None:
    answer = network.member("tremblay").ask("POST", "/v1/contacts/match", {"names": ["Bitfarms", "bit"]})
    for secret in ("compta@", "5145550134", "Sans-Pareille", "J4K"):
        assert secret not in answer.text
    assert network.sql("SELECT count(*) FROM reveals") == [(0,)]


def test_hidden_ended_elsewhere_firms_and_ones_own_company_match_nothing(network: Any) -> None:
    network.member("bitfarms").turns(visible=False)
    network.ends("noise-1")
    names = [
        "Bitfarms",
        "Cryptofermes",
        "Boulangerie Noisette",
        "Ajax Novelty",
        "Ajax Comptables",
        "Quincaillerie Tremblay",
    ]
    found = match(network.member("tremblay"), *names)
    assert [(one["verdict"], one["proposals"]) for one in found] == [("none", [])] * len(names)


def test_the_index_may_propose_what_it_likes_the_records_decide(network: Any) -> None:
    """Hidden behind the index's back: what it still proposes is not shown."""
    network.sql("UPDATE companies SET visible = false WHERE id = 'bitfarms'")
    assert match(network.member("tremblay"), "crypto", "Bitfarms")[0]["verdict"] == "none"


def test_where_a_relation_is_said_a_proposal_names_the_contact_that_is_linked_already(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", "vendor")
    assert match(asker, "Bitfarms", relation="vendor")[0]["proposals"][0]["contact_id"] == contact_id
    assert "contact_id" not in match(asker, "Bitfarms", relation="customer")[0]["proposals"][0]
    assert "contact_id" not in match(asker, "Bitfarms")[0]["proposals"][0]


def test_an_accepted_match_shows_its_name_and_nothing_else_until_it_is_opened(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = accepted_contact(asker, "Bitfarms")
    listed = asker.ask("GET", "/v1/contacts")
    assert [(one["name"], one["linked"], one["opened"]) for one in listed.ok()["contacts"]] == [
        ("Bitfarms Ltd.", True, False)
    ]
    edited = asker.ask("PATCH", f"/v1/contacts/{contact_id}", {"city": "Laval"})
    told = asker.ask("GET", f"/v1/contacts/{contact_id}/history")
    for answer in (listed, edited, told):
        for secret in ("compta@", "5145550134", "Sans-Pareille", "J4K", "Toronto"):
            assert secret not in answer.text
    assert network.sql("SELECT count(*) FROM reveals") == [(0,)]

    read = asker.contact(contact_id)
    assert (read["opened"], read["email"], read["city"]) == (True, "compta@bitfarms.example", "Laval")
    assert read["offers"]["city"]["value"] == "Toronto"
    ledger = [("bitfarms", "tremblay", "primary_admin@tremblay.example")]
    assert network.sql("SELECT company_id, viewer_company_id, viewer FROM reveals") == ledger
    assert asker.contact(contact_id) == read
    assert network.sql("SELECT company_id, viewer_company_id, viewer FROM reveals") == ledger, "opened once"
    assert asker.ask("GET", "/v1/contacts").ok()["contacts"] == [read]


def test_a_guess_cannot_be_tried_on_a_contact_that_was_not_opened(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = accepted_contact(asker, "Bitfarms")
    wrong = asker.ask("PATCH", f"/v1/contacts/{contact_id}", {"email": "wrong@bitfarms.example"}).ok()
    right = asker.ask("PATCH", f"/v1/contacts/{contact_id}", {"email": "compta@bitfarms.example"}).ok()
    assert (wrong["overrides"], wrong["offers"]) == (right["overrides"], right["offers"]) == (["email"], {})
    query = "name=Bit&email=x@bitfarms.example"
    asker.ask("PATCH", f"/v1/contacts/{contact_id}", {"email": None}).ok()
    assert asker.ask("GET", f"/v1/contacts/duplicates?{query}").ok()["duplicates"] == []
    link = asker.ask("GET", f"/v1/contacts/{contact_id}/history?field=name").ok()["history"][-1]["id"].split(".")[0]
    reverted = {"field": "email", "to": f"{link}.0.email"}
    assert asker.ask("POST", f"/v1/contacts/{contact_id}/revert", reverted).status == 422
    assert "compta@" not in asker.ask("POST", f"/v1/contacts/{contact_id}/unlink").text


def test_opening_shows_nothing_while_the_company_may_not_be_shown(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = accepted_contact(asker, "Bitfarms")
    owner.turns(visible=False)
    read = asker.contact(contact_id)
    assert (read["name"], read["email"], read["following"], read["opened"]) == ("Bitfarms Ltd.", "", False, False)
    assert network.sql("SELECT count(*) FROM reveals") == [(0,)]
    owner.turns(visible=True)
    assert asker.contact(contact_id)["email"] == "compta@bitfarms.example"


def test_an_existing_contact_is_linked_and_keeps_its_own_values(network: Any) -> None:
    asker = network.member("tremblay")
    mine = {"relation": "vendor", "name": "bitfarms", "email": "ap@bitfarms.example", "phone": "514 555-0134"}
    contact_id = asker.ask("POST", "/v1/contacts", mine).ok()["id"]
    assert accepted_contact(asker, "Bitfarms", contact_id=contact_id) == contact_id
    [listed] = asker.ask("GET", "/v1/contacts").ok()["contacts"]
    assert (listed["name"], listed["email"], listed["linked"]) == ("bitfarms", "ap@bitfarms.example", True)
    read = asker.contact(contact_id)
    assert set(read["overrides"]) == {"name", "email"}, "what says the same as the card follows it, once it was opened"
    assert (read["email"], read["postal_code"]) == ("ap@bitfarms.example", "J4K 5G4")


def test_each_accepted_one_has_its_own_result_and_one_that_fails_stops_no_other(network: Any) -> None:
    asker = network.member("tremblay")
    good, gone, theirs = suggestion(asker, "Héroux-Devtek"), suggestion(asker, "Bitfarms"), ""
    theirs = suggestion(network.member("heroux"), "Noise Abatement")
    linked = asker.saves("noise")
    customer = asker.ask("POST", "/v1/contacts", {"relation": "customer", "name": "A"}).ok()["id"]
    network.member("bitfarms").turns(visible=False)
    results = accept(
        asker,
        {"suggestion": good, "relation": "vendor"},
        {"suggestion": gone, "relation": "vendor"},
        {"suggestion": theirs, "relation": "vendor"},
        {"suggestion": asker.suggestion("heroux"), "relation": "vendor"},
        {"suggestion": good, "relation": "customer", "contact_id": linked},
        {"suggestion": good, "relation": "vendor", "contact_id": customer},
        {"suggestion": good, "relation": "vendor", "contact_id": "00000000-0000-4000-8000-000000000000"},
        {"suggestion": good, "relation": "customer", "contact_id": customer},
        {"suggestion": good, "relation": "vendor"},
    )
    said = [one["result"] for one in results]
    refused = ["not_found", "not_found", "not_found", "already_linked", "not_found", "not_found"]
    assert said == ["created", *refused, "linked", "created"]
    assert (results[4]["id"], results[7]["id"]) == (linked, customer)
    vendors = asker.ask("GET", "/v1/contacts?relation=vendor").ok()["contacts"]
    assert [one["name"] for one in vendors] == ["Héroux-Devtek inc."] * 2, "twice over is fine"


def test_an_acceptance_sent_twice_with_a_key_is_done_once(network: Any) -> None:
    asker = network.member("tremblay")
    one = {"suggestion": suggestion(asker, "Bitfarms"), "relation": "vendor"}
    assert accept(asker, one, key="k") == accept(asker, one, key="k")
    assert len(asker.ask("GET", "/v1/contacts").ok()["contacts"]) == 1


def test_a_proposal_is_good_for_a_day_and_for_nothing_but_accepting(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, real = network.member("tremblay"), time.time
    ages = []
    for age in (0, 23 * 3_600, 24 * 3_600 + 60):
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda age=age: real() - age)
            ages.append(network.services.tokens.match("bitfarms", "tremblay"))
    results = accept(asker, *({"suggestion": token, "relation": "vendor"} for token in ages))
    assert [one["result"] for one in results] == ["created", "created", "not_found"]
    assert asker.ask("POST", "/v1/reveals", {"suggestion": ages[0]}).status == 404
    assert asker.ask("POST", "/v1/contacts", {"relation": "vendor", "link": ages[0]}).status == 404


def test_ten_thousand_names_are_matched_at_once_and_no_more(network: Any) -> None:
    network.load(**{f"c{n}": f"Atelier {n} Québec inc." for n in range(300)})
    asker = network.member("tremblay")
    names = [f"ATELIER {n} QUEBEC" for n in range(300)] + [f"Zzyzx {n % 50} é{'x' * 80}" for n in range(9_700)]
    found = match(asker, *names)
    assert [one["verdict"] for one in found] == ["sure"] * 300 + ["none"] * 9_700
    answer = asker.ask("POST", "/v1/contacts/match", {"names": [*names, "A"]})
    assert (answer.status, list(answer.json["errors"])) == (422, ["names"])


def test_only_a_list_to_match_may_be_longer_than_other_bodies(still_network: Any) -> None:
    asker = still_network.member("tremblay")
    long = {"names": ["a" * 300] * 1_000}
    assert asker.ask("POST", "/v1/contacts/match", long).status == 200
    for path in ("/v1/contacts/match/accept", "/v1/contacts", "/v1/reveals"):
        assert asker.ask("POST", path, long).status == 413
    assert asker.ask("POST", "/v1/contacts/match", {"names": ["a" * 300] * 30_000}).status == 413


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "names"), ({"names": "a"}, "names"), ({"names": ["a", 1]}, "names[1]"), ({"names": None}, "names"),
        ({"names": ["a" * 321]}, "names[0]"), ({"names": [], "relation": "friend"}, "relation"), ({"names": [], "x": 1}, "x"),
    ],
)  # fmt: skip
def test_a_bad_list_is_named(still_network: Any, body: Any, field: str) -> None:
    answer = still_network.member("tremblay").ask("POST", "/v1/contacts/match", body)
    assert (answer.status, list(answer.json["errors"])) == (422, [field])


def test_names_that_are_no_names_match_nothing_and_break_nothing(still_network: Any) -> None:
    asker = still_network.member("tremblay")
    odd = [b'"\\ud800"', b'"\\u0000"', '"…"'.encode(), b'"%"', b'"inc."', ('"' + "ß" * 320 + '"').encode()]
    raw = b'{"names": [' + b",".join(odd) + b"]}"
    found = asker.ask("POST", "/v1/contacts/match", raw=raw).ok()["matches"]
    assert [one["verdict"] for one in found] == ["none"] * len(odd)


def test_more_than_five_hundred_are_not_accepted_at_once(still_network: Any) -> None:
    one = {"suggestion": "x", "relation": "vendor"}
    answer = still_network.member("tremblay").ask("POST", "/v1/contacts/match/accept", {"accepted": [one] * 501})
    assert (answer.status, list(answer.json["errors"])) == (422, ["accepted"])


def test_of_several_accepted_the_one_that_is_wrong_is_named_by_its_place(still_network: Any) -> None:
    good = {"suggestion": "x", "relation": "vendor"}
    body = {"accepted": [good, {"suggestion": "x", "relation": "friend"}, {**good, "x": 1}]}
    answer = still_network.member("tremblay").ask("POST", "/v1/contacts/match/accept", body)
    assert (answer.status, list(answer.json["errors"])) == (422, ["accepted[1].relation", "accepted[2].x"])


def test_of_a_list_that_is_wrong_throughout_not_every_item_is_named(still_network: Any) -> None:
    answer = still_network.member("tremblay").ask("POST", "/v1/contacts/match", {"names": [1] * 20_000})
    assert answer.status == 422
    assert len(answer.json["errors"]) == 100
