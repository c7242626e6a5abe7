"""One's own list by name, a page at a time, and the duplicates that are said before saving."""

from typing import Any
from urllib.parse import urlencode

import pytest


def add(member: Any, name: str, relation: str = "customer", **fields: str) -> str:
    return member.ask("POST", "/v1/contacts", {"relation": relation, "name": name, **fields}).ok()["id"]


def pages(member: Any, limit: int, **query: str) -> list[list[str]]:
    found, after = [], {}
    while True:
        page = member.ask("GET", "/v1/contacts?" + urlencode({"limit": limit, **query, **after})).ok()
        found.append([one["name"] for one in page["contacts"]])
        if "next" not in page:
            return found
        after = {"after": page["next"]}


def test_the_list_is_ordered_by_the_name_shown_whatever_its_accents_and_case(network: Any) -> None:
    asker = network.member("tremblay")
    for name in ("zèbre", "Éclair inc.", "Eclair", "9123 Québec inc.", "école Bleue", "L'Œuf"):
        add(asker, name)
    asker.saves("heroux")
    asker.saves("bitf", name="Fermes Bit")
    whole = [
        "9123 Québec inc.",
        "Éclair inc.",
        "Eclair",
        "école Bleue",
        "Fermes Bit",
        "Héroux-Devtek inc.",
        "L'Œuf",
        "zèbre",
    ]
    for limit in (1, 3, 500):
        names = [name for page in pages(asker, limit) for name in page]
        assert len(names) == len(whole)
        assert [name for name in names if "clair" not in name] == [name for name in whole if "clair" not in name]
        assert sorted(names[1:3]) == ["Eclair", "Éclair inc."]


def test_a_linked_contact_stands_where_its_latest_name_puts_it(network: Any) -> None:
    asker = network.member("tremblay")
    add(asker, "Montagne")
    asker.saves("heroux")
    network.member("heroux").edits(name="Zénith inc.")
    assert pages(asker, 500) == [["Montagne", "Zénith inc."]]
    network.member("heroux").turns(visible=False)
    network.member("heroux").edits(name="Abeille inc.")
    assert pages(asker, 1) == [["Montagne"], ["Zénith inc."]]


def test_the_list_is_filtered_by_how_the_words_of_the_name_begin(network: Any) -> None:
    asker = network.member("tremblay")
    for name in ("Les Ateliers Béliveau inc.", "Ateliers 100%", "Atelier_Nord"):
        add(asker, name)
    asker.saves("heroux")
    add(asker, "Héroïne", "vendor")
    assert pages(asker, 1, q="HERO", relation="customer") == [["Héroux-Devtek inc."]]
    assert pages(asker, 500, q="héro") == [["Héroïne", "Héroux-Devtek inc."]]
    assert pages(asker, 500, q="devtek") == [["Héroux-Devtek inc."]]
    assert pages(asker, 500, q="ateliers") == [["Ateliers 100%", "Les Ateliers Béliveau inc."]]
    assert pages(asker, 1, q="atelier%") == [["Atelier_Nord"], ["Ateliers 100%"], ["Les Ateliers Béliveau inc."]]
    assert pages(asker, 500, q="ateliers bel") == pages(asker, 500, q="béliveau i") == [["Les Ateliers Béliveau inc."]]
    assert pages(asker, 500, q="zzz") == pages(asker, 500, q="eliers") == pages(asker, 500, q="nord atelier") == [[]]
    assert len(pages(asker, 500, q=" ")[0]) == 5
    assert pages(network.member("bitfarms"), 500, q="héro") == [[]]


@pytest.mark.parametrize("q", ["***", "🏭", "%", "_", "…"])
def test_what_has_no_letters_is_in_no_name(network: Any, q: str) -> None:
    asker = network.member("tremblay")
    add(asker, "Ateliers 100%")
    add(asker, "Atelier_Nord")
    assert pages(asker, 500, q=q) == [[]]


@pytest.mark.parametrize("name", ["Gamma Gravel Ltd.", "Étienne Roy & Fils S.E.N.C.", "SARL Transport Canots"])
def test_a_name_is_in_the_list_at_each_letter_that_is_typed_of_it(network: Any, name: str) -> None:
    asker = network.member("tremblay")
    add(asker, name)
    assert [text for n in range(1, len(name) + 1) if pages(asker, 500, q=(text := name[:n])) != [[name]]] == []


