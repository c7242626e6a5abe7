"""A contact's page: where each field has its value from, the card's offers, history, unlinking, deleting."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from directory.values import Origin
from tests.e2e.conftest import asks

pytestmark = pytest.mark.e2e


@pytest.fixture
def owner(visit):
    """Edits the card of a company, as its admin, through the API with the session of the pages."""

    def edit(company, **fields):
        visitor = visit().signs_in(company, then="/card")
        for name, value in fields.items():
            visitor.page.locator(f"#{name}").fill(value)
        visitor.saves()
        expect(visitor.page.locator("#saved")).to_contain_text("The card was saved")

    return edit


def api_path(address):
    return re.sub(r"^.*(?=/contacts)", "/v1", address)


def line(visitor, field):
    return visitor.page.locator(f"#details [data-field={field}]")


def opened(visitor, text, name):
    """A new contact of this company, on its own page."""
    visitor.picks(text, name)
    visitor.saves_and_sees_the_list().get_by_role("link").click()
    expect(visitor.page.locator("#contact")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_field_is_edited_and_the_cards_newer_value_is_offered_kept_away_or_used(visit, owner, language):
    company, text = ("Quebecor Inc.", "quebecor") if language == "en" else ("Stingray Group Inc.", "stingray")
    visitor = visit(language).signs_in("Shopify Inc." if language == "en" else "Kinaxis Inc.")
    say = visitor.say
    opened(visitor, text, company)
    expect(line(visitor, "email")).to_contain_text(say("from the company’s card"))

    visitor.expects_refusal(api_path(visitor.page.url))
    line(visitor, "email").get_by_role("button", name=say("Edit")).click()
    field = line(visitor, "email").get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill("not an address")
    field.press("Enter")
    expect(line(visitor, "email").locator(".field-error")).to_have_text(say("Not an e-mail address."))
    field.fill("ap@mine.example.com")
    field.press("Enter")
    expect(line(visitor, "email")).to_contain_text(say("your own value"))
    expect(line(visitor, "email")).to_contain_text("ap@mine.example.com")
    expect(line(visitor, "email")).to_contain_text(say("The company’s card says:"))
    expect(line(visitor, "email").locator("[data-edit]")).to_be_focused()

    owner(company, email=f"one@{text}.example.com")
    visitor.page.reload()
    offer = line(visitor, "email").locator(".offer-newer")
    expect(offer).to_contain_text(f"one@{text}.example.com")
    visitor.shoots("contact-offer")
    offer.get_by_role("button", name=say("{field}: keep your own value").format(field=say("E-mail"))).click()
    expect(visitor.page.locator("#saved")).to_have_text(
        say("{field}: your own value stays.").format(field=say("E-mail"))
    )
    expect(offer).to_have_count(0)
    expect(line(visitor, "email")).to_contain_text("ap@mine.example.com")

    use = say("{field}: use what the card says").format(field=say("E-mail"))
    line(visitor, "email").get_by_role("button", name=use).press("Enter")
    expect(line(visitor, "email").locator(".field-value")).to_have_text(f"one@{text}.example.com")
    expect(line(visitor, "email").locator(".offer")).to_have_count(0)

    entries = visitor.page.locator("#entries .entry")
    expect(entries.first).to_contain_text(say("follows the company’s card again"))
    mine = entries.filter(has_text="ap@mine.example.com").first
    mine.get_by_role("button").press("Enter")
    expect(line(visitor, "email").locator(".field-value")).to_have_text("ap@mine.example.com")
    expect(entries.first).to_contain_text(say("taken back"))
    edges = [visitor.page.locator(f"{part}").bounding_box()["x"] for part in ("#contact", "#entries")]
    assert edges[0] == edges[1], "the history stands under the contact"
    visitor.page.locator("#history").scroll_into_view_if_needed()
    visitor.shoots("contact-history")


def test_unlinking_and_deleting_ask_first_and_unlinking_keeps_the_details(visit):
    visitor = visit().signs_in("Shopify Inc.")
    page = visitor.page
    opened(visitor, "bitf", "Bitfarms Ltd.")
    email = line(visitor, "email").locator(".field-value").inner_text()
    unlink = page.get_by_role("dialog", name="Unlink this contact from the network?")
    for answer in ("Cancel", "Unlink"):
        expect(page.locator("#badge")).to_have_text("Linked")
        page.get_by_role("button", name="Unlink from the network").press("Enter")
        visitor.shoots("contact-unlink")
        unlink.get_by_role("button", name=answer).press("Enter")
    expect(page.get_by_role("status")).to_have_text("Unlinked. The details stay as they were.")
    expect(page.locator("#badge")).to_have_text("Local")
    expect(line(visitor, "email").locator(".field-value")).to_have_text(email)
    expect(page.get_by_role("button", name="Unlink from the network")).to_be_hidden()

    page.get_by_role("button", name="Delete this contact").press("Enter")
    dialog = page.get_by_role("dialog", name="Delete this contact?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    visitor.shoots("contact-delete")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Delete this contact")).to_be_focused()
    address = page.url
    page.get_by_role("button", name="Delete this contact").press("Enter")
    dialog.get_by_role("button", name="Delete", exact=True).press("Enter")
    page.wait_for_url("**/customers")
    visitor.expects_refusal(api_path(address))
    page.goto(address)
    expect(page.locator("#page-alert")).to_be_visible()


def test_the_rest_of_a_history_is_shown_once_however_often_it_is_asked_for_and_what_fails_is_said(visit):
    visitor = visit().signs_in("Shopify Inc.")
    contact = asks(visitor.page, "POST", "/v1/contacts", {"relation": "customer", "name": "zzyzx past"})["id"]
    cities = [f"City {n}" for n in range(24)]
    for city in cities:
        asks(visitor.page, "PATCH", f"/v1/contacts/{contact}", {"city": city})
    visitor.opens(f"/contacts/{contact}")
    visitor.expects_refusal(f"/v1/contacts/{contact}/history")
    more, rest = visitor.page.get_by_role("button", name="Show more"), "**/history?*after=*"
    visitor.page.route(rest, lambda route: route.abort())
    more.click()
    expect(visitor.page.locator("#page-alert")).to_contain_text("The service could not be reached.")
    visitor.page.unroute(rest)
    held = []

    def hold(route):
        held.append(route)
        if len(held) == 2:
            for one in held:
                one.continue_()

    visitor.page.route(rest, hold)
    more.click()
    more.click()
    expect(more).to_be_hidden()
    expect(visitor.page.locator("#page-alert")).to_be_hidden()
    shown = visitor.page.locator("#entries .entry").filter(has_text="City").locator(".entry-value")
    expect(shown).to_have_text([*reversed(cities)])


def test_a_contact_is_shown_and_saved_where_its_history_does_not_come(visit):
    visitor = visit().signs_in("Shopify Inc.")
    contact = asks(visitor.page, "POST", "/v1/contacts", {"relation": "customer", "name": "zzyzx no past"})["id"]
    visitor.expects_refusal(f"/v1/contacts/{contact}/history")
    visitor.page.route("**/history?*", lambda route: route.abort())
    visitor.opens(f"/contacts/{contact}")
    expect(visitor.page.locator("#page-alert")).to_contain_text("The service could not be reached.")
    expect(line(visitor, "name").get_by_text("zzyzx no past")).to_be_visible()
    line(visitor, "city").get_by_role("button").click()
    line(visitor, "city").get_by_role("textbox").fill("Rimouski")
    line(visitor, "city").get_by_role("textbox").press("Enter")
    expect(visitor.page.locator("#saved")).to_have_text("City: saved.")
    expect(line(visitor, "city").get_by_text("Rimouski")).to_be_visible()


def test_there_are_words_for_every_place_that_a_value_comes_from(visit):
    visitor = visit("fr").signs_in("Kinaxis Inc.")
    opened(visitor, "bitf", "Bitfarms Ltd.")
    strings = json.loads(visitor.page.locator("#strings").text_content())
    assert [origin for origin in Origin if not strings.get(f"origin_{origin}")] == []


def test_the_country_is_chosen_from_a_list(visit):
    visitor = visit().signs_in("Lightspeed POS Inc.")
    opened(visitor, "bitf", "Bitfarms Ltd.")
    line(visitor, "country").get_by_role("button", name="Edit").click()
    line(visitor, "country").get_by_role("combobox").select_option(label="France")
    line(visitor, "country").get_by_role("button", name="Save").click()
    expect(line(visitor, "country").locator(".field-value")).to_have_text("France")


def test_escape_leaves_a_field_as_it_was(visit):
    visitor = visit().signs_in("Lightspeed POS Inc.")
    opened(visitor, "bitf", "Bitfarms Ltd.")
    line(visitor, "city").get_by_role("button", name="Edit").press("Enter")
    line(visitor, "city").get_by_role("textbox").fill("Laval")
    visitor.page.keyboard.press("Escape")
    expect(line(visitor, "city").locator(".field-value")).to_have_text("Toronto")
    expect(line(visitor, "city").locator("[data-edit]")).to_be_focused()


SPEAKS_WHILE_BUSY = """() => {
  const said = [];
  const panel = document.getElementById("duplicates");
  const noted = () => !panel.hidden && panel.closest("[aria-busy=true]") && said.push(panel.textContent);
  new MutationObserver(noted).observe(panel, { attributes: true });
  return said;
}"""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_likely_duplicate_is_said_before_saving_and_saving_again_goes_on(visit, language):
    visitor = visit(language).signs_in("Metro Links Inc.", then="/vendors/new")
    page, say = visitor.page, visitor.say
    visitor.name.fill(f"Zzyzx double {language}")
    visitor.saves_and_sees_the_list()
    visitor.opens("/vendors/new")
    visitor.name.fill(f"ZZYZX DOUBLE {language} inc.")
    there_already = page.locator("[role=status]:has(#duplicates)").element_handle()
    spoke_while_busy = page.evaluate_handle(SPEAKS_WHILE_BUSY)
    visitor.saves()
    said = page.get_by_role("status").filter(has_text=say("You already have this in your vendors:"))
    expect(said).to_be_visible()
    assert there_already.is_visible()
    assert spoke_while_busy.evaluate("said => said.length") == 0
    expect(said).to_contain_text(say("the same name"))
    expect(said.get_by_role("link", name=f"Zzyzx double {language}")).to_be_visible()
    with visitor.context.expect_page() as tab:
        said.get_by_role("link", name=say("opens in a new tab")).press("Enter")
    expect(tab.value.get_by_role("heading", level=1)).to_have_text(f"Zzyzx double {language}")
    tab.value.close()
    assert page.url.endswith("/vendors/new")
    assert visitor.value("name") == f"ZZYZX DOUBLE {language} inc."
    visitor.shoots("duplicate")
    visitor.saves()
    expect(page.locator(".row-new")).to_contain_text(f"ZZYZX DOUBLE {language} inc.")


def test_enter_pressed_twice_at_once_does_not_pass_over_a_likely_duplicate(visit):
    visitor = visit()
    page, sent = visitor.page, []
    page.clock.install()
    visitor.signs_in("Metro Links Inc.", then="/customers/new")
    asks(page, "POST", "/v1/contacts", {"relation": "customer", "name": "Zzyzx in haste"})
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    visitor.name.fill("Zzyzx in haste")
    expect(page.locator("#name-status")).to_contain_text("No company found")
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    visitor.name.press("Enter")
    expect(page.locator("#duplicates")).to_be_visible()
    visitor.name.press("Enter")
    expect(page.locator("#contact-form")).to_have_attribute("aria-busy", "false")
    assert [url for url in sent if url.endswith("/v1/contacts")] == []
    page.clock.run_for(1_000)
    visitor.saves()
    expect(page.locator(".row-new")).to_contain_text("Zzyzx in haste")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_phone_the_buttons_that_edit_stand_below_each_other_and_beside_what_they_edit(visit, language):
    visitor = visit(language, viewport={"width": 375, "height": 740}).signs_in("Kinaxis Inc.")
    opened(visitor, "bitf", "Bitfarms Ltd.")
    lines = visitor.page.locator("#details [data-field]").all()
    buttons = [line.locator("[data-edit]").bounding_box() for line in lines]
    values = [line.locator(".field-value").bounding_box() for line in lines]
    assert {round(button["x"]) for button in buttons} == {round(buttons[0]["x"])}
    for button, value in zip(buttons, values, strict=True):
        assert value["y"] < button["y"] + button["height"]
        assert button["y"] < value["y"] + value["height"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_a_contact_fits_a_small_phone(visit, language):
    visitor = visit(language, viewport={"width": 360, "height": 740}, color_scheme="dark").signs_in("Kinaxis Inc.")
    opened(visitor, "bitf", "Bitfarms Ltd.")
    line(visitor, "email").get_by_role("button", name=visitor.say("Edit")).click()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
    visitor.shoots("contact-phone")


def test_what_is_typed_in_one_field_stays_while_another_is_saved(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    opened(visitor, "bitf", "Bitfarms Ltd.")
    for field, value in (("street", "9 Example Street"), ("city", "Laval")):
        line(visitor, field).get_by_role("button", name="Edit").click()
        line(visitor, field).get_by_role("textbox").fill(value)
    waiting = []
    visitor.page.route(f"**{api_path(visitor.page.url)}", lambda route: waiting.append(route))  # noqa: PLW0108 - marks it
    with visitor.page.expect_request(f"**{api_path(visitor.page.url)}"):
        line(visitor, "city").get_by_role("textbox").press("Enter")
    line(visitor, "street").get_by_role("textbox").focus()
    waiting.pop().continue_()
    visitor.page.unroute(f"**{api_path(visitor.page.url)}")
    expect(line(visitor, "city").locator(".field-value")).to_have_text("Laval")
    expect(line(visitor, "street").get_by_role("textbox")).to_be_focused()
    expect(line(visitor, "street").get_by_role("textbox")).to_have_value("9 Example Street")
    line(visitor, "street").get_by_role("textbox").press("Enter")
    expect(line(visitor, "street").locator(".field-value")).to_have_text("9 Example Street")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_contact_is_found_in_its_list_by_how_its_name_begins(visit, language):
    visitor = visit(language).signs_in("Metro Links Inc." if language == "en" else "Mene Inc.")
    for text, name in (("bitf", "Bitfarms Ltd."), ("dollarama", "Dollarama Inc.")):
        visitor.opens("/vendors/new")
        visitor.picks(text, name)
        visitor.saves_and_sees_the_list()
    search = visitor.page.get_by_role("searchbox", name=visitor.say("How a word of the vendor’s name begins"))
    search.fill("bitf")
    expect(visitor.page.locator(".contact")).to_have_text([re.compile("Bitfarms Ltd.")])
    search.fill("dolla")
    expect(visitor.page.locator(".contact")).to_have_text([re.compile("Dollarama Inc.")])
    visitor.page.get_by_role("link", name="Dollarama Inc.").click()
    expect(visitor.page.locator("#contact")).to_have_attribute("aria-busy", "false")
    visitor.page.go_back()
    expect(search).to_have_value("dolla")
    expect(visitor.page.locator(".contact")).to_have_text([re.compile("Dollarama Inc.")])
    search.fill("nobody")
    expect(visitor.page.locator("#empty p:visible")).to_have_text(
        [visitor.say("No vendor’s name has a word that begins so.")]
    )
    visitor.shoots("list-nobody")
    search.fill("")
    expect(visitor.page.locator(".contact").nth(1)).to_be_visible()
    visitor.shoots("list-search")


def test_an_address_that_a_company_published_is_written_to_and_nobody_else_whatever_is_in_it(visit, owner):
    visitor = visit().signs_in("Transat A.T. Inc.")
    opened(visitor, "lassonde ind", "Lassonde Industries Inc.")
    for email, link in (
        ("ap+québec@lassonde.example.com", "mailto:ap%2Bqu%C3%A9bec@lassonde.example.com"),
        (
            "ap%40x.example?bcc=y%40z.example&x=@x.example",
            "mailto:ap%2540x.example%3Fbcc%3Dy%2540z.example%26x%3D@x.example",
        ),
    ):
        owner("Lassonde Industries Inc.", email=email)
        visitor.page.reload()
        shown = line(visitor, "email").get_by_role("link")
        expect(shown).to_have_text(email)
        expect(shown).to_have_attribute("href", link)
