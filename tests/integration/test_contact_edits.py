"""One's own values in a contact: they stay, the network's are offered beside them, and nothing is locked."""

import base64
import re
from typing import Any

import pytest

from directory.contacts.entry_ids import EntryIds


def patch(member: Any, contact_id: str, etag: str | None = None, **fields: Any) -> Any:
    return member.ask("PATCH", f"/v1/contacts/{contact_id}", fields, headers={"If-Match": etag} if etag else {})


def history(member: Any, contact_id: str, **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return member.ask("GET", f"/v1/contacts/{contact_id}/history?{asked}").ok()["history"]


def test_a_field_that_is_edited_stays_and_the_networks_newer_value_is_offered_beside_it(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    edited = patch(asker, contact_id, email="ap@bitfarms.example").ok()
    assert (edited["email"], edited["overrides"]) == ("ap@bitfarms.example", ["email"])
    assert edited["offers"]["email"]["value"] == "compta@bitfarms.example"
    assert edited["offers"]["email"]["newer"] is False
    network.member("bitfarms").edits(email="new@bitfarms.example", city="Ottawa")
    read = asker.contact(contact_id)
    assert (read["email"], read["city"]) == ("ap@bitfarms.example", "Ottawa")
    assert set(read["offers"]) == {"email"}
    assert (read["offers"]["email"]["value"], read["offers"]["email"]["newer"]) == ("new@bitfarms.example", True)
    assert read["offers"]["email"]["at"] > edited["offers"]["email"]["at"]
    assert asker.ask("GET", "/v1/contacts").ok()["contacts"] == [read]


def test_an_offer_is_as_old_as_the_value_and_not_as_the_card(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    patch(asker, contact_id, email="ap@bitfarms.example")
    owner.edits(email="new@bitfarms.example")
    at = asker.contact(contact_id)["offers"]["email"]["at"]
    owner.edits(city="Ottawa")
    assert asker.contact(contact_id)["offers"]["email"]["at"] == at


def test_null_lets_a_field_follow_the_network_again(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", email="ap@bitfarms.example")
    network.member("bitfarms").edits(email="new@bitfarms.example")
    read = patch(asker, contact_id, email=None).ok()
    assert (read["email"], read["overrides"], read["offers"]) == ("new@bitfarms.example", [], {})
    network.member("bitfarms").edits(email="newer@bitfarms.example")
    assert asker.contact(contact_id)["email"] == "newer@bitfarms.example"


def test_a_field_set_to_what_the_card_says_follows_it(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", phone="514 555-0199")
    assert patch(asker, contact_id, phone="(514) 555-0134").ok()["overrides"] == []
    network.member("bitfarms").edits(phone="514 555-0177")
    assert asker.contact(contact_id)["phone"] == "+15145550177"


def test_what_is_written_has_the_normal_form_of_cards_and_a_bad_value_is_named(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    read = patch(asker, contact_id, phone="418 555-0123", website="ateliers.example", name="  Bit   farms ").ok()
    assert (read["phone"], read["website"], read["name"]) == ("+14185550123", "https://ateliers.example/", "Bit farms")
    for bad in (
        {"email": "x"},
        {"phone": "12"},
        {"name": ""},
        {"name": "…"},
        {"country": "zz"},
        {"relation": "vendor"},
    ):
        answer = patch(asker, contact_id, **bad)
        assert (answer.status, list(answer.json["errors"])) == (422, list(bad))
    assert asker.contact(contact_id) == read


def test_an_emptied_field_stays_empty_and_offers_what_the_card_says(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    read = patch(asker, contact_id, email="").ok()
    assert (read["email"], read["offers"]["email"]["value"]) == ("", "compta@bitfarms.example")


def test_sending_ones_value_again_keeps_it_and_the_offer_is_no_longer_newer(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", email="ap@bitfarms.example")
    network.member("bitfarms").edits(email="new@bitfarms.example")
    read = patch(asker, contact_id, email="ap@bitfarms.example").ok()
    assert (read["email"], read["offers"]["email"]["newer"]) == ("ap@bitfarms.example", False)
    before = len(history(asker, contact_id))
    patch(asker, contact_id, email="ap@bitfarms.example").ok()
    assert len(history(asker, contact_id)) == before, "said once"


def test_a_contact_without_a_link_is_edited_and_null_empties_a_field(network: Any) -> None:
    asker = network.member("tremblay")
    made = asker.ask("POST", "/v1/contacts", {"relation": "vendor", "name": "Chez Paul", "city": "Laval"}).ok()
    read = patch(asker, made["id"], email="paul@paul.example", city=None).ok()
    assert (read["name"], read["email"], read["city"]) == ("Chez Paul", "paul@paul.example", "")
    assert (read["linked"], read["overrides"], read["offers"]) == (False, [], {})
    assert "notice" not in read
    assert list(patch(asker, made["id"], name=None).json["errors"]) == ["name"]


def test_if_match_is_honoured_where_it_is_sent(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    etag = asker.ask("GET", f"/v1/contacts/{contact_id}").headers["ETag"]
    first = patch(asker, contact_id, etag, city="Laval")
    assert first.headers["ETag"] != etag
    for stale in (etag, '"99"', "x"):
        answer = patch(asker, contact_id, stale, city="Hull")
        assert (answer.status, answer.code) == (412, "stale")
    assert patch(asker, contact_id, first.headers["ETag"], city="Hull").ok()["city"] == "Hull"
    assert patch(asker, contact_id, city="Gatineau").ok()["city"] == "Gatineau"
    assert patch(asker, contact_id, "*", city="Aylmer").ok()["city"] == "Aylmer"
    headers = {"If-Match": etag}
    for path, body in (("revert", {"field": "city", "to": "network"}), ("unlink", {}), ("link", {"link": "x"})):
        assert asker.ask("POST", f"/v1/contacts/{contact_id}/{path}", body, headers=headers).status in (412, 404)
    assert asker.ask("DELETE", f"/v1/contacts/{contact_id}", headers=headers).status == 412


def test_what_changes_nothing_makes_no_new_version(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    etag = asker.ask("GET", f"/v1/contacts/{contact_id}").headers["ETag"]
    assert patch(asker, contact_id, email="compta@bitfarms.example").headers["ETag"] == etag
    assert asker.ask("PATCH", f"/v1/contacts/{contact_id}", {}).headers["ETag"] == etag


def test_a_linked_contact_carries_the_notice_in_both_languages(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    assert "No unsolicited commercial messages" in asker.contact(contact_id)["notice"]
    assert "Aucun message commercial non sollicité" in asker.in_french().contact(contact_id)["notice"]


def test_another_companys_contact_is_not_there_whatever_is_asked_of_it(network: Any) -> None:
    contact_id = network.member("tremblay").saves("bitf")
    absent = "00000000-0000-4000-8000-000000000000"
    for company in ("bitfarms", "heroux"):
        other = network.member(company)
        link = other.picks("noise")["link"]
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"city": "Laval"}),
            ("DELETE", "", None),
            ("GET", "/history", None),
            ("POST", "/revert", {"field": "city", "to": "network"}),
            ("POST", "/unlink", {}),
            ("POST", "/link", {"link": link}),
        ):
            theirs = other.ask(method, f"/v1/contacts/{contact_id}{path}", body)
            assert (theirs.status, theirs.code) == (404, "not_found"), (method, path)
            assert theirs.text == other.ask(method, f"/v1/contacts/{absent}{path}", body).text


# History


def test_history_says_when_each_field_changed_where_from_and_by_whom(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf", city="Laval")
    owner.edits(email="new@bitfarms.example")
    patch(network.member("tremblay", "standard_user"), contact_id, email="ap@bitfarms.example")
    told = [(one["field"], one["value"], one["origin"], one.get("by")) for one in history(asker, contact_id)]
    me = "primary_admin@tremblay.example"
    assert told[:3] == [
        ("email", "ap@bitfarms.example", "local", "standard_user@tremblay.example"),
        ("email", "new@bitfarms.example", "network", None),
        ("city", "Laval", "local", me),
    ]
    assert ("name", "Bitfarms Ltd.", "linked", me) in told
    assert ("email", "compta@bitfarms.example", "linked", me) in told
    emails = history(asker, contact_id, field="email")
    assert [one["value"] for one in emails] == [
        "ap@bitfarms.example",
        "new@bitfarms.example",
        "compta@bitfarms.example",
    ]
    assert sorted((one["at"] for one in emails), reverse=True) == [one["at"] for one in emails]
    assert len({one["id"] for one in history(asker, contact_id)}) == len(told)


def test_history_never_holds_what_was_not_published_to_the_contact(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    contact_id = asker.saves("heroux")
    owner.turns(visible=False)
    owner.edits(email="hidden@heroux.example")
    owner.edits(email="shown@heroux.example")
    owner.turns(visible=True)
    network.load(heroux={"name": "Heroux USA", "region": "us", "email": "us1@heroux.example"})
    owner.edits(email="us2@heroux.example")
    text = asker.ask("GET", f"/v1/contacts/{contact_id}/history").text
    assert "us1@" not in text
    assert "us2@" not in text
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "ca", "email": "back@heroux.example"})
    emails = [one["value"] for one in history(asker, contact_id, field="email")]
    assert emails == ["back@heroux.example", "shown@heroux.example", "info@heroux.example"]
    everything = asker.ask("GET", f"/v1/contacts/{contact_id}/history").text
    for never in ("hidden@", "us1@", "us2@", "Heroux USA"):
        assert never not in everything


def test_an_asker_that_came_from_elsewhere_reads_nothing_that_was_published_before(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    contact_id = asker.saves("heroux")
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "us", "email": "info@heroux.example"})
    owner.edits(email="us1@heroux.example")
    owner.edits(email="us2@heroux.example")
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    assert asker.contact(contact_id)["email"] == "us2@heroux.example"
    emails = [one["value"] for one in history(asker, contact_id, field="email")]
    assert emails == ["us2@heroux.example", "info@heroux.example"]


def test_history_is_read_a_page_at_a_time_and_each_entry_once(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    for n in range(4):
        owner.edits(email=f"n{n}@bitfarms.example", city=f"Ville {n}")
        patch(asker, contact_id, phone=f"514 555-01{n}0", website=f"n{n}.example")
    whole = history(asker, contact_id, limit=500)
    for limit in (1, 2, 7):
        seen, after = [], ""
        while True:
            page = asker.ask("GET", f"/v1/contacts/{contact_id}/history?limit={limit}{after}").ok()
            seen += page["history"]
            if "next" not in page:
                break
            after = f"&after={page['next']}"
        assert seen == whole


def test_an_entry_of_the_history_has_one_id_for_all_of_the_company_for_ever(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", city="Laval")
    ids = [one["id"] for one in history(asker, contact_id)]
    assert [one["id"] for one in history(network.member("tremblay", "standard_user"), contact_id)] == ids
    network.member("bitfarms").edits(email="new@bitfarms.example")
    assert [one["id"] for one in history(asker, contact_id)][1:] == ids


def test_nothing_in_a_history_tells_how_often_a_company_published_or_how_much_is_written_elsewhere(
    network: Any,
) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    contact_id = asker.saves("heroux", city="Laval")
    network.load(heroux={"name": "Heroux USA", "region": "us"})
    network.sql("UPDATE companies SET publication = 654321 WHERE id = 'heroux'")
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "ca"})
    network.sql("UPDATE contact_edits SET seq = seq + 123456000")
    owner.edits(email="new@heroux.example")
    page = asker.ask("GET", f"/v1/contacts/{contact_id}/history?limit=1").ok()
    texts = [page["next"], *(one["id"] for one in history(asker, contact_id))]
    opened = [text + str(base64.b64decode(text + "=" * (-len(text) % 4), b"-_")) for text in texts]
    assert not [text for text in opened if re.search("65432|12345", text)]
    assert len({len(text) for text in texts[1:]}) == 1, "nor does their length"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "field=other_names",
        "field=id",
        "after=x",
        "after=WzEsMl0",
        "after=WzEsMSwxMDk5NTExNjI3Nzc2LDFd",
    ],
)
def test_a_bad_question_for_the_history_is_named(network: Any, query: str) -> None:
    asker = network.member("tremblay")
    answer = asker.ask("GET", f"/v1/contacts/{asker.saves('bitf')}/history?{query}")
    assert (answer.status, list(answer.json["errors"])) == (422, [query.split("=")[0]])


# Revert


def revert(member: Any, contact_id: str, field: str, to: str) -> Any:
    return member.ask("POST", f"/v1/contacts/{contact_id}/revert", {"field": field, "to": to})


def test_every_entry_of_the_history_can_be_taken_back_with_one_request(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    patch(asker, contact_id, email="ap@bitfarms.example")
    owner.edits(email="new@bitfarms.example")
    patch(asker, contact_id, email="ap2@bitfarms.example")
    for entry in history(asker, contact_id, field="email"):
        assert revert(asker, contact_id, "email", entry["id"]).ok()["email"] == entry["value"]
    newest = history(asker, contact_id, field="email")[0]
    assert (newest["origin"], newest["value"]) == ("revert", "compta@bitfarms.example")


def test_reverting_to_the_network_or_to_what_the_card_says_now_follows_it(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    for to in ("network", history(asker, contact_id, field="email")[0]["id"]):
        patch(asker, contact_id, email="ap@bitfarms.example")
        assert revert(asker, contact_id, "email", to).ok()["overrides"] == []
    newest = history(asker, contact_id, field="email")[0]
    assert (newest["origin"], newest["value"]) == ("revert", None)
    owner.edits(email="new@bitfarms.example")
    assert asker.contact(contact_id)["email"] == "new@bitfarms.example"


def test_a_revert_to_no_entry_of_the_field_is_named(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id, other = asker.saves("bitf"), asker.saves("heroux")
    patch(asker, contact_id, city="Laval")
    of_another_field = history(asker, contact_id, field="city")[0]["id"]
    of_another_contact = history(asker, other, field="email")[0]["id"]
    for to in (
        "",
        "x",
        "e0",
        "e999999",
        "n1.1.email",
        "n0.0.email",
        "é",
        "A" * 39,
        of_another_field,
        of_another_contact,
        "e" + "9" * 40,
    ):
        answer = revert(asker, contact_id, "email", to)
        assert (answer.status, list(answer.json["errors"])) == (422, ["to"]), to
    assert list(revert(asker, contact_id, "other_names", "network").json["errors"]) == ["field"]


def test_a_version_that_was_hidden_cannot_be_had_by_guessing_its_number(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    contact_id = asker.saves("heroux")
    with network.records.reading() as connection:
        ids = EntryIds.of(connection, contact_id)
    linked = ids.open(history(asker, contact_id, field="email")[-1]["id"])
    owner.edits(email="one@heroux.example")
    network.load(heroux={"name": "Heroux USA", "region": "us", "email": "us@heroux.example"})
    for publication in range(8):
        answer = revert(asker, contact_id, "email", ids.seal(linked._replace(publication=publication)))
        assert "us@heroux.example" not in answer.text


# Link, unlink, delete


def test_unlinking_keeps_what_is_shown_and_follows_nobody_any_more(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf", city="Laval")
    owner.edits(email="new@bitfarms.example")
    before = asker.contact(contact_id)
    read = asker.ask("POST", f"/v1/contacts/{contact_id}/unlink").ok()
    kept = ("name", "email", "phone", "website", "street", "city", "postal_code", "country")
    assert {field: read[field] for field in kept} == {field: before[field] for field in kept}
    assert (read["linked"], read["following"], read["overrides"], read["offers"]) == (False, False, [], {})
    owner.edits(email="later@bitfarms.example")
    assert asker.contact(contact_id) == read
    told = [(one["value"], one["origin"]) for one in history(asker, contact_id, field="email")]
    assert told == [
        ("new@bitfarms.example", "unlinked"),
        ("new@bitfarms.example", "network"),
        ("compta@bitfarms.example", "linked"),
    ]
    oldest = history(asker, contact_id, field="email")[-1]["id"]
    assert revert(asker, contact_id, "email", oldest).ok()["email"] == "compta@bitfarms.example"
    assert list(revert(asker, contact_id, "email", "network").json["errors"]) == ["to"]
    assert asker.ask("POST", f"/v1/contacts/{contact_id}/unlink").status == 200


def test_unlinking_while_the_company_is_hidden_keeps_what_was_seen_last(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    owner.turns(visible=False)
    owner.edits(email="secret@bitfarms.example")
    asker.ask("POST", f"/v1/contacts/{contact_id}/unlink").ok()
    owner.turns(visible=True)
    assert asker.contact(contact_id)["email"] == "compta@bitfarms.example"


def test_linking_a_contact_keeps_own_values_that_differ_and_follows_in_all_others(network: Any) -> None:
    asker = network.member("tremblay")
    mine = {"relation": "customer", "name": "Bitfarms Ltd.", "email": "ap@bitfarms.example"}
    contact_id = asker.ask("POST", "/v1/contacts", mine).ok()["id"]
    read = asker.ask("POST", f"/v1/contacts/{contact_id}/link", {"link": asker.picks("bitf")["link"]}).ok()
    assert (read["linked"], read["following"], read["overrides"]) == (True, True, ["email"])
    assert (read["email"], read["phone"]) == ("ap@bitfarms.example", "+15145550134")
    assert read["offers"]["email"]["value"] == "compta@bitfarms.example"
    network.member("bitfarms").edits(name="Bitfarms Corp.", phone="514 555-0177")
    read = asker.contact(contact_id)
    assert (read["name"], read["phone"]) == ("Bitfarms Corp.", "+15145550177")


def test_after_a_wrong_pick_the_contact_is_linked_to_the_right_company(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    read = asker.ask("POST", f"/v1/contacts/{contact_id}/link", {"link": asker.picks("bitf")["link"]}).ok()
    assert (read["name"], read["email"], read["overrides"]) == ("Bitfarms Ltd.", "compta@bitfarms.example", [])
    network.member("heroux").edits(email="x@heroux.example")
    assert [one["value"] for one in history(asker, contact_id, field="email")] == [
        "compta@bitfarms.example",
        "info@heroux.example",
    ]


def test_a_contact_is_linked_only_with_a_link_of_ones_own_to_a_company_that_may_be_shown(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.ask("POST", "/v1/contacts", {"relation": "customer", "name": "A"}).ok()["id"]
    link = asker.picks("bitf")["link"]
    theirs = network.member("heroux").picks("bitf")["link"]
    network.member("bitfarms").turns(visible=False)
    for bad in (link, theirs, "", "x", network.services.tokens.link("ajax", "tremblay")):
        assert asker.ask("POST", f"/v1/contacts/{contact_id}/link", {"link": bad}).status == 404
    assert asker.contact(contact_id)["linked"] is False


def test_a_deleted_contact_is_gone_with_its_history(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id, other = asker.saves("bitf", city="Laval"), asker.saves("bitf", city="Laval")
    answer = asker.ask("DELETE", f"/v1/contacts/{contact_id}")
    assert (answer.status, answer.text) == (204, "")
    for path in ("", "/history"):
        assert asker.ask("GET", f"/v1/contacts/{contact_id}{path}").status == 404
    assert network.sql("SELECT DISTINCT contact_id FROM contact_edits") == [(other,)]
    assert [one["id"] for one in asker.ask("GET", "/v1/contacts").ok()["contacts"]] == [other]
