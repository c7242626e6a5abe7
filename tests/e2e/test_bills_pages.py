"""Bills on the pages: the list with its filters, one bill and what may be done with it, what is to be paid by week."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import asks

pytestmark = pytest.mark.e2e


def in_days(days):
    return (datetime.now(UTC).date() + timedelta(days)).isoformat()


def saves(visitor, relation, text, name):
    visitor.opens(f"/{relation}s/new")
    visitor.picks(text, name)
    visitor.saves_and_sees_the_list()
    contacts = asks(visitor.page, "GET", f"/v1/contacts?relation={relation}")["contacts"]
    return next(contact["id"] for contact in contacts if contact["name"] == name)


def invoice(number, price, due_on, **fields):
    line = {"description": "Vis à bois", "quantity": "1", "unit_price": price, "amount": price}
    taxes = {"taxes": [], "net": price, "tax": "0", "total": price}
    return {
        "number": number,
        "issued_on": "2026-01-05",
        "due_on": due_on,
        "currency": "CAD",
        "lines": [line],
        **taxes,
        **fields,
    }


@pytest.fixture
def traders(visit):
    """Makes a seller and a buyer who take each other's invoices, and the function that sends one."""

    def make(language, seller, buyer):
        sells = visit(language).signs_in(seller)
        buys = visit(language).signs_in(buyer)
        customer = saves(sells, "customer", buyer, buyer)
        saves(buys, "vendor", seller, seller)
        return buys, lambda body: asks(sells.page, "POST", "/v1/invoices", {"customer": customer, **body})

    return make


@pytest.mark.parametrize(
    ("language", "seller", "buyer", "amount"),
    [("en", "Aimia Inc.", "Shopify Inc.", "$1,149.75"), ("fr", "EXFO Inc.", "BRP Inc.", "1 149,75 $")],
)
def test_a_bill_is_reviewed_scheduled_and_paid_with_the_legal_moves_only(traders, language, seller, buyer, amount):
    visitor, send = traders(language, seller, buyer)
    taxes = [
        {"name": "TPS", "rate": "5", "base": "1000.00", "amount": "50.00"},
        {"name": "TVQ", "rate": "9.975", "base": "1000.00", "amount": "99.75"},
    ]
    send(invoice("F-1001", "1000.00", in_days(20), taxes=taxes, tax="149.75", total="1149.75", note="Merci\nNet 30"))
    send(invoice("F-1002", "250.00", in_days(-3)))
    send(invoice("F-1002", "250.00", in_days(-3)))
    send(invoice("F-1003", "80.50", in_days(9), currency="USD"))
    visitor.opens("/bills")
    expect(visitor.page.locator(".row.bill")).to_have_count(4)
    expect(visitor.page.locator(".held:visible")).to_have_text([visitor.say("Held: the same invoice came before")])
    expect(visitor.page.locator("figure")).to_have_count(2)
    visitor.shoots("bills")
    row = visitor.page.locator(".row.bill").filter(has_text="F-1001")
    assert re.sub(r"\s", " ", row.locator(".amount").inner_text()) == amount
    row.get_by_role("link").press("Enter")

    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("F-1001")
    buttons = visitor.page.locator("#moves button:visible")
    expect(buttons).to_have_text([visitor.say("Approve"), visitor.say("Reject")])
    visitor.shoots("bill")
    visitor.page.get_by_role("button", name=visitor.say("Approve")).press("Enter")
    expect(visitor.page.locator("#done")).to_have_text(visitor.say("The bill was approved."))
    expect(visitor.page.locator("#done")).to_be_focused()
    expect(buttons).to_have_text([visitor.say(one) for one in ("Schedule", "Note as paid", "Reject")])
    visitor.page.get_by_role("button", name=visitor.say("Schedule")).click()
    expect(visitor.page.locator("#done")).to_have_text(visitor.say("The bill was scheduled."))
    expect(buttons).to_have_text([visitor.say(one) for one in ("Take off the schedule", "Note as paid")])
    dialog = visitor.page.get_by_role("dialog", name=visitor.say("Note this bill as paid?"))
    visitor.page.get_by_role("button", name=visitor.say("Note as paid")).click()
    visitor.shoots("bill-pay")
    dialog.get_by_role("button", name=visitor.say("Cancel")).press("Enter")
    expect(dialog).to_be_hidden()
    expect(visitor.page.locator("[data-part=badge]")).to_have_text(visitor.say("Scheduled"))
    visitor.page.get_by_role("button", name=visitor.say("Note as paid")).click()
    dialog.get_by_role("button", name=visitor.say("Note as paid")).press("Enter")
    expect(visitor.page.locator("#moves")).to_be_hidden()
    expect(visitor.page.locator("#history li")).to_have_count(4)
    visitor.shoots("bill-paid")

    visitor.opens("/bills")
    visitor.page.locator("#state").select_option("paid")
    visitor.page.get_by_role("button", name=visitor.say("Show"), exact=True).click()
    expect(visitor.page.locator(".row.bill")).to_have_count(1)
    visitor.page.locator(".row.bill").get_by_role("link").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("F-1001")
    visitor.page.go_back()
    expect(visitor.page.locator(".row.bill")).to_have_count(1)
    expect(visitor.page.locator("#state")).to_have_value("paid")
    visitor.page.locator("a.language").click()
    expect(visitor.page.locator("html")).not_to_have_attribute("lang", re.compile(f"^{language}"))
    expect(visitor.page.locator("#state")).to_have_value("paid")
    expect(visitor.page.locator(".row.bill")).to_have_count(1)
    visitor.page.locator("a.language").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    visitor.opens("/bills?state=no-such")
    expect(visitor.page.locator(".row.bill")).to_have_count(4)
    expect(visitor.page.locator("#state")).to_have_value("")


