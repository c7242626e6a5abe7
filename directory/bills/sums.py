"""Lines, taxes and totals that must agree to the cent. Halves are rounded away from zero, once for each line and tax."""

from decimal import Decimal

from directory.bills import money
from directory.bills.invoice import Invoice
from directory.errors import Message


def wrong(invoice: Invoice) -> dict[str, Message]:
    """Every sum of the invoice that is not what its parts make, by its place, with what it should be."""
    currency = invoice.currency
    found: dict[str, Message] = {}

    def compare(place: str, said: Decimal, right: Decimal, template: str) -> None:
        if said != right:
            found[place] = Message(template, right=f"{right:f}", said=f"{said:f}")

    for n, line in enumerate(invoice.lines):
        right = money.product(line.quantity, line.unit_price, currency)
        compare(f"lines[{n}].amount", line.amount, right, _LINE)
    for n, tax in enumerate(invoice.taxes):
        taxed = [line.amount for line in invoice.lines if tax.name in line.taxes]
        compare(f"taxes[{n}].base", tax.base, money.total(taxed, currency), _BASE)
        compare(f"taxes[{n}].amount", tax.amount, money.percent(tax.rate, tax.base, currency), _TAX)
    compare("net", invoice.net, money.total([line.amount for line in invoice.lines], currency), _NET)
    compare("tax", invoice.tax, money.total([tax.amount for tax in invoice.taxes], currency), _TAXES)
    compare("total", invoice.total, money.total([invoice.net, invoice.tax], currency), _TOTAL)
    return found


_LINE = Message("Quantity times unit price is %(right)s, not %(said)s.")
_BASE = Message("The lines with this tax add up to %(right)s, not %(said)s.")
_TAX = Message("This rate of this base is %(right)s, not %(said)s.")
_NET = Message("The lines add up to %(right)s, not %(said)s.")
_TAXES = Message("The taxes add up to %(right)s, not %(said)s.")
_TOTAL = Message("Net and tax add up to %(right)s, not %(said)s.")
