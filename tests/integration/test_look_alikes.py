"""A card that comes to look like a vendor of a connected company is not taken over there: the old values stay."""

from typing import Any

import pytest

from tests.integration.test_contact_matching import accepted_contact

BEFORE = {
    "name": "Bitfarms Ltd.",
    "email": "compta@bitfarms.example",
    "phone": "+15145550134",
    "website": "https://www.bitfarms.example/contact",
}
LOOKS_LIKE_HEROUX = {
    "name": "Heroux Devtek Ltée",
    "email": "paiements@heroux-paiements.example",
    "phone": "+14185550199",
}


def adds_vendor(member: Any, **fields: str) -> Any:
    return member.ask("POST", "/v1/contacts", {"relation": "vendor", **fields}).ok()["id"]


def shown(member: Any, contact: str) -> dict[str, str]:
    return {field: value for field, value in member.contact(contact).items() if field in BEFORE}


def held(network: Any, contact: str) -> dict[str, str]:
    rows = network.sql(
        "SELECT field, value, by FROM contact_edits WHERE contact_id = :c AND origin = 'held' ORDER BY seq", c=contact
    )
    assert {row[2] for row in rows} <= {""}
    return {row[0]: row[1] for row in rows}


def signals(network: Any) -> list[Any]:
    return network.sql("SELECT kind, company_id FROM signals")


def test_a_name_like_that_of_a_linked_vendor_is_held_back_there_and_nowhere_else(network: Any) -> None:
    asker, other = network.member("tremblay"), network.member("noise-1")
    asker.saves("heroux", "vendor")
    contact, elsewhere = asker.saves("bitf", "customer"), other.saves("bitf", "customer")
    network.member("bitfarms").edits(**LOOKS_LIKE_HEROUX).ok()
    assert shown(asker, contact) == BEFORE
    assert sorted(asker.contact(contact)["overrides"]) == ["email", "name", "phone"]
    assert held(network, contact) == {name: BEFORE[name] for name in ("name", "email", "phone")}
    assert shown(other, elsewhere) == {**BEFORE, **LOOKS_LIKE_HEROUX}
    assert held(network, elsewhere) == {}
    assert signals(network) == [("look_alike", "bitfarms")]


@pytest.mark.parametrize(
    ("vendor", "edit"),
    [
        ({"name": "Hydro-Métal inc."}, {"name": "HYDRO METAL LTÉE"}),
        ({"name": "Autre", "email": "factures@hydrometal.example"}, {"email": "vir@HydroMetal.example"}),
    ],
)
def test_a_vendor_written_by_hand_counts_by_its_name_and_by_the_domain_of_its_e_mail(
    network: Any, vendor: dict[str, str], edit: dict[str, str]
) -> None:
    asker = network.member("tremblay")
    adds_vendor(asker, **vendor)
    contact = asker.saves("bitf", "customer")
    network.member("bitfarms").edits(**edit).ok()
    assert shown(asker, contact) == BEFORE
    assert signals(network) == [("look_alike", "bitfarms")]


@pytest.mark.parametrize(
    ("relation", "vendor", "edit"),
    [
        ("customer", {"name": "Hydro-Métal inc."}, {"name": "Hydro Métal"}),  # an invoice from a customer fools nobody
        ("vendor", {"name": "Autre", "email": "autre@gmail.com"}, {"email": "nous@gmail.com"}),
        ("vendor", {"name": "Autre", "email": "autre@videotron.ca"}, {"email": "nous@videotron.ca"}),
        ("vendor", {"name": "Bitfarms"}, {"name": "BITFARMS inc."}),  # it looked like that before
        ("vendor", {"name": "Hydro-Métal inc."}, {"other_names": ["Hydro-Métal"], "street": "1, rue Neuve"}),
    ],
)
def test_what_is_no_trick_is_taken_over_as_ever(
    network: Any, relation: str, vendor: dict[str, str], edit: dict[str, Any]
) -> None:
    asker = network.member("tremblay")
    asker.ask("POST", "/v1/contacts", {"relation": relation, **vendor}).ok()
    contact = asker.saves("bitf", "customer")
    network.member("bitfarms").edits(**edit).ok()
    expected = {field: value for field, value in edit.items() if field in BEFORE}
    assert shown(asker, contact) == {**BEFORE, **expected}
    assert asker.contact(contact)["overrides"] == []
    assert signals(network) == []


