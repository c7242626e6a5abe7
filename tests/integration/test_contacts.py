"""The customer and vendor lists: what follows the network, what stays, and what waits."""

from typing import Any

import pytest

from tests.clock import Clock


def new(member: Any, key: str | None = None, **fields: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return member.ask("POST", "/v1/contacts", {"relation": "customer", **fields}, headers=headers)


def rename(network: Any, email: str) -> None:
    assert network.member("bitfarms").edits(email=email).status == 200


def test_a_contact_that_is_linked_reads_through_to_the_latest_card(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", "vendor")
    read = asker.contact(contact_id)
    assert (read["relation"], read["linked"], read["following"], read["overrides"]) == ("vendor", True, True, [])
    assert read["unverified"] is True
    rename(network, "nouveau@bitfarms.example")
    assert asker.contact(contact_id)["email"] == "nouveau@bitfarms.example"


def test_a_field_that_was_edited_here_stays_and_the_others_go_on_following(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", email="mon.contact@bitfarms.example", phone="+1 514 555-0134")
    assert asker.contact(contact_id)["overrides"] == ["email"]
    network.member("bitfarms").edits(email="autre@bitfarms.example", phone="514 555 0177")
    read = asker.contact(contact_id)
    assert (read["email"], read["phone"]) == ("mon.contact@bitfarms.example", "+15145550177")


def test_a_field_that_was_emptied_here_stays_empty(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf", website="")
    rename(network, "x@bitfarms.example")
    assert asker.contact(contact_id)["website"] == ""


def test_while_the_company_is_hidden_the_contact_stays_and_afterwards_it_catches_up(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    before = asker.contact(contact_id)
    owner.turns(visible=False)
    rename(network, "one@bitfarms.example")
    rename(network, "two@bitfarms.example")
    assert asker.contact(contact_id) == {**before, "following": False}
    owner.turns(visible=True)
    assert asker.contact(contact_id) == {**before, "email": "two@bitfarms.example"}


def test_a_hidden_companys_own_contacts_still_follow_their_cards(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    asker.turns(visible=False)
    rename(network, "new@bitfarms.example")
    assert asker.contact(contact_id)["email"] == "new@bitfarms.example"


def test_an_import_reaches_a_contact_too_unless_the_company_is_hidden(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    network.load(heroux={"name": "Héroux-Devtek inc.", "email": "a@heroux.example"})
    assert asker.contact(contact_id)["email"] == "a@heroux.example"
    network.member("heroux").turns(visible=False)
    network.load(heroux={"name": "Héroux-Devtek inc.", "email": "b@heroux.example"})
    assert asker.contact(contact_id)["email"] == "a@heroux.example"
    network.member("heroux").turns(visible=True)
    assert asker.contact(contact_id)["email"] == "b@heroux.example"


def test_when_the_company_moves_away_the_contact_stays_and_when_it_comes_back_it_catches_up(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    before = asker.contact(contact_id)
    network.load(heroux={"name": "Heroux USA", "region": "us", "email": "us@heroux.example"})
    network.member("heroux").edits(email="us2@heroux.example")
    assert asker.contact(contact_id) == {**before, "following": False}
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "ca", "email": "back@heroux.example"})
    assert asker.contact(contact_id)["following"] is True
    assert asker.contact(contact_id)["name"] == "Héroux-Devtek inc."


def test_hidden_then_moved_then_shown_elsewhere_shows_nothing_new_here(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    contact_id = asker.saves("heroux")
    before = asker.contact(contact_id)
    owner.turns(visible=False)
    owner.edits(email="secret@heroux.example")
    network.load(heroux={"name": "Heroux USA", "region": "us", "email": "us@heroux.example"})
    owner.turns(visible=True)
    owner.edits(email="us2@heroux.example")
    assert asker.contact(contact_id) == {**before, "following": False}


def test_where_it_is_the_asker_that_moved_its_contacts_stay_as_they_were_linked(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("bitf")
    before = asker.contact(contact_id)
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    rename(network, "after@bitfarms.example")
    assert asker.contact(contact_id) == {**before, "following": False}


def test_an_asker_that_comes_back_while_the_company_is_hidden_sees_nothing_that_it_missed(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact_id = asker.saves("bitf")
    before = asker.contact(contact_id)
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    rename(network, "meanwhile@bitfarms.example")
    owner.turns(visible=False)
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "ca"})
    assert asker.contact(contact_id) == {**before, "following": False}
    owner.turns(visible=True)
    assert asker.contact(contact_id)["email"] == "meanwhile@bitfarms.example"
    rename(network, "last@bitfarms.example")
    owner.turns(visible=False)
    assert asker.contact(contact_id)["email"] == "last@bitfarms.example"


def test_a_hidden_company_that_moves_to_where_the_asker_went_shows_nothing_until_it_is_visible(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    contact_id = asker.saves("heroux")
    before = asker.contact(contact_id)
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    owner.edits(email="meanwhile@heroux.example")
    owner.turns(visible=False)
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "us", "email": "info@heroux.example"})
    assert asker.contact(contact_id) == {**before, "following": False}
    owner.turns(visible=True)
    read = asker.contact(contact_id)
    assert (read["following"], read["email"]) == (True, "meanwhile@heroux.example")


def test_when_the_company_becomes_an_accounting_firm_the_contact_stays_and_when_it_is_none_again_it_catches_up(
    network: Any,
) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    before = asker.contact(contact_id)
    firm = {"name": "Héroux CPA inc.", "kind": "accounting_firm", "email": "cpa@heroux.example"}
    network.load(heroux=firm)
    network.load(heroux={**firm, "email": "cpa2@heroux.example"})
    assert asker.contact(contact_id) == {**before, "following": False}
    assert asker.finds("heroux") == []
    network.load(heroux={**firm, "kind": "business", "email": "cpa2@heroux.example"})
    assert asker.finds("heroux") == ["Héroux CPA inc."]
    assert (asker.contact(contact_id)["following"], asker.contact(contact_id)["email"]) == (True, "cpa2@heroux.example")


def test_when_its_subscription_ends_the_contact_stays(network: Any) -> None:
    asker = network.member("tremblay")
    contact_id = asker.saves("heroux")
    before = asker.contact(contact_id)
    network.ends("heroux")
    network.load(heroux={"name": "Héroux Neuf", "email": "new@heroux.example"})
    assert asker.contact(contact_id) == {**before, "following": False}


def test_a_link_saved_after_the_company_was_hidden_saves_nothing(network: Any) -> None:
    asker = network.member("tremblay")
    link = asker.picks("bitf")["link"]
    network.member("bitfarms").turns(visible=False)
    answer = new(asker, link=link)
    assert (answer.status, answer.code) == (404, "not_found")
    assert asker.ask("GET", "/v1/contacts").ok() == {"contacts": []}


@pytest.mark.parametrize("holder", ["bitfarms", "ajax"])
def test_another_companys_link_saves_nothing(network: Any, holder: str) -> None:
    link = network.member("tremblay").picks("heroux")["link"]
    assert new(network.member(holder), link=link).status == 404


def test_a_suggestion_is_no_link(network: Any) -> None:
    asker = network.member("tremblay")
    assert new(asker, link=asker.suggestion("bitf")).status == 404


def test_a_contact_without_a_link_is_kept_as_it_was_written(network: Any) -> None:
    asker = network.member("tremblay")
    answer = new(asker, name="Chez Paul", phone="514 555-0123", website="paul.example")
    assert answer.status == 201
    assert answer.headers["Location"].endswith(f"/v1/contacts/{answer.json['id']}")
    read = asker.contact(answer.json["id"])
    assert read == answer.json
    assert (read["linked"], read["following"], read["name"]) == (False, False, "Chez Paul")
    assert (read["phone"], read["website"], read["country"]) == ("+15145550123", "https://paul.example/", "CA")


def test_beside_a_missing_name_all_else_that_is_wrong_with_a_contact_is_named(network: Any) -> None:
    sent = {"relation": "vendor", "email": "not an address", "phone": "none"}
    answer = network.member("tremblay").ask("POST", "/v1/contacts", sent)
    assert (answer.status, set(answer.json["errors"])) == (422, {"name", "email", "phone"})


def test_a_contact_needs_a_name_or_a_link_and_a_relation(network: Any) -> None:
    asker = network.member("tremblay")
    assert list(new(asker, email="a@b.example").json["errors"]) == ["name"]
    assert list(new(asker, name="A", relation="friend").json["errors"]) == ["relation"]
    answer = asker.ask("POST", "/v1/contacts", {"name": "A"})
    assert list(answer.json["errors"]) == ["relation"]


@pytest.mark.parametrize(
    "bad",
    [{"email": "x"}, {"phone": "x"}, {"website": "x"}, {"name": "a\u0000"}, {"name": "a" * 321}, {"country": "zz"}],
)
def test_a_bad_field_of_a_contact_is_named_with_and_without_a_link(network: Any, bad: dict[str, str]) -> None:
    asker = network.member("tremblay")
    assert list(new(asker, **{"name": "A", **bad}).json["errors"]) == list(bad)
    assert list(new(asker, link=asker.picks("bitf")["link"], **bad).json["errors"]) == list(bad)


def test_one_company_may_be_a_customer_and_a_vendor_and_several_contacts(network: Any) -> None:
    asker = network.member("tremblay")
    ids = {asker.saves("bitf", "customer"), asker.saves("bitf", "vendor"), asker.saves("bitf", "vendor")}
    assert len(ids) == 3
    vendors = asker.ask("GET", "/v1/contacts?relation=vendor").ok()["contacts"]
    assert [one["name"] for one in vendors] == ["Bitfarms Ltd."] * 2


def test_the_list_is_read_a_page_at_a_time(network: Any) -> None:
    asker = network.member("tremblay")
    made = {new(asker, name=f"Contact {n}").ok()["id"] for n in range(5)}
    seen, after = [], ""
    while True:
        page = asker.ask("GET", "/v1/contacts?limit=2" + (f"&after={after}" if after else "")).ok()
        seen += [one["id"] for one in page["contacts"]]
        if "next" not in page:
            break
        after = page["next"]
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "after=x", "relation=friend"])
def test_a_bad_question_for_the_list_is_named(still_network: Any, query: str) -> None:
    answer = still_network.member("tremblay").ask("GET", f"/v1/contacts?{query}")
    assert (answer.status, list(answer.json["errors"])) == (422, [query.split("=")[0]])


def test_another_companys_contact_and_an_absent_one_give_the_same_answer(network: Any) -> None:
    contact_id = network.member("tremblay").saves("bitf")
    for company in ("bitfarms", "heroux", "ajax"):
        theirs = network.member(company).ask("GET", f"/v1/contacts/{contact_id}")
        absent = network.member(company).ask("GET", "/v1/contacts/00000000-0000-0000-0000-000000000000")
        assert (theirs.status, theirs.text) == (404, absent.text)
    for odd in ("x", "1", "..%2f", contact_id.upper() + "0"):
        assert network.member("tremblay").ask("GET", f"/v1/contacts/{odd}").code == "not_found"


def test_the_same_request_sent_twice_with_a_key_makes_one_contact(network: Any) -> None:
    asker = network.member("tremblay")
    first, again = (new(asker, "k-1", name="Chez Paul").ok() for _ in range(2))
    assert first == again
    assert len(asker.ask("GET", "/v1/contacts").ok()["contacts"]) == 1


def test_a_key_that_comes_with_another_request_is_refused(network: Any) -> None:
    asker = network.member("tremblay")
    new(asker, "k-1", name="Chez Paul")
    answer = new(asker, "k-1", name="Chez Pierre")
    assert answer.code == "idempotency_key_reused"
    assert answer.status in (409, 422)


@pytest.mark.parametrize(
    "other", [{"name": ""}, {"link": "expired"}, {"relation": "friend"}, {"name": 7}, {"name": "A", "odd": "b"}]
)
def test_what_the_other_request_with_a_key_holds_does_not_matter(network: Any, other: dict[str, Any]) -> None:
    asker = network.member("tremblay")
    new(asker, "k-1", name="Chez Paul")
    answer = new(asker, "k-1", **other)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_a_body_that_is_no_json_reuses_a_key_too(network: Any) -> None:
    asker = network.member("tremblay")
    new(asker, "k-1", name="Chez Paul")
    answer = asker.ask("POST", "/v1/contacts", raw=b"{", headers={"Idempotency-Key": "k-1"})
    assert answer.code == "idempotency_key_reused"


def test_a_request_that_is_repeated_when_its_link_has_expired_makes_no_second_contact(
    network: Any, clock: Clock
) -> None:
    asker = network.member("tremblay")
    link = asker.picks("bitf")["link"]
    first = new(asker, "k-1", link=link)
    clock.moves(days=2)
    asker = network.member("tremblay")  # a token does not last so long
    again = new(asker, "k-1", link=link)
    assert (first.status, again.status, again.json) == (201, 201, first.json)
    assert new(asker, "k-2", link=link).status == 404
    assert len(asker.ask("GET", "/v1/contacts").ok()["contacts"]) == 1


def test_a_repeated_answer_says_nothing_of_what_the_company_wrote_since_it_is_hidden(
    network: Any, clock: Clock
) -> None:
    asker = network.member("tremblay")
    link = asker.picks("bitf")["link"]
    first = new(asker, "k-1", link=link).ok()
    network.member("bitfarms").turns(visible=False)
    rename(network, "secret@bitfarms.example")
    clock.moves(days=2)
    asker = network.member("tremblay")  # a token does not last so long
    again = new(asker, "k-1", link=link).ok()
    assert (again["following"], again["email"]) == (False, first["email"])


def test_who_may_no_longer_write_contacts_has_no_answer_repeated(network: Any) -> None:
    asker = network.member("tremblay", "standard_user")
    new(asker, "k-1", name="Chez Paul").ok()
    path = "/v1/admin/companies/tremblay/members/standard_user@tremblay.example"
    assert network.product().ask("DELETE", path).status == 204
    for body in ({"name": "Chez Paul"}, {"name": "Chez Pierre"}):
        assert new(asker, "k-1", **body).code == "not_a_member"


def test_a_request_that_failed_may_be_sent_again_with_its_key(network: Any) -> None:
    asker = network.member("tremblay")
    assert new(asker, "k-1", name="").status == 422
    assert new(asker, "k-1", name="Chez Paul").status == 201


def test_a_key_is_ones_own(network: Any) -> None:
    assert new(network.member("tremblay"), "k-1", name="Chez Paul").status == 201
    assert new(network.member("tremblay", "company_admin"), "k-1", name="Chez Pierre").status == 201
    assert new(network.member("bitfarms"), "k-1", name="Chez Jean").status == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "\x7f", "a\tb"])
def test_a_key_is_1_to_255_printable_characters(still_network: Any, key: str) -> None:
    answer = still_network.member("tremblay").ask(
        "POST", "/v1/contacts", {"relation": "customer", "name": "A"}, headers={"Idempotency-Key": key}
    )
    assert (answer.status, list(answer.json["errors"])) == (422, ["Idempotency-Key"])