def test_a_local_name_finds_a_contact_and_the_cards_own_no_longer_does(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf", name="Fermes Bit")
    assert pages(asker, 500, q="bit") == [["Fermes Bit"]]
    assert pages(asker, 500, q="bitfarms") == [[]]


@pytest.mark.parametrize(
    "after", ["x", "e30", "WzEsMl0", "WyJhIl0", "WyJhIixudWxsXQ", "%00", "é", "WyJcdTAwMDAiLCJhIl0"]
)
def test_a_cursor_that_is_none_is_named(still_network: Any, after: str) -> None:
    answer = still_network.member("tremblay").ask("GET", f"/v1/contacts?after={after}")
    assert (answer.status, list(answer.json["errors"])) == (422, ["after"])


# Duplicates


def duplicates(member: Any, **query: str) -> list[tuple[str, str]]:
    answer = member.ask("GET", "/v1/contacts/duplicates?" + urlencode(query)).ok()
    return [(one["name"], one["because"]) for one in answer["duplicates"]]


def test_the_same_company_is_a_duplicate_whatever_it_is_called_here(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("bitf", name="Les fermes")
    link = asker.picks("bitf")["link"]
    assert duplicates(asker, relation="customer", name="Bitfarms Ltd.", link=link) == [("Les fermes", "same_company")]
    assert duplicates(asker, link=link) == [("Les fermes", "same_company")]
    assert duplicates(asker, relation="vendor", link=link) == [], "as a vendor it is new"
    answer = asker.ask("POST", "/v1/contacts", {"relation": "customer", "link": link})
    assert answer.status == 201, "said, never refused"


def test_the_same_name_is_a_duplicate_with_and_without_a_link(network: Any) -> None:
    asker = network.member("tremblay")
    asker.saves("heroux")
    add(asker, "Ateliers Béliveau inc.")
    assert duplicates(asker, relation="customer", name="HEROUX DEVTEK") == [("Héroux-Devtek inc.", "same_name")]
    assert duplicates(asker, relation="customer", name="ateliers beliveau ltée") == [
        ("Ateliers Béliveau inc.", "same_name")
    ]
    assert duplicates(asker, relation="customer", name="Ateliers") == []
    assert duplicates(network.member("bitfarms"), name="HEROUX DEVTEK") == [], "another company's contacts"


def test_the_same_mail_domain_with_a_near_name_is_a_duplicate_unless_anybody_gets_mail_there(network: Any) -> None:
    asker = network.member("tremblay")
    add(asker, "Béliveau Ateliers", email="a@beliveau.example")
    add(asker, "Boucherie Roy", email="roy@gmail.com")
    asker.saves("heroux")
    assert duplicates(asker, name="Les Ateliers", email="b@beliveau.example") == [
        ("Béliveau Ateliers", "same_email_domain")
    ]
    assert duplicates(asker, name="Héroux Aéro", email="x@HEROUX.example") == [
        ("Héroux-Devtek inc.", "same_email_domain")
    ]
    assert duplicates(asker, name="Zinc", email="b@beliveau.example") == []
    assert duplicates(asker, name="Boulangerie Roy", email="autre@gmail.com") == []


def test_a_name_that_a_hidden_company_took_is_not_found_out_by_asking(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("heroux")
    asker.saves("heroux")
    owner.turns(visible=False)
    owner.edits(name="Secret inc.", email="a@secret.example")
    assert duplicates(asker, name="Secret") == []
    assert duplicates(asker, name="Héroux", email="b@secret.example") == []
    assert duplicates(asker, name="Héroux-Devtek") == [("Héroux-Devtek inc.", "same_name")]


def test_a_bad_link_is_not_there_and_a_bad_question_is_named(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.ask("GET", "/v1/contacts/duplicates?link=x").status == 404
    answer = asker.ask("GET", f"/v1/contacts/duplicates?relation=x&name={'a' * 321}")
    assert sorted(answer.json["errors"]) == ["name", "relation"]
