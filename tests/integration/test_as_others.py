"""“Why can't people find us?”: what others see, by which texts they find it, and what stands before it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conftest import settled

RIVALS = {f"rival-{n}": {"name": f"Bitfarm {letter}", "city": "Montréal"} for n, letter in enumerate("ABCDEFGHI")}


def sees(member: Any, **query: str) -> Any:
    return member.ask("GET", f"/v1/company/as-others-see-it?{urlencode(query)}").ok()


def by_text(seen: Any) -> dict[str, Any]:
    return {found["text"]: found for found in seen["texts"]}


def test_the_owner_sees_its_card_as_others_do_and_by_which_texts_it_is_found(network: Any) -> None:
    seen = sees(network.member("bitfarms"))
    others = network.member("tremblay").picks("bitf")["card"]
    assert seen["card"] == others
    assert (seen["findable"], seen["why_not"], seen["unverified"]) == (True, [], True)
    ways = {found["text"]: found["way"] for found in seen["texts"]}
    assert ways == {
        "Bitfarms Ltd.": "name",
        "bitfarms ltd": "folded",
        "bitfarms": "first_word",
        "Cryptofermes": "other_name",
        "Backbone Hosting": "other_name",
        **{"bitfarmsltd"[:length]: "prefix" for length in range(3, 8)},
    }
    assert {found["place"] for found in seen["texts"]} == {1}
    assert {found["summary"] for found in seen["texts"]} == {"Found first."}
    assert by_text(seen)["bitf"]["fits"] == "start"


def test_a_text_of_ones_own_is_looked_up_alone_and_says_what_stands_before_and_why(network: Any) -> None:
    network.load(
        exact="Bitfa",
        connected="Bitfarms Plus",
        near={"name": "Bitfarms Toronto", "city": "Toronto", "province": "ON"},
    )
    network.sql("UPDATE companies SET popularity = 50 WHERE id = 'connected'")
    owner = network.member("bitfarms")
    seen = sees(owner, q="bitfa")
    (found,) = seen["texts"]
    assert (found["way"], found["place"], found["summary"]) == ("own", 3, "Found in place 3.")
    assert [(one["name"], one["fits"], one["because"]) for one in found["before"]] == [
        ("Bitfa", "exact", "tier"),
        ("Bitfarms Plus", "start", "popularity"),
    ]
    assert found["before"][0]["why"] == "The text fits its name better: the whole name."
    french = sees(owner.in_french(), q="bitfa")["texts"][0]
    assert french["summary"] == "Trouvée au rang 3."
    assert "nom entier" in french["before"][0]["why"]
    (from_toronto,) = sees(network.member("heroux"), q="bitfa", city="Toronto", province="ON")["texts"]
    assert "place" not in from_toronto
    (near,) = sees(network.member("connected"), q="bitfa", city="Toronto", province="ON")["texts"]
    assert ("Bitfarms Toronto", "nearness") in [(one["name"], one["because"]) for one in near["before"]]


def test_it_is_what_an_outsider_is_shown_at_that_moment(network: Any) -> None:
    network.load(**RIVALS)
    owner, outsider = network.member("bitfarms"), network.member("noise-1")
    network.load(**{"noise-1": {"name": "Boulangerie Noisette inc."}})  # somewhere else than everybody
    for text in ("bitf", "bitfarms", "crypto", "backb", "hosting"):
        (found,) = sees(owner, q=text)["texts"]
        names = outsider.finds(text)
        assert found.get("place", 0) == (names.index("Bitfarms Ltd.") + 1 if "Bitfarms Ltd." in names else 0), text
        before = [one["name"] for one in found["before"]]
        assert before == (names[: names.index("Bitfarms Ltd.")] if "Bitfarms Ltd." in names else names), text


def test_a_company_that_others_crowd_out_is_told_so_and_one_that_does_not_fit_too(network: Any) -> None:
    network.load(**RIVALS)
    network.sql("UPDATE companies SET popularity = 9 WHERE id LIKE 'rival-%'")
    owner = network.member("bitfarms")
    (crowded,) = sees(owner, q="bit")["texts"]
    assert crowded["summary"] == "Fits, but others stand before it and fill the list."
    assert ("place" in crowded, len(crowded["before"])) == (False, 8)
    (stranger,) = sees(owner, q="heroux")["texts"]
    assert stranger["summary"] == "Does not fit the company’s names."
    assert [(one["name"], "because" in one) for one in stranger["before"]] == [("Héroux-Devtek inc.", False)]
    assert sees(owner, q="zzzz")["texts"][0]["before"] == []


def test_a_hidden_company_is_told_since_when_and_nothing_is_looked_up(network: Any) -> None:
    owner = network.member("bitfarms")
    owner.turns(visible=False)
    seen = sees(owner)
    assert (seen["findable"], seen["texts"]) == (False, [])
    assert seen["why_not"][0].startswith("Visibility is off since ")
    said = sees(owner.in_french())["why_not"][0]
    assert re.match(
        r"La visibilité est désactivée depuis le \d{1,2} \w+ \d{4}, \d{1,2} h( \d{2})? UTC", re.sub(r"\s", " ", said)
    ), said
    assert seen["card"]["name"] == "Bitfarms Ltd."
    owner.turns(visible=True)
    assert sees(owner)["findable"] is True


def test_neither_another_region_nor_a_hidden_company_is_told_of(network: Any) -> None:
    network.load(bitus={"name": "Bitfarm USA", "region": "us"}, bithid={"name": "Bitfarm Caché"})
    network.member("bithid").turns(visible=False)
    assert "USA" not in str(sees(network.member("bitfarms")))
    assert "Caché" not in str(sees(network.member("bitfarms")))


def test_a_change_that_the_index_has_not_seen_is_said(network: Any) -> None:
    owner = network.member("bitfarms")
    network.publisher.patience_s = 0
    network.imports(network.write("renamed.csv", {"bitfarms": "Zephyr Mining"}))
    seen = sees(owner, q="zephyr")
    assert any("on its way" in remark for remark in seen["remarks"])
    assert seen["texts"][0]["summary"] == "Fits, but the search index does not have it yet: look again in a moment."
    network.drain()
    assert sees(owner, q="zephyr")["texts"][0]["summary"] == "Found first."


def test_each_text_counts_as_a_look_up(new_network: Callable[..., Any]) -> None:
    network = settled(new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="20/hour"))
    owner = network.member("bitfarms")
    assert len(sees(owner)["texts"]) == 10
    assert len(sees(owner, q="bitf")["texts"]) == 1
    refused = owner.ask("GET", "/v1/company/as-others-see-it")
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert [owner.types("x").status for _ in range(10)] == [200] * 9 + [429]


@pytest.mark.parametrize("query", [{"q": "a" * 257}, {"city": "a" * 101}])
def test_what_is_too_long_is_refused(network: Any, query: dict[str, str]) -> None:
    answer = network.member("bitfarms").ask("GET", f"/v1/company/as-others-see-it?{urlencode(query)}")
    assert (answer.status, list(answer.json["errors"])) == (422, list(query))
