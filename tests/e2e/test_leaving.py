"""Nobody leaves what they have typed behind without being asked, and nobody is asked about what is saved."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

pytestmark = pytest.mark.e2e


def leaves(visitor: Any) -> list[str]:
    """Follow a link of the page; what the browser asked, each time answered by staying."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    visitor.page.on("dialog", stay)
    visitor.page.get_by_role("link", name="What is shared, and with whom").click(no_wait_after=True)
    if asked == []:
        visitor.page.wait_for_timeout(500)
    visitor.page.remove_listener("dialog", stay)
    return asked


@pytest.mark.parametrize(
    ("path", "field"), [("/customers/new", "name"), ("/card", "city"), ("/customers/match", "names")]
)
def test_the_browser_asks_before_what_was_typed_is_left_behind(visit: Any, path: str, field: str) -> None:
    visitor = visit().signs_in("Cascades Inc.", then=path)
    visitor.page.locator(f"#{field}").press_sequentially("zzyzx")
    assert leaves(visitor) == ["beforeunload"]
    assert "zzyzx" in visitor.value(field)


@pytest.mark.parametrize("path", ["/customers/new", "/card", "/customers/match"])
def test_where_nothing_was_typed_it_does_not_ask(visit: Any, path: str) -> None:
    visitor = visit().signs_in("Cascades Inc.", then=path)
    visitor.page.locator("h1").click()
    assert leaves(visitor) == []
    visitor.page.wait_for_url("**/privacy")


def test_what_is_saved_may_be_left(visit: Any) -> None:
    visitor = visit().signs_in("Cascades Inc.", then="/card")
    visitor.page.locator("#city").press_sequentially("x")
    visitor.saves()
    expect(visitor.page.locator("#saved")).to_contain_text("The card was saved.")
    assert leaves(visitor) == []
    visitor.opens("/customers/new")
    visitor.name.press_sequentially("zzyzx left")
    asked: list[str] = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.saves_and_sees_the_list()
    assert asked == []


def test_a_card_that_was_picked_is_not_left_behind_either(visit: Any) -> None:
    visitor = visit().signs_in("Cascades Inc.")
    visitor.picks("bitf", "Bitfarms Ltd.")
    assert leaves(visitor) == ["beforeunload"]
