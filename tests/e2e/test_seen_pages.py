"""Who looked at our card, and why people find us or do not."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("language", "company", "text"), [("en", "Kinaxis Inc.", "kinax"), ("fr", "Cascades Inc.", "cascades")]
)
def test_the_owner_sees_who_looked_at_the_card(visit, language, company, text):
    visit(language).signs_in("Dollarama Inc.").picks(text, company)
    owner = visit(language).signs_in(company, then="/card")
    owner.page.get_by_role("link", name=owner.say("Who looked at our card")).click()
    row = owner.page.get_by_role("row").filter(has_text="Dollarama Inc.").first
    expect(row).to_be_visible()
    expect(row.locator("time")).to_be_visible()
    owner.shoots("reveals")


@pytest.mark.parametrize(("language", "company"), [("en", "Kinaxis Inc."), ("fr", "Cascades Inc.")])
def test_the_owner_sees_what_finds_the_company_and_what_stands_before_it(visit, language, company):
    owner = visit(language).signs_in(company, then="/visibility")
    owner.page.get_by_role("link", name=owner.say("Why can’t people find us?")).click()
    expect(owner.page.locator("#state")).to_have_text(owner.say("Other members of your region find your company."))
    first = owner.page.locator("#texts .text-found").first
    expect(first.locator("[data-part=text]")).to_have_text(company)
    expect(first).to_contain_text(owner.say("Found first."))
    expect(owner.page.locator("#card")).to_contain_text(owner.say("No unsolicited commercial messages."))
    owner.shoots("as-others-see-it")


def test_a_text_of_ones_own_is_tried_with_the_keyboard_alone_and_heard(visit):
    owner = visit().signs_in("Metro Inc.", then="/as-others-see-it")
    owner.page.get_by_label("Text", exact=True).focus()
    owner.page.keyboard.type("met")
    owner.page.keyboard.press("Enter")
    result = owner.page.get_by_role("status").locator(".text-found")
    expect(result).to_have_count(1)
    expect(result).to_contain_text("your text")
    before = result.locator("details")
    expect(before).to_have_attribute("open", "")
    expect(before.locator("li").first).to_be_visible()
    owner.shoots("as-others-see-it-own-text")
    owner.page.get_by_label("Text", exact=True).fill("zzzz zzzz")
    owner.page.keyboard.press("Enter")
    expect(result).to_contain_text("Does not fit the company’s names.")


def test_a_text_that_was_tried_is_there_in_the_other_language_and_is_not_asked_for_by_itself(visit):
    owner = visit().signs_in("Metro Inc.", then="/as-others-see-it")
    owner.page.get_by_label("Text", exact=True).fill("met & co")
    owner.page.get_by_label("As somebody in this city (optional)").fill("Laval")
    owner.page.get_by_role("button", name="Look up").click()
    expect(owner.page.get_by_role("status").locator(".text-found")).to_have_count(1)
    asked = []
    owner.page.on("request", lambda request: asked.append(request.url))
    owner.page.get_by_role("link", name="Français").click()
    expect(owner.page.locator("html")).to_have_attribute("lang", "fr-CA")
    expect(owner.page.locator("#standing")).to_have_attribute("aria-busy", "false")
    assert (owner.value("q"), owner.value("city"), owner.value("province")) == ("met & co", "Laval", "")
    assert [url for url in asked if "/v1/" in url and "q=" in url] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_hidden_company_reads_since_when_nobody_finds_it(visit, language):
    owner = visit(language).signs_in("Adya Inc." if language == "en" else "Richelieu Hardware Ltd.", then="/visibility")
    control = owner.page.get_by_role("switch")
    control.click()
    expect(control).to_have_attribute("aria-checked", "false")
    owner.opens("/as-others-see-it")
    expect(owner.page.locator("#state")).to_have_text(owner.say("Nobody finds your company."))
    expect(owner.page.locator("#why-not li")).to_have_count(1)
    owner.shoots("as-others-see-it-hidden")
    owner.opens("/visibility")
    control.click()
    expect(control).to_have_attribute("aria-checked", "true")


def test_a_standard_user_is_told_that_the_ledger_is_for_admins(visit):
    visitor = visit().signs_in("Metro Inc.", "standard_user", "/card")
    expect(visitor.page.get_by_role("link", name="Who looked at our card")).to_have_count(0)
    visitor.expects_refusal("/v1/company/reveals")
    visitor.opens("/reveals")
    expect(visitor.page.get_by_role("alert")).to_have_text("Your role does not allow this.")


@pytest.mark.parametrize("path", ["/v1/typeahead", "/v1/reveals"])
def test_a_limit_that_is_reached_is_said_with_when_to_come_back(visit, path):
    visitor = visit().signs_in("ATCO Ltd.")
    visitor.expects_refusal(path)
    said = "You have looked up as often as a person may. Please go on in 40 seconds."
    refusal = {"status": 429, "code": "too_many_requests", "title": said, "detail": said}
    if path == "/v1/reveals":
        visitor.looks_up("mogo")
    visitor.page.route(f"**{path}*", lambda route: route.fulfill(status=429, json=refusal))
    if path == "/v1/reveals":
        visitor.options.first.click()
    else:
        visitor.types("mogo")
    expect(visitor.page.locator("#name-note")).to_have_text(said)
    expect(visitor.page.locator("#name-status")).to_have_text(said)
