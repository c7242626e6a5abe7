"""What follows from each change of a company: docs/standing.md, cell by cell, for the pure function."""

from typing import Any

import pytest

from directory.standing import News, consequences, is_shown
from directory.values import Card, Kind, Plan, Status

CARD = Card(name="Quincaillerie Tremblay", email="info@tremblay.example", city="Longueuil", province="QC")
SHOWN = {
    "id": "tremblay",
    "region": "ca",
    "kind": Kind.BUSINESS,
    "plan": Plan.PLUS,
    "status": Status.ACTIVE,
    "visible": True,
    "erased": False,
    "visible_since": 1,
    "card_version": 5,
    "published_version": 5,
    "publication": 8,
    "index_version": 20,
    **CARD.fields(),
}
HIDDEN = {**SHOWN, "visible": False, "published_version": 4}
ENDED = {**SHOWN, "status": Status.ENDED, "published_version": 4}
FIRM = {**SHOWN, "kind": Kind.ACCOUNTING_FIRM, "published_version": 4}

OFF, ON, END, RETURN = {"visible": False}, {"visible": True}, {"status": Status.ENDED}, {"status": Status.ACTIVE}
TO_FIRM, TO_BUSINESS = {"kind": Kind.ACCOUNTING_FIRM}, {"kind": Kind.BUSINESS}
MOVE, ERASE, PLAN = {"region": "us"}, {"erased": True}, {"plan": Plan.STARTER}

stopped = ("ca", News.STOPPED, None)


def back(version: int, region: str = "ca") -> tuple[str, News, int]:
    return (region, News.RESUMED, version)


def follows(company: dict[str, Any], wanted: dict[str, Any], **card: Any) -> Any:
    edited = Card.of({**CARD.fields(), **card}) if card else None
    return consequences(company, wanted, edited, by="somebody")


@pytest.mark.parametrize(
    ("company", "wanted", "news", "published"),
    [
        # a company that is found
        (SHOWN, OFF, [stopped], None),
        (SHOWN, END, [stopped], None),
        (SHOWN, TO_FIRM, [stopped], None),
        (SHOWN, ERASE, [stopped], None),
        (SHOWN, MOVE, [stopped, back(5, "us")], 5),
        (SHOWN, {**MOVE, **OFF}, [stopped], None),
        (SHOWN, {**OFF, **END}, [stopped], None),
        # one that is hidden
        (HIDDEN, ON, [back(5)], 5),
        (HIDDEN, END, [], None),
        (HIDDEN, TO_FIRM, [], None),
        (HIDDEN, ERASE, [], None),
        (HIDDEN, MOVE, [], None),
        (HIDDEN, {**MOVE, **ON}, [back(5, "us")], 5),
        (HIDDEN, {**ON, **END}, [], None),
        # one whose subscription has ended
        (ENDED, RETURN, [back(5)], 5),
        (ENDED, OFF, [], None),
        (ENDED, MOVE, [], None),
        (ENDED, ERASE, [], None),
        ({**ENDED, "visible": False}, RETURN, [], None),
        ({**ENDED, "visible": False}, ON, [], None),
        # a firm
        (FIRM, TO_BUSINESS, [back(5)], 5),
        (FIRM, MOVE, [], None),
        (FIRM, END, [], None),
        ({**FIRM, "visible": False}, ON, [], None),
        ({**FIRM, "visible": False}, TO_BUSINESS, [], None),
    ],
)
def test_a_change_of_standing_is_news_exactly_where_members_see_a_difference(
    company: dict[str, Any], wanted: dict[str, Any], news: list[Any], published: int | None
) -> None:
    found = follows(company, wanted)
    assert list(found.news) == news
    assert found.values.get("published_version") == published
    assert found.values["card_version"] == 5
    assert found.new_card is None
    assert found.first_publication == 9
    assert found.values["publication"] == 8 + len(news)
    assert (found.values["index_version"], found.work) == (21, ("tremblay", 21))
    assert found.changed == tuple(
        name for name in ("region", "kind", "plan", "status", "visible", "erased") if name in wanted
    )
    assert is_shown({**company, **wanted}) == (published is not None)


