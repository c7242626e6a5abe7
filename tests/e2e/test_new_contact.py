"""From the first letter typed to the contact in the list."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

LISTS = {"/customers/new": "/customers", "/vendors/new": "/vendors"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ["/customers/new", "/vendors/new"])
def test_typing_arrow_down_and_enter_fill_the_form_and_saving_lists_the_contact(visit, form, language):
    visitor = visit(language).signs_in("Shopify Inc.", then=form)
    page = visitor.page
    visitor.types("bitf")
    expect(visitor.options.first).to_contain_text("Bitfarms Ltd.")
    visitor.name.press("ArrowDown")
    expect(visitor.active).to_have_count(1)
    visitor.shoots(f"suggestions{form.replace('/', '-')}")
    visitor.name.press("Enter")

    expect(page.locator("#picked")).to_be_visible()
    links = "Filled from the card of {name}: once it is saved, the contact follows this company."
    expect(page.locator("#picked")).to_contain_text(visitor.say(links).format(name="Bitfarms Ltd."))
    expect(page.locator("#picked")).to_contain_text("not verified" if language == "en" else "non vérifié")
    assert visitor.value("name") == "Bitfarms Ltd."
    assert visitor.value("email") == "info@bitfarms.example.com"
    assert visitor.value("city") == "Toronto"
    assert visitor.value("country") == "CA"
    visitor.shoots(f"filled{form.replace('/', '-')}")

    row = visitor.saves_and_sees_the_list()
    assert page.url.endswith(LISTS[form]), "the address says no more that it was just saved"
    expect(row).to_contain_text("Bitfarms Ltd.")
    expect(row.locator(".badge")).to_have_text(visitor.say("Linked"))
    expect(page.get_by_role("status")).to_contain_text("Bitfarms Ltd.")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    visitor.shoots(f"list{LISTS[form].replace('/', '-')}")

    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitfarms Ltd.")
    expect(page.locator("#state")).to_have_text(visitor.say("Follows the company’s latest card."))
    expect(page.locator("[data-field=email]")).to_contain_text("info@bitfarms.example.com")
    visitor.shoots("contact")


def test_a_contact_can_be_added_with_the_keyboard_alone(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    keyboard = visitor.page.keyboard
    visitor.page.locator("body").press("Tab")
    expect(visitor.page.get_by_role("link", name="Skip to content")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(visitor.name).to_be_focused()
    keyboard.type("dollarama")
    keyboard.press("ArrowDown")
    expect(visitor.active).to_contain_text("Dollarama Inc.")
    keyboard.press("Enter")
    expect(visitor.page.locator("#picked")).to_be_visible()
    expect(visitor.name).to_be_focused()
    for _ in range(10):  # undo, and the nine fields after the name but the last
        keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name="Save customer")).to_be_focused()
    keyboard.press("Enter")
    expect(visitor.page.locator(".row-new")).to_contain_text("Dollarama Inc.")


def test_a_company_can_be_picked_by_touch(visit):
    visitor = visit(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}).signs_in("Kinaxis Inc.")
    visitor.looks_up("bitf")
    visitor.shoots("phone")
    visitor.options.first.tap()
    expect(visitor.page.locator("#picked")).to_be_visible()
    assert visitor.value("name") == "Bitfarms Ltd."


@pytest.mark.parametrize(("width", "size"), [(320, "200%"), (360, "150%"), (1100, "100%")])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_suggestions_stand_below_what_is_typed_however_large_the_letters_are(visit, language, width, size):
    visitor = visit(language, viewport={"width": width, "height": 740}).signs_in("Kinaxis Inc.")
    visitor.page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    visitor.looks_up("bitf")
    visitor.page.locator("#name-popup").scroll_into_view_if_needed()
    typed, popup = visitor.name.bounding_box(), visitor.page.locator("#name-popup").bounding_box()
    assert 0 <= popup["y"] - (typed["y"] + typed["height"]) <= 10
    assert (popup["x"], popup["width"]) == (typed["x"], typed["width"])
    visitor.shoots(f"large-letters-{width}")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_suggestions_and_what_is_typed_fit_a_small_window_of_large_letters_together(visit, language):
    visitor = visit(language, viewport={"width": 320, "height": 568}).signs_in("Kinaxis Inc.")
    visitor.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    visitor.looks_up("bou")
    typed, popup = visitor.name.bounding_box(), visitor.page.locator("#name-popup").bounding_box()
    foot = visitor.page.locator("#name-foot").bounding_box()
    assert popup["y"] + popup["height"] - typed["y"] <= 568
    assert foot["y"] + foot["height"] <= popup["y"] + popup["height"]
    visitor.name.evaluate("field => field.scrollIntoView({ block: 'start' })")
    visitor.shoots("large-letters-small-window")


def test_a_company_that_the_network_lacks_is_filled_in_by_hand(visit):
    visitor = visit().signs_in("Cascades Inc.")
    assert visitor.looks_up("zzyzx qwpl") == []
    expect(visitor.page.locator("#name-status")).to_have_text("No company found: you can fill in the form by hand.")
    visitor.page.get_by_label("E-mail for customers").fill("hello@zzyzx.example.com")
    row = visitor.saves_and_sees_the_list()
    expect(row).to_contain_text("zzyzx qwpl")
    expect(row.locator(".badge")).to_have_text("Local")


def test_undo_brings_back_what_was_typed_before_the_pick(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.page.get_by_label("Phone").fill("514 555-0111")
    visitor.picks("bitf", "Bitfarms Ltd.")
    assert visitor.value("phone") != "514 555-0111"
    visitor.page.get_by_role("button", name="Not this one? Undo").click()
    expect(visitor.page.locator("#picked")).to_be_hidden()
    assert visitor.value("name") == "bitf"
    assert visitor.value("phone") == "514 555-0111"
    assert visitor.value("email") == ""
    assert visitor.value("country") == "CA"
    expect(visitor.name).to_be_focused()


def test_which_company_a_contact_will_follow_is_said_whatever_name_is_typed_over_it(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.picks("bitf", "Bitfarms Ltd.")
    visitor.name.fill("zzyzx by another name")
    expect(visitor.page.locator("#picked")).to_contain_text("Bitfarms Ltd.")
    expect(visitor.page.locator("#name-own")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_empties_the_name_of_a_company_that_was_picked_has_not_picked_it(visit, language):
    visitor = visit(language).signs_in("Kinaxis Inc.")
    visitor.page.locator("#phone").fill("514 555-0111")
    visitor.picks("bitf", "Bitfarms Ltd.")
    visitor.page.locator("#street").fill("9 Example Street")
    visitor.name.fill("")
    expect(visitor.page.locator("#picked")).to_be_hidden()
    for place in ("#name-note", "#name-status"):
        expect(visitor.page.locator(place)).to_have_text(visitor.say("What you typed is back."))
    assert [visitor.value(field) for field in ("name", "email", "city")] == ["", "", ""]
    assert (visitor.value("phone"), visitor.value("street")) == ("514 555-0111", "9 Example Street")
    visitor.name.fill(f"Plomberie Inconnue {language}")
    visitor.name.press("Escape")
    row = visitor.saves_and_sees_the_list()
    expect(row).to_contain_text(f"Plomberie Inconnue {language}")
    expect(row.locator(".badge")).to_have_text(visitor.say("Local"))
    expect(row).not_to_contain_text("bitfarms")


def test_undo_keeps_what_was_typed_after_the_pick(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.picks("bitf", "Bitfarms Ltd.")
    visitor.page.locator("#street").fill("9 Example Street")
    visitor.page.get_by_role("button", name="Not this one? Undo").click()
    assert (visitor.value("name"), visitor.value("street"), visitor.value("email")) == ("bitf", "9 Example Street", "")


def test_while_the_card_that_was_picked_is_on_its_way_half_a_name_is_not_saved(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    waiting, sent = [], []
    visitor.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    visitor.page.route("**/v1/reveals", lambda route: waiting.append(route))  # noqa: PLW0108 - it marks its handler
    visitor.finds("bitf", "Bitfarms Ltd.")
    visitor.name.press("ArrowDown")
    with visitor.page.expect_request("**/v1/reveals"):
        visitor.name.press("Enter")
    visitor.name.press("Enter")
    visitor.saves()
    on_its_way = "The card of the company that you picked is on its way: save when it is here."
    expect(visitor.page.locator("#name-note")).to_have_text(on_its_way)
    expect(visitor.page.locator("#name-status")).to_have_text(on_its_way)
    waiting.pop().continue_()
    expect(visitor.page.locator("#picked")).to_be_visible()
    assert [url for url in sent if url.endswith("/v1/contacts")] == []
    expect(visitor.saves_and_sees_the_list()).to_contain_text("Bitfarms Ltd.")


def test_that_the_card_of_the_company_that_was_picked_is_on_its_way_is_said_after_a_moment(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    waiting = []
    visitor.page.route("**/v1/reveals", lambda route: waiting.append(route))  # noqa: PLW0108 - it marks its handler
    visitor.finds("bitf", "Bitfarms Ltd.")
    visitor.options.first.click()
    expect(visitor.name).to_have_attribute("aria-busy", "true")
    on_its_way = "The card of the company that you picked is on its way: save when it is here."
    expect(visitor.page.locator("#name-note")).to_have_text(on_its_way)
    expect(visitor.page.locator("#name-status")).to_have_text(on_its_way)
    waiting.pop().continue_()
    expect(visitor.page.locator("#picked")).to_be_visible()
    expect(visitor.page.locator("#name-note")).not_to_have_text(on_its_way)
    expect(visitor.page.locator("#name-status")).to_contain_text("The form was filled from the card of Bitfarms Ltd.")
    expect(visitor.name).not_to_have_attribute("aria-busy", "true")


def test_who_types_on_before_the_card_that_was_picked_is_there_waits_for_it_no_more(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.page.route("**/v1/reveals", lambda route: None)
    visitor.finds("bitf", "Bitfarms Ltd.")
    visitor.options.first.click()
    expect(visitor.page.locator("#name-note")).to_contain_text("is on its way")
    visitor.types("arms")
    expect(visitor.name).not_to_have_attribute("aria-busy", "true")
    expect(visitor.page.locator("#name-note")).to_have_text("Type the name: companies of the network appear.")
    expect(visitor.page.locator("#name-status")).not_to_contain_text("is on its way")


HURRIES = """AbortSignal.timeout = ((timeout) => (ms) => timeout.call(AbortSignal, ms / 50))(AbortSignal.timeout)"""


def test_a_card_that_does_not_come_is_given_up_and_the_form_is_saved_as_it_is(visit):
    visitor = visit()
    visitor.page.add_init_script(HURRIES)
    visitor.signs_in("Kinaxis Inc.")
    visitor.page.route("**/v1/reveals", lambda route: None)
    visitor.finds("bitf", "Bitfarms Ltd.")
    visitor.name.press("ArrowDown")
    visitor.name.press("Enter")
    said = "The service could not be reached. What you typed is still here: try again in a moment."
    expect(visitor.page.locator("#name-note")).to_have_text(said)
    expect(visitor.page.locator("#name-status")).to_have_text(said)
    visitor.name.fill("zzyzx without a card")
    expect(visitor.saves_and_sees_the_list()).to_contain_text("zzyzx without a card")


def test_who_saves_over_a_line_that_hangs_is_told_and_saves_again(visit):
    visitor = visit()
    visitor.page.add_init_script(HURRIES)
    visitor.signs_in("Kinaxis Inc.")
    visitor.page.route("**/v1/contacts", lambda route: None)
    visitor.name.fill("zzyzx hanging")
    visitor.saves()
    expect(visitor.page.locator("main form [role=alert]")).to_contain_text("The service could not be reached.")
    expect(visitor.page.locator("#contact-form")).to_have_attribute("aria-busy", "false")


def test_enter_held_down_picks_and_does_not_save(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.finds("bitf", "Bitfarms Ltd.")
    visitor.name.press("ArrowDown")
    visitor.page.keyboard.down("Enter")
    expect(visitor.page.locator("#picked")).to_be_visible()
    visitor.page.keyboard.down("Enter")  # again without an up: it repeats
    visitor.page.keyboard.up("Enter")
    expect(visitor.page.locator("#contact-form")).not_to_have_attribute("aria-busy", "true")
    assert visitor.page.url.endswith("/customers/new")


def test_a_list_that_stands_open_for_long_is_asked_for_again_so_that_its_suggestions_are_good(visit):
    visitor = visit()
    visitor.page.clock.install()
    visitor.signs_in("Kinaxis Inc.").finds("bitf", "Bitfarms Ltd.")
    with visitor.page.expect_request("**/v1/typeahead*"):
        visitor.page.clock.fast_forward("04:30")
    expect(visitor.options.first).to_contain_text("Bitfarms Ltd.")


def test_who_is_signed_out_is_told_so_and_saves_after_signing_in_in_another_tab(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    for path in ("/v1/typeahead", "/v1/contacts/duplicates", "/v1/contacts"):
        visitor.expects_refusal(path)
    visitor.types("zzyzx out")
    expect(visitor.page.locator("#name-status")).to_contain_text("No company found")
    kept = visitor.context.cookies()
    visitor.context.clear_cookies()
    visitor.saves()
    expect(visitor.page.locator("main form [role=alert]")).to_contain_text("You are signed out.")
    visitor.context.add_cookies(kept)
    tab = visitor.context.new_page()
    tab.goto("/sign-in?" + urlencode({"q": "Kinaxis Inc.", "role": "primary_admin", "next": "/customers"}))
    tab.locator(".company").get_by_role("button").first.click()
    tab.wait_for_url("**/customers")
    expect(visitor.saves_and_sees_the_list()).to_contain_text("zzyzx out")


def test_picking_another_company_leaves_nothing_of_the_first(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.picks("bitf", "Bitfarms Ltd.")
    visitor.name.fill("dollarama")  # over the name: one that is emptied takes the pick back by itself
    visitor.options.filter(has=visitor.page.get_by_text("Dollarama Inc.", exact=True)).first.click()
    expect(visitor.name).to_have_value("Dollarama Inc.")
    assert visitor.value("email") == "info@dollarama.example.com"
    assert visitor.page.locator(".field-own:visible").count() == 0
    visitor.page.get_by_role("button", name="Not this one? Undo").click()
    assert visitor.value("name") == "dollarama"
    assert visitor.value("email") == ""


def test_a_value_of_ones_own_is_said_and_kept(visit):
    visitor = visit().signs_in("Saputo Boulangerie".upper())
    visitor.picks("bitf", "Bitfarms Ltd.")
    visitor.page.get_by_label("E-mail for customers").fill("ap@bitfarms.example.com")
    expect(visitor.page.locator("#email-own")).to_have_text("Your own value: it will not follow the company’s card.")
    visitor.saves_and_sees_the_list().get_by_role("link").click()
    email = visitor.page.locator("[data-field=email]")
    expect(email).to_contain_text("ap@bitfarms.example.com")
    expect(email.get_by_text("your own value")).to_be_visible()
    expect(visitor.page.locator("[data-field=phone]").get_by_text("your own value")).to_be_hidden()


def test_what_says_the_same_as_the_card_in_another_spelling_follows_it(visit):
    visitor = visit().signs_in("Loblaw Companies Limited")
    visitor.picks("bitf", "Bitfarms Ltd.")
    phone, site, email = (visitor.value(field) for field in ("phone", "website", "email"))
    for field, text in (
        ("phone", f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"),
        ("website", site.removeprefix("https://").rstrip("/").capitalize()),
        ("email", email.upper()),
    ):
        assert text != visitor.value(field)
        visitor.page.locator(f"#{field}").fill(text)
    expect(visitor.page.locator(".field-own:visible")).to_have_count(0)
    visitor.page.locator("#street").fill("9 Example Street")
    expect(visitor.page.locator(".field-own:visible")).to_have_count(1)
    visitor.saves_and_sees_the_list().get_by_role("link").click()
    expect(visitor.page.locator("[data-field=street]").get_by_text("your own value")).to_be_visible()
    expect(visitor.page.get_by_text("your own value")).to_have_count(1)


@pytest.mark.parametrize("phone", ["555-0111", "", "+33 1 55 50 11 10"])
def test_another_phone_is_ones_own(visit, phone):
    visitor = visit().signs_in("Loblaw Companies Limited")
    visitor.picks("bitf", "Bitfarms Ltd.")
    visitor.page.locator("#phone").fill(phone)
    expect(visitor.page.locator("#phone-own")).to_be_visible()


def test_all_that_is_wrong_is_said_at_once_and_the_first_field_of_the_form_has_the_focus(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.expects_refusal("/v1/contacts")
    visitor.page.locator("#email").fill("not an address")
    visitor.page.locator("#phone").fill("none")
    visitor.saves()
    expect(visitor.page.locator("#name-error")).to_have_text("A name is needed.")
    expect(visitor.page.locator("#email-error")).to_have_text("Not an e-mail address.")
    expect(visitor.page.locator("#phone-error")).to_be_visible()
    expect(visitor.name).to_be_focused()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_the_api_refuses_is_said_beside_the_field_and_nothing_typed_is_lost(visit, language):
    visitor = visit(language).signs_in("Kinaxis Inc.")
    visitor.expects_refusal("/v1/contacts")
    visitor.name.fill("zzyzx qwpl")
    visitor.page.locator("#email").fill("not an address")
    visitor.page.locator("#city").fill("Rimouski")
    visitor.saves()
    expect(visitor.page.locator("#email-error")).to_have_text(visitor.say("Not an e-mail address."))
    expect(visitor.page.locator("#email")).to_have_attribute("aria-invalid", "true")
    expect(visitor.page.locator("#email")).to_be_focused()
    expect(visitor.page.locator("main form [role=alert]")).to_be_visible()
    assert (visitor.value("name"), visitor.value("city")) == ("zzyzx qwpl", "Rimouski")


def test_what_nobody_sees_in_a_text_that_is_pasted_keeps_nobody_from_saving(visit):
    """Spreadsheets bring tabs along, and mail and address books marks that have no width."""
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.name.fill("zzyzx\tpasted")
    visitor.page.locator("#email").fill("\u200bap@pasted.example.com")
    visitor.page.locator("#phone").fill("\u202a514 555-0123\u202c")
    visitor.page.locator("#street").fill("12, rue A\tbureau 3")
    row = visitor.saves_and_sees_the_list()
    expect(row).to_contain_text("zzyzx pasted")
    expect(row).to_contain_text("ap@pasted.example.com")
    row.get_by_role("link").click()
    city = visitor.page.locator("#details [data-field=city]")
    city.get_by_role("button").click()
    city.get_by_role("textbox").fill("\u200bVal-d’Or\tQC")
    city.get_by_role("textbox").press("Enter")
    expect(city.locator(".field-value")).to_have_text("Val-d’Or QC")


def test_a_contact_that_is_sent_twice_is_saved_once(visit):
    """The answer to the first attempt is lost on the way; the person saves again."""
    visitor = visit().signs_in("Metro Links Inc.")
    visitor.expects_refusal("/v1/contacts")

    def lose_the_answer(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visitor.page.route("**/v1/contacts", lose_the_answer)
    visitor.name.fill("zzyzx twice")
    visitor.saves()
    expect(visitor.page.locator("main form [role=alert]")).to_be_visible()
    visitor.page.unroute("**/v1/contacts")
    visitor.saves_and_sees_the_list()
    expect(visitor.page.get_by_role("link", name="zzyzx twice")).to_have_count(1)