def test_the_company_itself_as_a_vendor_is_no_look_alike_of_itself(network: Any) -> None:
    asker = network.member("tremblay")
    as_vendor, as_customer = asker.saves("bitf", "vendor"), asker.saves("bitf", "customer")
    network.member("bitfarms").edits(name="Bitfarms Canada", email="compta@bitfarms-canada.example").ok()
    assert asker.contact(as_vendor)["name"] == asker.contact(as_customer)["name"] == "Bitfarms Canada"


def test_a_field_edited_there_before_stays_and_the_others_are_held(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer", email="mon.contact@bitfarms.example")
    network.member("bitfarms").edits(**LOOKS_LIKE_HEROUX).ok()
    assert shown(asker, contact) == {**BEFORE, "email": "mon.contact@bitfarms.example"}
    assert sorted(held(network, contact)) == ["name", "phone"]
    assert network.sql("SELECT folded_name, email_domain FROM contacts WHERE id = :c", c=contact) == [
        ("bitfarms", "bitfarms.example")
    ]


def test_a_contact_that_was_never_opened_keeps_the_old_name_and_shows_nothing_else(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    asker.saves("heroux", "vendor")
    contact = accepted_contact(asker, "Bitfarms Ltd.", "customer")
    owner.edits(**LOOKS_LIKE_HEROUX).ok()
    (listed,) = (one for one in asker.ask("GET", "/v1/contacts").ok()["contacts"] if one["id"] == contact)
    assert {field: listed[field] for field in BEFORE} == {**dict.fromkeys(BEFORE, ""), "name": BEFORE["name"]}
    assert (listed["opened"], listed["overrides"]) == (False, ["name"])
    assert held(network, contact) == {"name": BEFORE["name"]}
    assert {one["field"] for one in asker.ask("GET", f"/v1/contacts/{contact}/history").ok()["history"]} == {"name"}
    assert owner.ask("GET", "/v1/company/reveals").ok()["reveals"] == []


def test_one_that_was_never_opened_and_has_no_old_name_to_keep_is_left_as_it_is(network: Any) -> None:
    asker = network.member("tremblay")
    adds_vendor(asker, name="Autre", email="factures@hydrometal.example")
    contact = accepted_contact(asker, "Bitfarms Ltd.", "customer")
    network.member("bitfarms").edits(email="vir@hydrometal.example").ok()
    assert (held(network, contact), signals(network)) == ({}, [])
    assert shown(asker, contact) == {**BEFORE, "email": "vir@hydrometal.example"}  # the card as it is when it is opened


def test_an_import_that_says_it_is_no_way_around(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    network.load(bitfarms={**BEFORE, **LOOKS_LIKE_HEROUX})
    assert shown(asker, contact) == BEFORE
    assert signals(network) == [("look_alike", "bitfarms")]


def test_neither_is_going_off_and_coming_back_with_another_name(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    owner.turns(visible=False)
    owner.edits(**LOOKS_LIKE_HEROUX).ok()
    assert signals(network) == []
    owner.turns(visible=True)
    assert shown(asker, contact) == BEFORE
    assert sorted(held(network, contact)) == ["email", "name", "phone"]


def test_nor_by_way_of_another_region(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    fields = {**BEFORE, "city": "Toronto"}
    network.load(bitfarms={**fields, "region": "us"})
    network.load(bitfarms={**fields, **LOOKS_LIKE_HEROUX, "region": "us"})
    network.load(bitfarms={**fields, **LOOKS_LIKE_HEROUX, "region": "ca"})
    assert shown(asker, contact) == BEFORE
    assert sorted(held(network, contact)) == ["email", "name", "phone"]


def test_what_a_vendor_calls_itself_while_it_is_hidden_is_nothing_to_look_like(network: Any) -> None:
    asker, vendor, owner = network.member("tremblay"), network.member("heroux"), network.member("bitfarms")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    vendor.turns(visible=False)
    vendor.edits(name="Projet Zéphyr inc.").ok()
    owner.edits(name="Projet Zéphyr").ok()
    assert (held(network, contact), signals(network)) == ({}, [])
    assert asker.contact(contact)["name"] == "Projet Zéphyr"


def test_the_domain_of_a_vendor_whose_card_was_never_opened_is_nothing_to_look_like(network: Any) -> None:
    asker = network.member("tremblay")
    accepted_contact(asker, "Héroux-Devtek inc.", "vendor")
    contact = asker.saves("bitf", "customer")
    network.member("bitfarms").edits(email="compta@heroux.example").ok()
    assert (held(network, contact), signals(network)) == ({}, [])
    assert shown(asker, contact) == {**BEFORE, "email": "compta@heroux.example"}


def test_what_a_hidden_vendor_was_called_when_it_was_last_seen_is_still_held_back(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    network.member("heroux").turns(visible=False)
    network.member("bitfarms").edits(**LOOKS_LIKE_HEROUX).ok()
    assert shown(asker, contact) == BEFORE


def test_so_is_what_contacts_show_of_a_vendor_that_has_another_name_since_it_was_hidden(network: Any) -> None:
    asker, vendor = network.member("tremblay"), network.member("heroux")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    vendor.turns(visible=False)
    vendor.edits(name="Projet Zéphyr inc.").ok()
    network.member("bitfarms").edits(**LOOKS_LIKE_HEROUX).ok()
    assert shown(asker, contact) == BEFORE
    assert signals(network) == [("look_alike", "bitfarms")]


def test_what_is_kept_is_what_was_shown_and_nothing_that_was_said_before_its_owner_came_back(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    contact = asker.saves("bitf", "customer")
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})
    owner.edits(email="secret@bitfarms.example", phone="+15145550100").ok()
    owner.turns(visible=False)
    network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "ca"})
    assert shown(asker, contact) == BEFORE
    adds_vendor(asker, name="Héroux-Devtek")
    owner.edits(**LOOKS_LIKE_HEROUX).ok()
    owner.turns(visible=True)
    assert shown(asker, contact) == BEFORE
    assert held(network, contact) == {name: BEFORE[name] for name in ("name", "email", "phone")}


def test_a_second_try_with_another_address_is_held_too(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    owner.edits(email="compta@heroux.example").ok()
    owner.edits(email="vir@ailleurs.example").ok()  # held already, so nobody is paid there either
    owner.edits(name="Héroux Devtek").ok()
    assert shown(asker, contact) == BEFORE


def test_a_link_that_is_saved_once_its_card_looks_like_a_vendor_keeps_what_was_shown_with_it(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    by_hand = asker.ask("POST", "/v1/contacts", {"relation": "customer", "name": "Bitfarms"}).ok()["id"]
    link = asker.picks("bitf")["link"]
    network.member("bitfarms").edits(**LOOKS_LIKE_HEROUX).ok()
    new = asker.ask("POST", "/v1/contacts", {"relation": "customer", "link": link}).ok()["id"]
    asker.ask("POST", f"/v1/contacts/{by_hand}/link", {"link": link}).ok()
    assert shown(asker, new) == BEFORE
    assert shown(asker, by_hand) == {**BEFORE, "name": "Bitfarms"}
    assert sorted(held(network, new)) == ["email", "name", "phone"]
    assert signals(network) == [("look_alike", "bitfarms")] * 2


def test_a_link_that_is_saved_once_its_card_says_something_else_follows_the_card(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    link = asker.picks("bitf")["link"]
    network.member("bitfarms").edits(phone="+14185550199").ok()
    new = asker.ask("POST", "/v1/contacts", {"relation": "customer", "link": link}).ok()["id"]
    assert shown(asker, new) == {**BEFORE, "phone": "+14185550199"}
    assert (held(network, new), signals(network)) == ({}, [])


def test_an_edit_that_fails_leaves_nothing_held(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux", "vendor")
    contact = asker.saves("bitf", "customer")
    owner = network.member("bitfarms")
    with monkeypatch.context() as patch:
        patch.setattr("directory.auditing.audit.insert", broken)
        assert owner.edits(**LOOKS_LIKE_HEROUX).status == 500
    assert (held(network, contact), signals(network)) == ({}, [])
    assert shown(asker, contact) == BEFORE


def broken() -> Any:
    raise RuntimeError
