"""Nobody leaves what they have typed behind without being asked, and nobody is asked about what is saved."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

from tests.e2e.conftest import asks

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


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_signs_out_is_asked_first_whether_what_was_typed_may_go(visit: Any, language: str) -> None:
    visitor = visit(language).signs_in("AXMIN Inc.")
    page, say = visitor.page, visitor.say
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.name.press_sequentially("zzyzx stays")
    page.get_by_role("button", name=say("Sign out")).press("Enter")
    dialog = page.get_by_role("dialog", name=say("Leave without saving?"))
    dialog.get_by_role("button", name=say("Cancel")).press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name=say("Sign out"))).to_be_focused()
    assert visitor.value("name") == "zzyzx stays"
    assert asks(page, "GET", "/v1/company/card")["name"] == "AXMIN Inc."
    page.get_by_role("button", name=say("Sign out")).press("Enter")
    dialog.get_by_role("button", name=say("Leave"), exact=True).press("Enter")
    page.wait_for_url("**/")
    assert asked == []


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


def edited(visitor: Any, relation: str = "customer") -> Any:
    """The field of a new contact's e-mail, open, with a text that is not saved."""
    contact = asks(visitor.page, "POST", "/v1/contacts", {"relation": relation, "name": "zzyzx edited"})
    visitor.opens(f"/contacts/{contact['id']}")
    visitor.page.get_by_role("button", name="Edit: E-mail").click()
    visitor.page.get_by_role("textbox", name="E-mail").press_sequentially("ap@zzyzx.example.com")
    return visitor.page.get_by_role("textbox", name="E-mail")


def test_a_field_of_a_contact_that_is_being_edited_is_not_left_behind_either(visit: Any) -> None:
    visitor = visit().signs_in("Cascades Inc.")
    field = edited(visitor)
    assert leaves(visitor) == ["beforeunload"]
    expect(field).to_have_value("ap@zzyzx.example.com")
    visitor.page.get_by_role("button", name="Edit: Phone").click()
    field.press("Enter")
    expect(visitor.page.locator("#saved")).to_have_text("E-mail: saved.")
    assert leaves(visitor) == []


def test_a_field_of_a_contact_whose_editing_is_cancelled_may_be_left(visit: Any) -> None:
    visitor = visit().signs_in("Cascades Inc.")
    edited(visitor).press("Escape")
    assert leaves(visitor) == []


def test_a_contact_that_is_deleted_is_left_with_what_was_typed_in_it(visit: Any) -> None:
    visitor = visit().signs_in("Cascades Inc.")
    asked: list[str] = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    edited(visitor)
    visitor.page.get_by_role("button", name="Delete this contact").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    visitor.page.wait_for_url("**/customers")
    assert asked == []
