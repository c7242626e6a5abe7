"""The switch, seen from both sides."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def turns(visitor, state):
    """Press the switch and wait until it stands at `state`."""
    control = visitor.page.get_by_role("switch")
    expect(control).to_be_enabled()
    control.click()
    expect(control).to_have_attribute("aria-checked", "true" if state == "on" else "false")


@pytest.mark.parametrize(("language", "company", "text"), [("en", "BRP Inc.", "brp"), ("fr", "EXFO Inc.", "exfo")])
def test_a_second_tab_sees_the_company_vanish_after_its_owner_turns_visibility_off(visit, language, company, text):
    owner = visit(language).signs_in(company, then="/visibility")
    other = visit(language).signs_in("Dollarama Inc.")
    assert company in other.looks_up(text)
    turns(owner, "off")
    expect(owner.page.locator("#receipt time")).to_be_visible()
    expect(owner.page.locator("#receipt")).to_contain_text("nobody finds" if language == "en" else "personne ne trouve")
    owner.shoots("visibility-off")
    assert company not in other.looks_up(text)
    turns(owner, "on")
    owner.shoots("visibility-on")
    other.finds(text, company)


def test_a_company_that_hides_between_the_suggestion_and_the_pick_is_said_to_be_gone(visit):
    owner = visit().signs_in("CAE Inc.", then="/visibility")
    other = visit().signs_in("Dollarama Inc.")
    other.expects_refusal("/v1/reveals")
    assert "CAE Inc." in other.looks_up("cae")
    turns(owner, "off")
    other.options.filter(has_text="CAE Inc.").first.click()
    gone = "This company is no longer available. What you typed is still here."
    expect(other.page.locator("#name-note")).to_have_text(gone)
    expect(other.page.locator("#name-status")).to_have_text(gone)
    assert other.value("name") == "cae"
    assert other.value("email") == ""
    turns(owner, "on")


def test_a_company_that_hides_between_the_pick_and_saving_is_taken_back_and_the_form_is_saved_by_hand(visit):
    owner = visit().signs_in("CAE Inc.", then="/visibility")
    other = visit().signs_in("Dollarama Inc.")
    for path in ("/v1/contacts", "/v1/contacts/duplicates"):
        other.expects_refusal(path)
    other.page.locator("#phone").fill("514 555-0100")
    other.picks("cae", "CAE Inc.")
    turns(owner, "off")
    other.saves()
    gone = "This company is no longer available. What you typed is still here."
    expect(other.page.locator("main form [role=alert]")).to_have_text(gone)
    expect(other.page.locator("#picked")).to_be_hidden()
    assert [other.value(field) for field in ("name", "email", "phone")] == ["cae", "", "514 555-0100"]
    expect(other.saves_and_sees_the_list().locator(".badge")).to_have_text("Local")
    turns(owner, "on")


def test_a_linked_contact_says_that_its_company_shares_no_more_updates(visit):
    owner = visit().signs_in("Mogo Inc.", then="/visibility")
    other = visit().signs_in("BlackBerry Limited")
    other.picks("mogo", "Mogo Inc.")
    badge = other.saves_and_sees_the_list().locator(".badge")
    expect(badge).to_have_text("Linked")
    turns(owner, "off")
    other.page.reload()
    expect(other.page.locator(".contact .badge")).to_have_text("Linked, no longer updated")
    other.page.get_by_role("link", name="Mogo Inc.").click()
    expect(other.page.locator("[data-field=email]")).to_contain_text("@")
    turns(owner, "on")


def test_a_standard_user_sees_the_switch_but_cannot_move_it(visit):
    visitor = visit().signs_in("Adya Inc.", "standard_user", "/visibility")
    expect(visitor.page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    expect(visitor.page.get_by_role("switch")).to_be_disabled()
    expect(visitor.page.get_by_text("Only a primary admin or a company admin may change it.")).to_be_visible()


def test_the_switch_stays_where_it_is_when_the_service_cannot_answer(visit):
    visitor = visit().signs_in("Adya Inc.", then="/visibility")
    visitor.expects_refusal("/v1/company/visibility")
    expect(visitor.page.get_by_role("switch")).to_be_enabled()
    visitor.page.route("**/v1/company/visibility", lambda route: route.abort())
    visitor.page.get_by_role("switch").press("Space")
    expect(visitor.page.get_by_role("alert")).to_contain_text("The service could not be reached.")
    expect(visitor.page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
