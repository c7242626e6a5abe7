"""UBL 2.1 read into the fields of an invoice, which `directory.bills.rules` then judges like any other.

Invariants: the parser follows nothing and expands nothing; a document type declaration is refused before it is read, so
that there are no entities at all. Who sends is known by the token and who receives by the request: parties in the document
are never read, and neither are bank details. What would change the amounts and is not understood is refused, not dropped.
"""

from typing import Any

from directory.bills.ubl import CAC, CBC, COMMERCIAL_INVOICE, INVOICE
from directory.bills.ubl_taxes import Categories, tax_total
from directory.bills.ubl_xml import NS, Element, all_text, bad, day, each, one_line, parse, plain, text_at
from directory.errors import InvalidInput, Message

_NOT_READ = ("AllowanceCharge", "PrepaidPayment", "WithholdingTaxTotal")
_DUE_BESIDES = ("cac:PaymentMeans/cbc:PaymentDueDate", "cac:PaymentTerms/cbc:PaymentDueDate")
_ZERO_ONLY = ("AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount", "PayableRoundingAmount")


def read_ubl(data: bytes) -> dict[str, Any]:
    """The fields as `rules.make_invoice` takes them. Raises InvalidInput, which says what is wrong with the document."""
    root = parse(data)
    if root.tag != f"{{{INVOICE}}}Invoice":
        raise bad(Message("Not an invoice in UBL 2.1."))
    if text_at(root, "cbc:InvoiceTypeCode") not in ("", COMMERCIAL_INVOICE):
        raise bad(Message("Only commercial invoices (InvoiceTypeCode 380) are taken."))
    currency = text_at(root, "cbc:DocumentCurrencyCode")
    _check_understood(root, currency)
    total = tax_total(root, currency)
    categories = Categories(total)
    return {
        "number": one_line(text_at(root, "cbc:ID")),
        "issued_on": day(text_at(root, "cbc:IssueDate")),
        "due_on": _due(root),
        "currency": currency,
        "note": "\n".join(all_text(note).replace("\t", " ") for note in each(root, "cbc:Note")),
        "lines": [_line(line, categories) for line in each(root, "cac:InvoiceLine")],
        "taxes": categories.taxes,
        "net": plain(text_at(root, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount")),
        "tax": "0" if total is None else plain(text_at(total, "cbc:TaxAmount")),
        "total": plain(text_at(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")),
    }


def _due(root: Element) -> str:
    """UBL needs no DueDate. What terms of payment say in words ("net 30", « 30 jours fin de mois ») is not guessed at."""
    if due := text_at(root, "cbc:DueDate"):
        return day(due)
    said = {day(all_text(element)) for path in _DUE_BESIDES for element in each(root, path)} - {""}
    if not said:
        raise InvalidInput(
            {"due_on": Message("Write the day as DueDate, or as PaymentDueDate: payment terms in words are not read.")}
        )
    if len(said) > 1:
        raise InvalidInput({"due_on": Message("More than one day to pay on: an invoice is due on one.")})
    return said.pop()


def _check_understood(root: Element, currency: str) -> None:
    for name in _NOT_READ:
        if next(root.iter(f"{{{CAC}}}{name}"), None) is not None:
            raise bad(Message("%(element)s is not taken: write it as a line.", element=name))
    for name in _ZERO_ONLY:
        if plain(text_at(root, f"cac:LegalMonetaryTotal/cbc:{name}") or "0") != "0":
            raise bad(Message("%(element)s is not taken: write it as a line.", element=name))
    if any(plain(all_text(quantity)) != "1" for quantity in root.iter(f"{{{CBC}}}BaseQuantity")):
        raise bad(Message("A price is taken for one unit only: leave BaseQuantity out."))
    if not currency:  # which the rules say
        return
    total = tax_total(root, currency)
    parts = [
        *each(root, "cac:LegalMonetaryTotal"),
        *each(root, "cac:InvoiceLine"),
        *([] if total is None else [total]),
    ]
    if any(element.get("currencyID", currency) != currency for part in parts for element in part.iter()):
        raise bad(Message("All amounts must be in the currency of the invoice."))


def _line(line: Element, categories: Categories) -> dict[str, Any]:
    quantity = line.find("cbc:InvoicedQuantity", NS)
    name, more = (one_line(text_at(line, f"cac:Item/cbc:{one}")) for one in ("Name", "Description"))
    return {
        "description": " – ".join(dict.fromkeys(filter(None, (name, more)))),
        "quantity": plain(text_at(line, "cbc:InvoicedQuantity")),
        "unit": "" if quantity is None else quantity.get("unitCode", ""),
        "unit_price": plain(text_at(line, "cac:Price/cbc:PriceAmount")),
        "amount": plain(text_at(line, "cbc:LineExtensionAmount")),
        "taxes": categories.of(line),
    }
