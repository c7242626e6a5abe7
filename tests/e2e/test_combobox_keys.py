"""The combobox as the WAI-ARIA Authoring Practices describe it: list autocomplete with manual selection."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


@pytest.fixture
def visitor(visit):
    return visit().signs_in("Kinaxis Inc.")


def test_escape_closes_the_list_and_the_next_one_leaves_the_text_as_it_is(visitor):
    visitor.looks_up("ca")
    visitor.name.press("Escape")
    expect(visitor.options).to_have_count(0)
    expect(visitor.name).to_have_attribute("aria-expanded", "false")
    assert visitor.value("name") == "ca"
    visitor.name.press("Escape")
    assert visitor.value("name") == "ca"
    expect(visitor.name).to_be_focused()


def test_enter_with_nothing_active_picks_nothing_and_saves_nothing(visitor):
    asked = []
    visitor.page.on("request", lambda request: asked.append((request.method, request.url)))
    visitor.looks_up("bitf")
    visitor.name.press("Enter")
    expect(visitor.options).to_have_count(0)
    assert visitor.value("name") == "bitf"
    assert [url for method, url in asked if method != "GET"] == []


def test_leaving_with_tab_picks_nothing(visitor):
    visitor.looks_up("bitf")
    visitor.name.press("ArrowDown")
    visitor.name.press("Tab")
    expect(visitor.options).to_have_count(0)
    expect(visitor.page.get_by_label("E-mail for customers")).to_be_focused()
    assert visitor.value("name") == "bitf"


def test_arrows_go_round_and_the_active_option_is_the_one_pointed_at(visitor):
    names = visitor.looks_up("ca")
    assert len(names) == 8
    for place in [0, 1, 2]:
        visitor.name.press("ArrowDown")
        expect(visitor.active.locator(".option-name")).to_have_text(names[place])
        expect(visitor.name).to_have_attribute("aria-activedescendant", visitor.active.get_attribute("id"))
    for place in [1, 0, 7, 6]:
        visitor.name.press("ArrowUp")
        expect(visitor.active.locator(".option-name")).to_have_text(names[place])
    for place in [7, 0]:
        visitor.name.press("ArrowDown")
        expect(visitor.active.locator(".option-name")).to_have_text(names[place])


@pytest.mark.parametrize(("key", "caret"), [("Home", 0), ("End", 2), ("ArrowLeft", 1)])
def test_keys_of_the_text_go_back_to_the_text(visitor, key, caret):
    visitor.looks_up("ca")
    visitor.name.press("ArrowDown")
    visitor.name.press(key)
    expect(visitor.active).to_have_count(0)
    assert visitor.name.get_attribute("aria-activedescendant") is None
    assert visitor.name.evaluate("input => input.selectionStart") == caret


def test_alt_arrow_opens_without_moving_and_closes_again(visitor):
    visitor.looks_up("bitf")
    visitor.name.press("Alt+ArrowUp")
    expect(visitor.options).to_have_count(0)
    visitor.name.press("Alt+ArrowDown")
    expect(visitor.options.first).to_be_visible()
    expect(visitor.active).to_have_count(0)


@pytest.mark.parametrize(("key", "place"), [("ArrowDown", 0), ("ArrowUp", -1)])
def test_an_arrow_on_a_closed_list_opens_it_at_that_end(visitor, key, place):
    names = visitor.looks_up("ca")
    visitor.name.press("Escape")
    visitor.name.press(key)
    expect(visitor.active.locator(".option-name")).to_have_text(names[place])


def test_typing_on_makes_the_active_option_inactive(visitor):
    visitor.looks_up("bitf")
    visitor.name.press("ArrowDown")
    visitor.types("a")
    expect(visitor.active).to_have_count(0)


@pytest.mark.parametrize(("key", "selected"), [("ArrowUp", (0, 1)), ("ArrowDown", (1, 2))])
def test_an_arrow_with_shift_selects_text_and_moves_through_no_list(visitor, key, selected):
    visitor.looks_up("ca")
    visitor.name.press("ArrowDown")
    visitor.name.evaluate("input => input.setSelectionRange(1, 1)")
    visitor.name.press(f"Shift+{key}")
    expect(visitor.active).to_have_count(0)
    assert visitor.name.evaluate("input => [input.selectionStart, input.selectionEnd]") == list(selected)


@pytest.mark.parametrize("keys", ["Control+ArrowLeft", "Control+Home"])
def test_keys_of_the_text_with_control_go_back_to_the_text_too(visitor, keys):
    visitor.looks_up("ca")
    visitor.name.press("ArrowDown")
    visitor.name.press(keys)
    expect(visitor.active).to_have_count(0)


@pytest.mark.parametrize("closes", ["emptied", "Escape", "left"])
def test_how_many_companies_were_found_is_said_no_more_when_the_list_is_closed(visitor, closes):
    said = visitor.page.locator("#name-status")
    visitor.looks_up("ca")
    expect(said).to_have_text("8 companies found. Choose with the arrow keys.")
    if closes == "emptied":
        visitor.name.fill("")
    else:
        visitor.name.press("Escape" if closes == "Escape" else "Tab")
    expect(said).to_be_empty()


def test_that_none_was_found_is_said_no_more_when_the_text_is_emptied(visitor):
    visitor.looks_up("zzyzx qwpl")
    expect(visitor.page.locator("#name-status")).to_have_text("No company found: you can fill in the form by hand.")
    visitor.name.fill("")
    expect(visitor.page.locator("#name-status")).to_be_empty()


def test_the_list_says_what_it_is_and_how_many_it_holds(visitor):
    names = visitor.looks_up("ca")
    listbox = visitor.page.get_by_role("listbox", name="Companies of the network")
    expect(listbox).to_be_visible()
    expect(visitor.name).to_have_attribute("aria-controls", listbox.get_attribute("id"))
    expect(visitor.page.locator("#name-status")).to_have_text(
        f"{len(names)} companies found. Choose with the arrow keys."
    )
    expect(visitor.page.locator("#name-foot")).to_contain_text("not verified")


def test_keystrokes_in_quick_succession_make_one_lookup_within_50_ms(visitor):
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.clock.install()
    visitor.page.clock.pause_at(visitor.page.evaluate("Date.now() + 60_000"))
    visitor.types("bitf")
    assert asked == []
    with visitor.page.expect_response("**/v1/typeahead?*"):
        visitor.page.clock.run_for(50)
    assert [url.split("?")[1] for url in asked] == ["q=bitf&limit=8"]


def test_a_text_that_is_still_being_composed_is_not_looked_up(visitor):
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.clock.install()
    visitor.page.clock.pause_at(visitor.page.evaluate("Date.now() + 60_000"))
    visitor.name.focus()
    keyboard = visitor.context.new_cdp_session(visitor.page)
    keyboard.send("Input.imeSetComposition", {"text": "bitf", "selectionStart": 4, "selectionEnd": 4})
    assert visitor.value("name") == "bitf"
    visitor.page.clock.run_for(1000)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "bitf"})
    with visitor.page.expect_response("**/v1/typeahead?*"):
        visitor.page.clock.run_for(50)
    assert len(asked) == 1