@pytest.mark.parametrize("company", [SHOWN, HIDDEN, ENDED, FIRM])
def test_another_plan_is_no_news_and_no_work_for_the_index(company: dict[str, Any]) -> None:
    found = follows(company, PLAN)
    assert (found.news, found.work, found.new_card) == ((), None, None)
    assert found.values["plan"] == Plan.STARTER
    assert (found.values["index_version"], found.values["publication"]) == (20, 8)
    assert found.values.get("published_version", company["published_version"]) == company["published_version"]


@pytest.mark.parametrize(
    ("field", "value", "reindexed"),
    [
        ("name", "Ferronnerie Gagnon", True),
        ("other_names", ("T Hardware",), True),
        ("city", "Laval", True),
        ("province", "ON", True),
        ("email", "b@tremblay.example", False),
        ("phone", "+15145550134", False),
        ("website", "https://b.example/", False),
        ("street", "1, rue B", False),
        ("postal_code", "J4K 1A1", False),
        ("country", "CA", False),
    ],
)
def test_an_edited_card_is_published_and_only_what_is_found_by_is_work_for_the_index(
    field: str, value: Any, reindexed: bool
) -> None:
    found = follows(SHOWN, {}, **{field: value})
    assert found.news == (("ca", News.CARD, 6),)
    assert (found.values["card_version"], found.values["published_version"], found.values["publication"]) == (6, 6, 9)
    assert found.new_card["version"] == 6
    assert found.new_card["created_by"] == "somebody"
    assert (found.work is not None, found.values["index_version"]) == (reindexed, 20 + reindexed)
    assert found.changed == ("card",)


@pytest.mark.parametrize("company", [HIDDEN, ENDED, FIRM])
def test_a_card_that_is_edited_while_nobody_sees_it_is_a_version_and_no_news(company: dict[str, Any]) -> None:
    found = follows(company, {}, email="secret@tremblay.example")
    assert found.news == ()
    assert found.values["card_version"] == found.new_card["version"] == 6
    assert "published_version" not in found.values
    assert found.values["publication"] == 8


@pytest.mark.parametrize(("company", "wanted"), [(HIDDEN, ON), (ENDED, RETURN), (FIRM, TO_BUSINESS)])
def test_back_and_edited_in_one_is_one_piece_of_news_at_the_newest_card(
    company: dict[str, Any], wanted: dict[str, Any]
) -> None:
    found = follows(company, wanted, email="new@tremblay.example")
    assert found.news == (back(6),)
    assert (found.values["published_version"], found.values["publication"]) == (6, 9)


@pytest.mark.parametrize("wanted", [OFF, END, TO_FIRM, ERASE])
def test_gone_and_edited_in_one_shows_nobody_the_edit(wanted: dict[str, Any]) -> None:
    found = follows(SHOWN, wanted, email="secret@tremblay.example")
    assert found.news == (stopped,)
    assert found.values["card_version"] == 6
    assert "published_version" not in found.values


def test_moved_and_edited_in_one_shows_the_edit_to_the_new_region_alone() -> None:
    found = follows(SHOWN, MOVE, email="us@tremblay.example")
    assert found.news == (stopped, back(6, "us"))
    assert (found.left, found.last_seen_there, found.values["published_version"]) == ("ca", 5, 6)
    assert found.values["publication"] == 10


def test_a_move_notes_what_was_seen_where_it_leaves_and_nothing_else_does() -> None:
    assert (follows(HIDDEN, MOVE).left, follows(HIDDEN, MOVE).last_seen_there) == ("ca", 4)
    for wanted in (OFF, END, TO_FIRM, ERASE, PLAN):
        assert follows(SHOWN, wanted).left is None


def test_since_when_it_is_visible_changes_with_the_switch_alone() -> None:
    off = follows(SHOWN, OFF)
    assert off.values["visible_since"] == off.at
    for wanted in (END, MOVE, TO_FIRM, PLAN):
        assert "visible_since" not in follows(SHOWN, wanted).values


@pytest.mark.parametrize("company", [SHOWN, HIDDEN, ENDED, FIRM])
def test_what_says_the_same_is_nothing(company: dict[str, Any]) -> None:
    same = {name: company[name] for name in ("region", "kind", "plan", "status", "visible", "erased")}
    assert consequences(company, same, CARD, by="somebody") is None
