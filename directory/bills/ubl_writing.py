"""An invoice as UBL 2.1. What stands there is what was sent: nothing is calculated again."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree

from directory.bills import money
from directory.bills.invoice import Invoice, Line, Tax
from directory.bills.ubl import (
    CAC,
    CBC,
    COMMERCIAL_INVOICE,
    CUSTOMIZATION,
    INVOICE,
    NAMESPACES,
    OTHER_SCHEME,
    OUTSIDE,
    PROFILE,
    SCHEMES,
    STANDARD,
    ZERO,
)

Element: TypeAlias = etree._Element


def write_ubl(invoice: Invoice, seller: Mapping[str, Any], buyer_name: str, country: str) -> bytes:
    """The document, UTF-8. `seller` holds the fields of a card, `country` is the buyer's (ISO 3166-1 alpha-2)."""
    root = etree.Element(f"{{{INVOICE}}}Invoice", nsmap=NAMESPACES)
    _basic(root, "CustomizationID", CUSTOMIZATION)
    _basic(root, "ProfileID", PROFILE)
    _basic(root, "ID", invoice.number)
    _basic(root, "IssueDate", invoice.issued_on)
    _basic(root, "DueDate", invoice.due_on)
    _basic(root, "InvoiceTypeCode", COMMERCIAL_INVOICE)
    if invoice.note:
        _basic(root, "Note", invoice.note)
    _basic(root, "DocumentCurrencyCode", invoice.currency)
    _party(_child(root, "AccountingSupplierParty"), seller, seller["country"])
    _party(_child(root, "AccountingCustomerParty"), {"name": buyer_name}, country)
    _tax_total(root, invoice)
    _totals(root, invoice)
    for n, line in enumerate(invoice.lines, 1):
        _line(root, n, line, invoice)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _party(parent: Element, card: Mapping[str, Any], country: str) -> None:
    party = _child(parent, "Party")
    _basic(_child(party, "PartyName"), "Name", card["name"])
    address = _child(party, "PostalAddress")
    for element, field in (
        ("StreetName", "street"), ("CityName", "city"), ("PostalZone", "postal_code"), ("CountrySubentity", "province"),
    ):  # fmt: skip
        if card.get(field):
            _basic(address, element, card[field])
    _basic(_child(address, "Country"), "IdentificationCode", country.upper())
    _basic(_child(party, "PartyLegalEntity"), "RegistrationName", card["name"])
    if card.get("phone") or card.get("email"):
        contact = _child(party, "Contact")
        for element, field in (("Telephone", "phone"), ("ElectronicMail", "email")):
            if card.get(field):
                _basic(contact, element, card[field])


def _tax_total(root: Element, invoice: Invoice) -> None:
    total = _child(root, "TaxTotal")
    _amount(total, "TaxAmount", invoice.tax, invoice.currency)
    for tax in invoice.taxes:
        subtotal = _child(total, "TaxSubtotal")
        _amount(subtotal, "TaxableAmount", tax.base, invoice.currency)
        _amount(subtotal, "TaxAmount", tax.amount, invoice.currency)
        _category(subtotal, "TaxCategory", tax)


def _category(parent: Element, element: str, tax: Tax) -> None:
    category = _child(parent, element)
    _basic(category, "ID", STANDARD if tax.rate else ZERO)
    _basic(category, "Name", tax.name)
    _basic(category, "Percent", money.short(tax.rate))
    _basic(_child(category, "TaxScheme"), "ID", _scheme(tax.name))


def _scheme(name: str) -> str:
    first = name.upper().split()[0]
    return next((code for code, names in SCHEMES.items() if first in names), OTHER_SCHEME)


def _totals(root: Element, invoice: Invoice) -> None:
    totals = _child(root, "LegalMonetaryTotal")
    for element, value in (
        ("LineExtensionAmount", invoice.net),
        ("TaxExclusiveAmount", invoice.net),
        ("TaxInclusiveAmount", invoice.total),
        ("PayableAmount", invoice.total),
    ):
        _amount(totals, element, value, invoice.currency)


def _line(root: Element, n: int, line: Line, invoice: Invoice) -> None:
    element = _child(root, "InvoiceLine")
    _basic(element, "ID", str(n))
    _basic(element, "InvoicedQuantity", money.short(line.quantity)).set("unitCode", line.unit)
    _amount(element, "LineExtensionAmount", line.amount, invoice.currency)
    item = _child(element, "Item")
    _basic(item, "Name", line.description)
    for tax in invoice.taxes:
        if tax.name in line.taxes:
            _category(item, "ClassifiedTaxCategory", tax)
    if not line.taxes:
        untaxed = _child(item, "ClassifiedTaxCategory")
        _basic(untaxed, "ID", OUTSIDE)
        _basic(_child(untaxed, "TaxScheme"), "ID", "VAT")
    price = _basic(_child(element, "Price"), "PriceAmount", money.short(line.unit_price))
    price.set("currencyID", invoice.currency)


def _child(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _basic(parent: Element, name: str, text: str) -> Element:
    child = etree.SubElement(parent, f"{{{CBC}}}{name}")
    child.text = text
    return child


def _amount(parent: Element, name: str, value: Decimal, currency: str) -> None:
    _basic(parent, name, f"{value:f}").set("currencyID", currency)