@pytest.mark.parametrize(
    ("language", "seller", "buyer"),
    [("en", "Gildan Activewear Inc.", "WSP Global Inc."), ("fr", "Bombardier Inc.", "Cogeco Communications Inc.")],
)
def test_the_sender_sees_what_became_of_its_invoices(traders, visit, language, seller, buyer):
    buys, send = traders(language, seller, buyer)
    bill = send(invoice("E-1", "10.00", in_days(5)))["id"]
    send(invoice("E-2", "1250.00", in_days(-5)))
    asks(buys.page, "POST", f"/v1/bills/{bill}/reject", {"reason": "Not ours"})
    visitor = visit(language).signs_in(seller, then="/invoices")
    rows = visitor.page.locator(".row.bill")
    expect(rows.locator("[data-part=number]")).to_have_text(["E-2", "E-1"])
    late = f"{visitor.say('For review')} · {visitor.say('Overdue')}"
    expect(rows.locator(".badge")).to_have_text([late, visitor.say("Rejected")])
    expect(rows.first).to_contain_text(buyer)
    visitor.shoots("invoices")
    visitor.page.get_by_role("combobox", name=visitor.say("State")).select_option("rejected")
    visitor.page.get_by_role("button", name=visitor.say("Show"), exact=True).press("Enter")
    expect(rows).to_have_count(1)
    visitor.page.reload()
    expect(rows).to_have_count(1)
    expect(visitor.page.get_by_role("combobox", name=visitor.say("State"))).to_have_value("rejected")


@pytest.mark.parametrize(
    ("language", "seller", "buyer", "amounts"),
    [
        ("en", "Cascades Inc.", "Kinaxis Inc.", ["$10.00", "US$10.00"]),
        ("fr", "Cascades Inc.", "Cogeco Inc.", ["10,00 $", "10,00 $ US"]),
    ],
)
def test_a_dollar_of_no_named_country_is_that_of_the_reader(traders, language, seller, buyer, amounts):
    visitor, send = traders(language, seller, buyer)
    send(invoice("U-1", "10.00", in_days(5)))
    send(invoice("U-2", "10.00", in_days(6), currency="USD"))
    visitor.opens("/bills")
    shown = [re.sub(r"\s", " ", amount) for amount in visitor.page.locator(".row.bill .amount").all_inner_texts()]
    assert shown == amounts


