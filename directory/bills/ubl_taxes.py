"""The taxes of a UBL invoice, which its lines name only by what they are called, rate and category."""

from collections import Counter

from directory.bills.ubl import OUTSIDE
from directory.bills.ubl_xml import NS, Element, bad, each, one_line, plain, text_at
from directory.errors import Message

Key = tuple[str, str, str]  # what a tax is called, its rate, and the code of its category (UNTDID 5305)


def tax_total(root: Element, currency: str) -> Element | None:
    """The taxes in the invoice's currency: a second total, in that of the tax office, is passed over."""
    totals = [
        total
        for total in each(root, "cac:TaxTotal")
        if (said := total.find("cbc:TaxAmount", NS)) is None or said.get("currencyID", currency) == currency
    ]
    if len(totals) > 1:
        raise bad(Message("More than one TaxTotal in the currency of the invoice."))
    return totals[0] if totals else None


class Categories:
    """The taxes of the document, each with a name of its own: a line says only what they are called, rate and category."""

    def __init__(self, total: Element | None) -> None:
        subtotals = [] if total is None else list(each(total, "cac:TaxSubtotal"))
        taxed = [(_key(subtotal.find("cac:TaxCategory", NS)), subtotal) for subtotal in subtotals]
        taxed = [(key, subtotal) for key, subtotal in taxed if not _is_none(key)]
        self.names = _names([key for key, _ in taxed])
        self.taxes = [
            {
                "name": self.names[key],
                "rate": key[1],
                "base": plain(text_at(subtotal, "cbc:TaxableAmount")),
                "amount": plain(text_at(subtotal, "cbc:TaxAmount")),
            }
            for key, subtotal in taxed
        ]

    def of(self, line: Element) -> list[str]:
        keys = [_key(category) for category in each(line, "cac:Item/cac:ClassifiedTaxCategory")]
        # One that the totals lack gets a name that no tax has: the rules then say so.
        return [self.names.get(key, " ".join(key)) for key in keys if not _is_none(key)]


def _key(category: Element | None) -> Key:
    if category is None:
        return ("", "", "")
    called = (
        text_at(category, "cbc:Name")
        or text_at(category, "cac:TaxScheme/cbc:Name")
        or text_at(category, "cac:TaxScheme/cbc:ID")
    )
    return (one_line(called), plain(text_at(category, "cbc:Percent") or "0"), text_at(category, "cbc:ID"))


def _is_none(key: Key) -> bool:
    return key[2] == OUTSIDE and key[1] == "0"


def _names(keys: list[Key]) -> dict[Key, str]:
    """GST where one tax is called so; "VAT 20 %" and "VAT 5 %" where two are; the category where even these meet."""
    called = Counter(key[0] for key in keys)
    at_a_rate = Counter(key[:2] for key in keys)
    return {
        key: key[0]
        if called[key[0]] == 1
        else f"{key[0]} {key[1]} %"
        if at_a_rate[key[:2]] == 1
        else f"{key[0]} {key[1]} % {key[2]}"
        for key in keys
    }
