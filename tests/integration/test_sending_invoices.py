"""An invoice to a linked customer becomes its bill: when it does, when it does not, and how little a refusal tells."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.bills.rules import make_invoice
from directory.errors import InvalidInput
from tests.bills import INVOICE, Trade, trade


@pytest.fixture
def made(network: Any) -> Trade:
    return trade(network)


@pytest.fixture(scope="module")
def used(used_network: Any) -> Trade:
    """For tests in which nothing arrives, or that do not mind what else did."""
    return trade(used_network)


def test_an_invoice_to_a_linked_customer_is_a_bill_to_review(made: Trade) -> None:
    answer = made.sends()
    assert answer.status == 201
    assert answer.headers["Location"].endswith(f"/v1/invoices/{answer.json['id']}")
    bill = made.bill(answer.json["id"])
    assert (bill["state"], bill["held"], bill["total"], bill["currency"]) == ("for_review", None, "155.22", "CAD")
    assert bill["vendor"] == {"contact": made.vendor, "name": "Quincaillerie Tremblay ltée"}
    assert [line["taxes"] for line in bill["lines"]] == [["TPS", "TVQ"], ["TPS", "TVQ"]]
    assert [one["id"] for one in made.bills()] == [answer.json["id"]]


def test_the_bill_belongs_to_its_receiver_and_the_invoice_to_its_sender(made: Trade) -> None:
    bill_id = made.sent()
    stranger = made.network.member("heroux")
    absent = "00000000-0000-4000-8000-000000000000"
    for member, path in (
        (made.seller, "bills"),
        (made.buyer, "invoices"),
        (stranger, "bills"),
        (stranger, "invoices"),
    ):
        answer = member.ask("GET", f"/v1/{path}/{bill_id}")
        assert (answer.status, answer.text) == (404, member.ask("GET", f"/v1/{path}/{absent}").text)
    assert made.seller.ask("POST", f"/v1/bills/{bill_id}/approve").status == 404
    assert made.seller.ask("GET", "/v1/bills").ok()["bills"] == []
    assert made.buyer.ask("GET", "/v1/invoices").ok()["invoices"] == []


def test_the_receiver_hears_nothing_of_the_sender_but_its_invoice(made: Trade) -> None:
    bill_id = made.sent()
    assert "primary_admin@tremblay.example" not in made.buyer.ask("GET", f"/v1/bills/{bill_id}").text
    assert [one["by"] for one in made.bill(bill_id)["history"]] == [""]


def test_the_sender_hears_nothing_of_the_receiver_but_its_name(made: Trade) -> None:
    made.network.member("bitfarms").edits(email="secret@bitfarms.example", street="1 Secret Street")
    bill_id = made.sent()
    for accept in ("application/json", "application/xml"):
        told = made.seller.ask("GET", f"/v1/invoices/{bill_id}", headers={"Accept": accept}).text
        assert "Bitfarms Ltd." in told
        assert "ecret" not in told
        assert "primary_admin@bitfarms" not in told


def test_each_side_keeps_the_name_that_it_has_given_the_other(network: Any) -> None:
    seller, buyer = network.member("tremblay"), network.member("bitfarms")
    customer = seller.saves("bitf", "customer", name="Nos mineurs")
    vendor = buyer.saves("quincaillerie", "vendor", name="The hardware store")
    made = Trade(network, seller, buyer, customer, vendor)
    bill_id = made.sent()
    assert made.invoice(bill_id)["customer"] == {"contact": customer, "name": "Nos mineurs"}
    assert made.bill(bill_id)["vendor"] == {"contact": vendor, "name": "The hardware store"}


def receiver_hidden(made: Trade) -> None:
    made.buyer.turns(visible=False)


def receiver_elsewhere(made: Trade) -> None:
    made.network.load(bitfarms={"name": "Bitfarms Ltd.", "region": "us"})


def receiver_ended(made: Trade) -> None:
    made.network.ends("bitfarms")


def receiver_starter(made: Trade) -> None:
    made.network.sql("UPDATE companies SET plan = 'starter' WHERE id = 'bitfarms'")


def receiver_firm(made: Trade) -> None:
    made.network.load(bitfarms={"name": "Bitfarms Ltd.", "kind": "accounting_firm"})


def receiver_erased(made: Trade) -> None:
    made.network.sql("UPDATE companies SET erased = :yes WHERE id = 'bitfarms'", yes=True)


def sender_is_no_vendor(made: Trade) -> None:
    made.network.sql("UPDATE contacts SET relation = 'customer' WHERE id = :id", id=made.vendor)


def sender_is_a_vendor_without_a_link(made: Trade) -> None:
    made.network.sql(
        "UPDATE contacts SET linked_company_id = NULL, linked_version = NULL WHERE id = :id", id=made.vendor
    )


def another_is_the_vendor(made: Trade) -> None:
    made.network.sql(
        "UPDATE contacts SET linked_company_id = 'heroux', linked_version = 1 WHERE id = :id", id=made.vendor
    )


REASONS = [
    receiver_hidden,
    receiver_elsewhere,
    receiver_ended,
    receiver_starter,
    receiver_firm,
    receiver_erased,
    sender_is_no_vendor,
    sender_is_a_vendor_without_a_link,
    another_is_the_vendor,
]


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_whatever_the_receivers_reason_the_refusal_is_the_same_and_nothing_happens(
    made: Trade, reason: Any, language: str
) -> None:
    reason(made)
    made.seller = made.seller.in_french() if language == "fr" else made.seller
    answer = made.sends(key="k-1")
    assert (answer.status, answer.code) == (409, "not_deliverable")
    headers = {name: value for name, value in answer.headers.items() if name != "Date"}
    assert (answer.text, headers) == EXPECTED.setdefault(language, (answer.text, headers))
    assert "bitf" not in answer.text.lower()
    assert made.network.sql("SELECT id FROM bills") == []
    assert made.network.sql("SELECT seq FROM bill_events") == []
    assert made.network.sql("SELECT key FROM idempotency_keys WHERE key = 'k-1'") == []
    assert made.seller.ask("GET", "/v1/invoices").ok() == {"invoices": []}


EXPECTED: dict[str, Any] = {}


def test_a_refused_invoice_goes_through_with_the_same_key_once_the_receiver_takes_it(made: Trade) -> None:
    made.buyer.turns(visible=False)
    assert made.sends(key="k-1").status == 409
    made.buyer.turns(visible=True)
    assert made.sends(key="k-1").status == 201


def test_while_ones_own_company_is_hidden_nothing_is_sent_and_that_is_said(made: Trade) -> None:
    made.seller.turns(visible=False)
    answer = made.sends()
    assert (answer.status, answer.code) == (409, "automation_off")
    made.buyer.turns(visible=False)
    assert made.sends().text == answer.text
    assert made.bills() == []
    made.buyer.turns(visible=True)
    made.seller.turns(visible=True)
    assert made.sends().status == 201


def test_a_company_on_the_starter_plan_may_send(made: Trade) -> None:
    made.network.sql("UPDATE companies SET plan = 'starter' WHERE id = 'tremblay'")
    assert made.sends().status == 201


def test_a_sender_whose_subscription_ended_or_that_is_a_firm_is_no_member(made: Trade) -> None:
    made.network.ends("tremblay")
    assert (made.sends().status, made.sends().code) == (403, "not_a_member")
    made.network.sql("UPDATE companies SET status = 'active', kind = 'accounting_firm' WHERE id = 'tremblay'")
    assert (made.sends().status, made.sends().code) == (403, "not_a_member")


def test_the_customer_must_be_a_linked_customer_of_ones_own(made: Trade) -> None:
    local = made.seller.ask("POST", "/v1/contacts", {"relation": "customer", "name": "Chez Paul"}).ok()["id"]
    only_vendor = made.seller.saves("heroux", "vendor")
    answers = [made.sends(customer=customer) for customer in (local, only_vendor, made.vendor, "no id at all")]
    assert {(answer.status, *answer.json["errors"]) for answer in answers} == {(422, "customer")}
    assert len({answer.text for answer in answers}) == 1


def test_a_customer_and_a_vendor_that_are_one_company_trade_both_ways(made: Trade) -> None:
    back = Trade(
        made.network,
        made.buyer,
        made.seller,
        made.buyer.saves("quincaillerie", "customer"),
        made.seller.saves("bitf", "vendor"),
    )
    made.sent()
    back.sent()
    assert (len(made.bills()), len(back.bills())) == (1, 1)


def test_bills_that_arrived_stay_readable_and_decidable_when_either_side_is_hidden(made: Trade) -> None:
    bill_id = made.sent()
    made.seller.turns(visible=False)
    made.buyer.turns(visible=False)
    assert made.bill(bill_id)["number"] == "N-0"
    assert made.decides(bill_id, "approve").status == 200
    assert made.invoice(bill_id)["state"] == "approved"


def test_a_bill_stays_when_the_sender_has_left_the_network(made: Trade) -> None:
    bill_id = made.sent()
    made.network.ends("tremblay")
    assert made.bill(bill_id)["vendor"]["name"] == "Quincaillerie Tremblay ltée"
    assert made.decides(bill_id, "approve").status == 200


def test_the_same_invoice_with_the_same_key_is_delivered_once(made: Trade) -> None:
    first, again = (made.sends(key="k-1").ok() for _ in range(2))
    assert first == again
    assert [bill["held"] for bill in made.bills()] == [None]
    other = made.sends(key="k-1", note="something else")
    assert other.code == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        ({"net": "136.00"}, "net", "The lines add up to 135.00, not 136.00."),
        ({"tax": "20.23"}, "tax", "The taxes add up to 20.22, not 20.23."),
        ({"total": "155.21"}, "total", "Net and tax add up to 155.22, not 155.21."),
        ({"total": "155.2"}, "total", "Net and tax add up to 155.22, not 155.20."),
        ({"total": "155.220"}, "total", "CAD has at most 2 decimals."),
        ({"currency": "JPY"}, "net", "JPY has no decimals."),
        ({"currency": "KWD", "total": "155.2200"}, "total", "KWD has at most 3 decimals."),
        ({"currency": "XXX"}, "currency", "Not a currency of ISO 4217, such as CAD."),
        ({"currency": "cad"}, "currency", "Not a currency of ISO 4217, such as CAD."),
        ({"total": 155.22}, "total", "Write amounts as texts, such as “12.50”: a JSON number loses cents."),
        ({"total": 155}, "total", "Write amounts as texts, such as “12.50”: a JSON number loses cents."),
        ({"total": "1e2"}, "total", "Must be a decimal number written as a text, such as 12.50."),
        ({"total": "155,22"}, "total", "Must be a decimal number written as a text, such as 12.50."),
        ({"total": "NaN"}, "total", "Must be a decimal number written as a text, such as 12.50."),
        ({"total": "١٥٥"}, "total", "Must be a decimal number written as a text, such as 12.50."),
        ({"total": "1234567890123456"}, "total", "Must be a decimal number written as a text, such as 12.50."),
        ({"due_on": "2026-11-01"}, "due_on", "May not be before the day of issue."),
        ({"due_on": "2026-02-30"}, "due_on", "Must be a date between 2000 and 2199, as YYYY-MM-DD."),
        ({"issued_on": "20261102"}, "issued_on", "Must be a date between 2000 and 2199, as YYYY-MM-DD."),
        ({"number": " "}, "number", "This is needed."),
        ({"number": "1" * 61}, "number", "Longer than 60 characters."),
        ({"number": "1\u202e2"}, "number", "Contains control characters."),
        ({"note": "n" * 2001}, "note", "Longer than 2000 characters."),
        ({"lines": []}, "lines", "Between 1 and 200 lines are needed."),
        ({"lines": [INVOICE["lines"][0]] * 201}, "lines", "Between 1 and 200 lines are needed."),
        ({"taxes": [INVOICE["taxes"][0]] * 21}, "taxes", "At most 20 taxes."),
        ({"taxes": [INVOICE["taxes"][0]] * 2}, "taxes[1].name", "Another tax of this invoice has that name."),
        ({"lines": "none"}, "lines", "Must be a list of objects."),
    ],
)
def test_what_is_wrong_with_an_invoice_is_said_where_it_stands(
    used: Trade, change: dict[str, Any], place: str, sentence: str
) -> None:
    answer = used.sends(**change)
    assert answer.status == 422, answer.text
    assert answer.json["errors"][place] == [sentence]
    assert used.bills() == []


@pytest.mark.parametrize(
    ("part", "n", "change", "sentence"),
    [
        ("lines", 0, {"amount": "45.01"}, "Quantity times unit price is 45.00, not 45.01."),
        ("lines", 1, {"unit_price": "-60"}, "May not be below zero: a reduction has a negative quantity."),
        ("lines", 1, {"quantity": "1.2345678"}, "Must be a decimal number written as a text, such as 12.50."),
        ("lines", 0, {"description": ""}, "This is needed."),
        ("lines", 0, {"taxes": ["TVH"]}, "Each tax of a line must be one of the invoice’s taxes, named once."),
        ("lines", 0, {"taxes": ["TPS", "TPS"]}, "Each tax of a line must be one of the invoice’s taxes, named once."),
        ("taxes", 0, {"base": "134.00", "amount": "6.70"}, "The lines with this tax add up to 135.00, not 134.00."),
        ("taxes", 1, {"amount": "13.46"}, "This rate of this base is 13.47, not 13.46."),
        ("taxes", 1, {"rate": "101"}, "Must be a percentage between 0 and 100."),
    ],
)
def test_the_line_or_tax_that_is_wrong_is_named(
    used: Trade, part: str, n: int, change: dict[str, Any], sentence: str
) -> None:
    said = [dict(one) for one in INVOICE[part]]
    said[n] |= change
    answer = used.sends(**{part: said})
    assert answer.status == 422
    field = next(iter(set(change) - {"base"} or change)) if len(change) == 1 else "base"
    assert answer.json["errors"][f"{part}[{n}].{field}"] == [sentence]


def test_a_line_may_have_some_of_the_taxes_and_another_none(used: Trade) -> None:
    lines = [{**INVOICE["lines"][0], "taxes": ["TPS"]}, {**INVOICE["lines"][1], "taxes": []}]
    taxes = [{"name": "TPS", "rate": "5.00", "base": "45", "amount": "2.25"}]
    bill_id = used.sent(lines=lines, taxes=taxes, tax="2.25", total="137.25")
    bill = used.bill(bill_id)
    assert [line["taxes"] for line in bill["lines"]] == [["TPS"], []]
    assert bill["taxes"] == [{"name": "TPS", "rate": "5", "base": "45.00", "amount": "2.25"}]


def test_a_reduction_is_a_line_of_a_negative_quantity(used: Trade) -> None:
    reduction = {"description": "Escompte", "quantity": "-1", "unit_price": "5", "amount": "-5.00"}
    lines = [{"description": "Vis", "quantity": "1", "unit_price": "20", "amount": "20"}, reduction]
    assert used.sends(lines=lines, taxes=[], net="15", tax="0", total="15").status == 201
    answer = used.sends(lines=[reduction], taxes=[], net="-5", tax="0", total="-5")
    assert answer.json["errors"]["total"] == ["May not be below zero: credit notes are not sent this way."]


def test_a_refusal_is_said_in_french(used: Trade) -> None:
    french = replace(used, seller=used.seller.in_french())
    assert french.sends(net="136.00").json["errors"]["net"] == ["La somme des lignes est 135.00, et non 136.00."]


def test_a_body_that_is_neither_json_nor_xml_is_refused(used: Trade) -> None:
    answer = used.seller.ask("POST", "/v1/invoices", raw=b"a=1", headers={"Content-Type": "text/plain"})
    assert answer.status == 415


def test_the_senders_list_is_read_a_page_at_a_time_newest_first(made: Trade) -> None:
    sent = [made.sent(number=f"A-{n}") for n in range(5)]
    seen, after = [], ""
    while True:
        page = made.seller.ask("GET", f"/v1/invoices?limit=2{after}").ok()
        seen += [one["id"] for one in page["invoices"]]
        if "next" not in page:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted(sent)
    assert made.seller.ask("GET", "/v1/invoices?after=x").json["errors"] == {
        "after": ["Must be the `next` of the page before."]
    }


cents = st.integers(0, 10**9)


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.tuples(st.integers(1, 10**6), cents), min_size=1, max_size=5),
    rates=st.lists(st.integers(0, 100_000), max_size=3),
    wrong=st.sampled_from(["", "net", "tax", "total"]),
    by=st.integers(1, 99),
)
def test_sums_that_agree_are_taken_and_one_that_is_a_cent_off_is_named(
    lines: list[tuple[int, int]], rates: list[int], wrong: str, by: int
) -> None:
    """Against arithmetic on whole numbers: quantities in thousandths, prices in cents, rates in thousandths of a percent."""

    def decimal(value: int, places: int) -> str:
        return f"{value // 10**places}.{value % 10**places:0{places}}"

    def half_up(value: int, unit: int) -> int:
        return (value + unit // 2) // unit

    amounts = [half_up(quantity * price, 1000) for quantity, price in lines]
    net = sum(amounts)
    taxes = [half_up(net * rate, 100_000) for rate in rates]
    totals = {"net": net, "tax": sum(taxes), "total": net + sum(taxes)}
    if wrong:
        totals[wrong] += by
    fields = {
        **INVOICE,
        "lines": [
            {"description": "x", "quantity": decimal(q, 3), "unit_price": decimal(p, 2), "amount": decimal(a, 2)}
            for (q, p), a in zip(lines, amounts, strict=True)
        ],
        "taxes": [
            {"name": f"T{n}", "rate": decimal(rate, 3), "base": decimal(net, 2), "amount": decimal(tax, 2)}
            for n, (rate, tax) in enumerate(zip(rates, taxes, strict=True))
        ],
        **{name: decimal(value, 2) for name, value in totals.items()},
    }
    if wrong:
        with pytest.raises(InvalidInput) as refused:
            make_invoice(fields)
        # A net or a tax that is wrong makes the total wrong as well.
        assert set(refused.value.fields) == {wrong, "total"}
    else:
        made = make_invoice(fields)
        assert make_invoice(made.fields()) == made