def test_on_paper_a_bill_is_dark_on_light_and_whole_without_what_can_only_be_clicked(traders):
    visitor, send = traders("en", "Kinaxis Inc.", "Mogo Inc.")
    bill = send(invoice("P-1", "10.00", in_days(5)))["id"]
    visitor.opens(f"/bills/{bill}")
    page = visitor.page
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    for part in ("Kinaxis Inc.", "P-1", "Vis à bois", "Received from the vendor"):
        expect(page.locator("main").get_by_text(part).first).to_be_visible()
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_day_that_no_bill_may_have_is_said_beside_its_field_and_asked_of_nobody(traders):
    visitor, send = traders("en", "Kinaxis Inc.", "Mogo Inc.")
    bill = send(invoice("D-1", "10.00", in_days(5)))["id"]
    visitor.opens("/bills")
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.locator("#due_before").fill("0202-01-01")
    visitor.page.get_by_role("button", name="Show", exact=True).click()
    assert visitor.page.locator("#due_before:invalid:focus").count() == 1
    visitor.opens(f"/bills/{bill}")
    visitor.page.get_by_role("button", name="Approve").click()
    expect(visitor.page.locator("#done")).to_have_text("The bill was approved.")
    asked.clear()
    for field, button in (("schedule-on", "Schedule"), ("pay-on", "Note as paid")):
        visitor.page.locator(f"#{field}").fill("20260-01-01")
        visitor.page.get_by_role("button", name=button).click()
        assert visitor.page.locator(f"#{field}:invalid:focus").count() == 1
    assert asked == []


def test_a_held_bill_says_why_shows_the_earlier_one_and_is_released_before_it_is_approved(traders):
    visitor, send = traders("en", "Kinaxis Inc.", "Lightspeed POS Inc.")
    send(invoice("K-1", "10.00", in_days(5)))
    held = send(invoice("K-1", "12.00", in_days(5)))["id"]
    visitor.opens(f"/bills/{held}")
    expect(visitor.page.locator("#held")).to_contain_text("Held: its number was used before")
    visitor.shoots("bill-held")
    buttons = visitor.page.locator("#moves button:visible")
    expect(buttons).to_have_text(["Release", "Reject"])
    visitor.page.get_by_role("button", name="Release").click()
    expect(buttons).to_have_text(["Approve", "Reject"])
    expect(visitor.page.locator("#held")).to_be_hidden()


def test_a_bill_is_rejected_only_after_a_second_word_and_a_double_click_decides_once(traders):
    visitor, send = traders("en", "Kinaxis Inc.", "Aimia Inc.")
    bill, other = (send(invoice(number, "10.00", in_days(5)))["id"] for number in ("R-1", "R-2"))
    visitor.opens(f"/bills/{other}")
    visitor.page.get_by_role("button", name="Approve").dblclick()
    expect(visitor.page.locator("#done")).to_have_text("The bill was approved.")
    expect(visitor.page.get_by_role("alert")).to_be_hidden()
    visitor.opens(f"/bills/{bill}")
    dialog = visitor.page.get_by_role("dialog", name="Reject this bill?")
    visitor.page.locator("#reason").fill("Not ours")
    visitor.page.locator("#reason").press("Enter")
    visitor.shoots("bill-reject")
    dialog.get_by_role("button", name="Cancel").press("Enter")
    expect(dialog).to_be_hidden()
    expect(visitor.page.locator("[data-part=badge]")).to_have_text("For review")
    visitor.page.locator("#moves").get_by_role("button", name="Reject").click()
    dialog.get_by_role("button", name="Reject").press("Enter")
    expect(visitor.page.locator("[data-part=badge]")).to_have_text("Rejected")
    expect(visitor.page.locator("#history")).to_contain_text("Not ours")


