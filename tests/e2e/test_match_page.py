"""An existing list on the pages: pasted or from a file, matched, accepted, linked."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

NAMES = ["bitfarms", "Stingray", "Zzyzx personne", "", "bitfarms"]


def brings(visitor: Any, name: str, kind: str, written: bytes) -> None:
    file: Any = {"name": name, "mimeType": kind, "buffer": written}
    visitor.page.get_by_label("Or a text or CSV file").set_input_files(file)


def choice(visitor: Any, name: str) -> Any:
    return visitor.page.get_by_role("combobox", name=visitor.say("Company for “{name}”").format(name=name))


def section(visitor: Any, heading: str) -> Any:
    return visitor.page.get_by_role("region", name=visitor.say(heading))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pasted_names_are_matched_and_those_accepted_are_linked_with_the_keyboard_alone(
    visit: Any, language: str
) -> None:
    company = {"en": "01 Communique Laboratory Inc.", "fr": "Cogeco Inc."}[language]
    visitor = visit(language).signs_in(company, then="/vendors")
    page, say = visitor.page, visitor.say
    page.get_by_role("link", name=say("Match an existing list")).press("Enter")
    page.wait_for_url("**/vendors/match")
    page.get_by_role("textbox", name=say("Names, one a line")).fill("\n".join(NAMES))
    page.get_by_role("button", name=say("Match"), exact=True).press("Enter")
    status = page.get_by_role("status")
    expect(status).to_have_text(
        say("Surely found: {sure}. Likely: {likely}. Not found: {none}.").format(sure=1, likely=1, none=1)
    )
    expect(status).to_be_focused()
    expect(section(visitor, "Surely found")).to_contain_text("bitfarms")
    expect(section(visitor, "Not found")).to_contain_text("Zzyzx personne")
    expect(choice(visitor, "bitfarms").locator("option:checked")).to_contain_text("Bitfarms Ltd.")
    expect(choice(visitor, "Stingray")).to_have_value("")
    choice(visitor, "Stingray").focus()
    page.keyboard.press("ArrowDown")
    expect(choice(visitor, "Stingray").locator("option:checked")).to_contain_text("Stingray")
    visitor.shoots("match")
    page.get_by_role("button", name=say("Link those chosen ({count})").format(count=2)).press("Enter")
    expect(status).to_have_text(say("Linked: {done} of {count}.").format(done=2, count=2))
    link = section(visitor, "Surely found").get_by_role("link", name=say("Linked"))
    visitor.shoots("match-linked")
    expect(link).to_have_accessible_name(f"{say('Linked')} ({say('opens in a new tab')})")
    with visitor.context.expect_page() as tab:
        link.press("Enter")
    expect(tab.value.locator("#details [data-field=name]")).to_contain_text("Bitfarms Ltd.")

    visitor.opens("/vendors/match")
    page.get_by_role("textbox", name=say("Names, one a line")).fill("bitfarms")
    page.get_by_role("button", name=say("Match"), exact=True).click()
    expect(section(visitor, "Surely found").get_by_role("link", name=say("Linked already"))).to_be_visible()


@pytest.mark.parametrize(
    ("name", "written", "names"),
    [
        ("list.txt", "Héroux\r\nBitfarms\r\n".encode(), "Héroux\nBitfarms\n"),
        (
            "list.csv",
            'Héroux;Longueuil\r\n"Vis, Boulons ""et"" cie";Laval\r\n'.encode("cp1252"),
            'Héroux\nVis, Boulons "et" cie',
        ),
        ("unicode.txt", "Héroux\r\nBitfarms\r\n".encode("utf-16"), "Héroux\nBitfarms\n"),
        ("list.csv", b'Vis, Boulons;Laval\nUnclosed;"x\nLast', "Vis, Boulons\nUnclosed\nLast"),
        ("list.csv", b'Name,Note\n"Two\nlines","a ""b"", c\nd"\n,empty\nLast', "Name\nTwo lines\n\nLast"),
    ],
)
def test_the_names_of_a_file_are_taken_into_the_field_to_be_seen_first(
    visit: Any, name: str, written: bytes, names: str
) -> None:
    visitor = visit().signs_in("Kinaxis Inc.", then="/customers/match")
    brings(visitor, name, "text/csv" if name.endswith("csv") else "text/plain", written)
    field = visitor.page.get_by_role("textbox", name="Names, one a line")
    expect(field).to_be_focused()
    expect(field).to_have_value(names)


def test_of_several_columns_that_are_pasted_from_a_spreadsheet_the_first_is_matched(visit: Any) -> None:
    visitor = visit().signs_in("AXMIN Inc.", then="/customers/match")
    visitor.page.get_by_role("textbox", name="Names, one a line").fill("bitfarms\tToronto\nZzyzx personne\t\n\t\n")
    visitor.page.get_by_role("button", name="Match", exact=True).click()
    expect(visitor.page.locator("#came")).to_have_text("Surely found: 1. Likely: 0. Not found: 1.")
    expect(choice(visitor, "bitfarms").locator("option:checked")).to_contain_text("Bitfarms Ltd.")


def test_a_file_that_is_no_text_is_refused_and_what_was_pasted_stays(visit: Any) -> None:
    visitor = visit().signs_in("Kinaxis Inc.", then="/customers/match")
    field = visitor.page.get_by_role("textbox", name="Names, one a line")
    field.fill("Pasted")
    brings(visitor, "list.xlsx", "", b"PK\x03\x04\x14\x00\x06\x00\x08\x00")
    expect(visitor.page.locator("#match-form [role=alert]")).to_have_text("This file could not be read.")
    expect(field).to_have_value("Pasted")


def test_the_names_of_a_file_come_below_those_that_were_pasted(visit: Any) -> None:
    visitor = visit().signs_in("Kinaxis Inc.", then="/customers/match")
    field = visitor.page.get_by_role("textbox", name="Names, one a line")
    field.fill("Pasted\n")
    brings(visitor, "list.txt", "text/plain", b"Bitfarms")
    expect(field).to_have_value("Pasted\nBitfarms")


def test_no_name_and_too_many_names_are_said_beside_the_field(visit: Any) -> None:
    visitor = visit("fr").signs_in("Kinaxis Inc.", then="/customers/match")
    field = visitor.page.get_by_role("textbox", name=visitor.say("Names, one a line"))
    button = visitor.page.get_by_role("button", name=visitor.say("Match"), exact=True)
    button.click()
    expect(field).to_be_focused()
    expect(visitor.page.locator("#names-error")).to_have_text(visitor.say("Write at least one name."))
    visitor.expects_refusal("/v1/contacts/match")
    # At once, as a file is taken in: typing ten thousand lines takes a browser longer than a test may last.
    field.evaluate("(field, names) => { field.value = names; }", "\n".join(f"Nom {n}" for n in range(10_001)))
    button.click()
    expect(visitor.page.locator("#names-error")).to_have_text(visitor.say("At most 10,000 names."))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_company_that_stands_in_a_list_under_two_spellings_is_chosen_once(visit: Any, language: str) -> None:
    company = {"en": "Cineplex Inc.", "fr": "Cargojet Inc."}[language]  # who know none of these yet
    visitor = visit(language).signs_in(company, then="/vendors/match")
    page, say = visitor.page, visitor.say
    page.get_by_role("textbox", name=say("Names, one a line")).fill("Bitfarms Ltd.\nBITFARMS\nCogeco Inc.")
    page.get_by_role("button", name=say("Match"), exact=True).click()
    link = page.get_by_role("button", name=say("Link those chosen ({count})").format(count=2))
    expect(link).to_be_visible()
    expect(choice(visitor, "Bitfarms Ltd.").locator("option:checked")).to_contain_text("Bitfarms Ltd.")
    chosen = choice(visitor, "BITFARMS").locator("option:checked")
    expect(chosen).to_have_text(say("Do not link: stands above already"))
    choice(visitor, "BITFARMS").select_option(index=1)
    expect(page.get_by_role("button", name=say("Link those chosen ({count})").format(count=3))).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_was_matched_fits_a_small_phone(visit: Any, language: str) -> None:
    visitor = visit(language, viewport={"width": 360, "height": 740}, color_scheme="dark")
    visitor.signs_in("Kinaxis Inc.", then="/customers/match")
    visitor.page.get_by_role("textbox", name=visitor.say("Names, one a line")).fill("\n".join([*NAMES, "x" * 80]))
    visitor.page.get_by_role("button", name=visitor.say("Match"), exact=True).click()
    expect(section(visitor, "Likely")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
    visitor.shoots("phone-match")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_of_a_list_the_name_that_is_too_long_is_quoted_and_nothing_is_lost(visit: Any, language: str) -> None:
    visitor = visit(language).signs_in("Cogeco Inc.", then="/vendors/match")
    visitor.expects_refusal("/v1/contacts/match")
    names = visitor.page.get_by_role("textbox", name=visitor.say("Names, one a line"))
    pasted = "\n".join(["Bitfarms", "", "Bitfarms", "Somebody " * 40, "Stingray"])
    names.fill(pasted)
    visitor.page.get_by_role("button", name=visitor.say("Match"), exact=True).press("Enter")
    expect(names).to_have_accessible_description(re.compile("Somebody Somebody.*… – .*320"))
    expect(names).to_be_focused()
    expect(names).to_have_value(pasted)