def test_whoever_decides_second_sees_what_the_first_decided(traders, visit):
    visitor, send = traders("en", "ATCO Ltd.", "Mogo Inc.")
    bill = send(invoice("Z-1", "10.00", in_days(5)))["id"]
    visitor.opens(f"/bills/{bill}")
    asks(visitor.page, "POST", f"/v1/bills/{bill}/reject", {"reason": "Not ours"})
    visitor.expects_refusal(f"/v1/bills/{bill}/approve")
    visitor.page.get_by_role("button", name="Approve").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Somebody changed this in the meantime.")
    expect(visitor.page.locator("[data-part=badge]")).to_have_text("Rejected")
    expect(visitor.page.locator("#history")).to_contain_text("Not ours")


def test_a_standard_user_reads_a_bill_and_is_offered_nothing(traders, visit):
    _, send = traders("en", "CAE Inc.", "PUDO Inc.")
    bill = send(invoice("C-1", "10.00", in_days(5)))["id"]
    clerk = visit().signs_in("PUDO Inc.", "standard_user")
    clerk.opens(f"/bills/{bill}")
    expect(clerk.page.locator("#read-only")).to_be_visible()
    expect(clerk.page.locator("#moves")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_of_bills_fit_a_small_phone_in_the_dark(visit, traders, language):
    pair = {"en": ("Adya Inc.", "AXMIN Inc."), "fr": ("Mene Inc.", "Dollarama Inc.")}[language]
    _, send = traders(language, *pair)
    bill = send(invoice("P-1", "123456789.00", in_days(5), note="n" * 80))["id"]
    phone = visit(language, viewport={"width": 360, "height": 740}, color_scheme="dark").signs_in(pair[1])
    for path in ("/bills", f"/bills/{bill}"):
        phone.opens(path)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, path
        phone.shoots(f"phone{'-bill' if bill in path else '-bills'}")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_phone_every_amount_is_seen_without_pushing_a_table_aside(visit, traders, language):
    pair = {"en": ("CBLT Inc.", "SRHI Inc."), "fr": ("GABY Inc.", "Cteh Inc.")}[language]
    _, send = traders(language, *pair)
    bill = send(invoice("P-2", "1234567.89", in_days(5)))["id"]
    phone = visit(language, viewport={"width": 375, "height": 740}).signs_in(pair[1])
    amount = re.compile({"en": r"1,234,567\.89", "fr": r"1\s234\s567,89"}[language])
    for path in (f"/bills/{bill}", "/bills"):
        phone.opens(path)
        table = phone.page.get_by_role("table")
        expect(table.get_by_role("columnheader")).to_have_count(4)  # still a table to those who hear it
        boxes = [cell.bounding_box() for cell in table.get_by_role("cell").filter(has_text=amount).all()]
        assert boxes, path
        assert all(box["x"] + box["width"] <= 375 for box in boxes), path
        phone.shoots(f"phone-amounts{'-bill' if bill in path else '-bills'}")


@pytest.mark.parametrize(
    ("language", "seller", "buyer", "said"),
    [
        ("en", "BCE Inc.", "ATCO Ltd.", ["2", "12.5 kg", "1,000 h", "3 days", "2 months", "4 m²", "5 Palette"]),
        ("fr", "EQB Inc.", "MDA Ltd.", ["2", "12,5 kg", "1 000 h", "3 j", "2 mois", "4 m²", "5 Palette"]),
    ],
)
def test_the_units_of_a_bill_are_said_as_people_say_them(traders, language, seller, buyer, said):
    visitor, send = traders(language, seller, buyer)
    sold = [("2", "H87"), ("12.5", "KGM"), ("1000", "HUR"), ("3", "DAY"), ("2", "MON"), ("4", "MTK"), ("5", "Palette")]
    lines = [
        {"description": unit, "quantity": number, "unit": unit, "unit_price": "0", "amount": "0"}
        for number, unit in sold
    ]
    bill = send(invoice("U-1", "0", in_days(5), lines=lines))["id"]
    visitor.opens(f"/bills/{bill}")
    cells = visitor.page.locator("#lines td:nth-child(2)").all_inner_texts()
    assert [re.sub(r"\s", " ", text) for text in cells] == said
