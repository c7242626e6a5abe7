"""What an invoice must be: every field well formed, and every sum exactly what its parts make.

The parts are judged first. Sums are said to be wrong only where their parts are right, each with what it should be.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from directory.bills import money, sums
from directory.bills.dates import check_date
from directory.bills.invoice import Invoice, Line, Tax
from directory.errors import InvalidInput, Message
from directory.text import BadText, clean

MOST_LINES = 200
MOST_TAXES = 20
EACH = "C62"  # UN/ECE Recommendation 20: one
LONGEST = {"number": 60, "description": 500, "unit": 20, "name": 60, "note": 2_000}

T = TypeVar("T")


class _Reading:
    """Takes fields out of what was handed in and keeps what is wrong with them, by where it stands."""

    def __init__(self) -> None:
        self.problems: dict[str, Message] = {}

    def read(self, place: str, text: Any, rule: Callable[[str], T], instead: T) -> T:
        try:
            return rule(str(text))
        except BadText as bad:
            self.problems[place] = bad.message
            return instead


def make_invoice(fields: Mapping[str, Any]) -> Invoice:
    """The invoice that `fields` say (amounts and dates as texts, lines and taxes as lists of mappings of texts).

    A line that does not say its taxes has them all. Raises InvalidInput naming every field that is not acceptable.
    """
    _check_size(fields)
    reading = _Reading()
    read = reading.read
    currency = read("currency", fields["currency"], money.check_currency, "")
    if not currency:  # how many decimals an amount may have is not known
        raise InvalidInput(reading.problems)

    def money_at(place: str, text: Any) -> Decimal:
        return read(place, text, lambda written: money.amount(written, currency), Decimal(0))

    taxes = tuple(_tax(reading, n, said, money_at) for n, said in enumerate(fields["taxes"]))
    names = tuple(tax.name for tax in taxes)
    invoice = Invoice(
        number=read("number", fields["number"], _needed("number"), ""),
        issued_on=read("issued_on", fields["issued_on"], check_date, ""),
        due_on=read("due_on", fields["due_on"], check_date, ""),
        currency=currency,
        lines=tuple(_line(reading, n, said, names, money_at) for n, said in enumerate(fields["lines"])),
        taxes=taxes,
        net=money_at("net", fields["net"]),
        tax=money_at("tax", fields["tax"]),
        total=money_at("total", fields["total"]),
        note=read("note", fields.get("note") or "", _note, ""),
    )
    problems = reading.problems | {at: why for at, why in _shape(invoice).items() if at not in reading.problems}
    if problems or (problems := sums.wrong(invoice)):
        raise InvalidInput(problems)
    return invoice


def _tax(reading: _Reading, n: int, said: Mapping[str, Any], money_at: Callable[[str, Any], Decimal]) -> Tax:
    at = f"taxes[{n}]"
    return Tax(
        name=reading.read(f"{at}.name", said["name"], _needed("name"), ""),
        rate=reading.read(f"{at}.rate", said["rate"], _rate, Decimal(0)),
        base=money_at(f"{at}.base", said["base"]),
        amount=money_at(f"{at}.amount", said["amount"]),
    )


def _line(
    reading: _Reading,
    n: int,
    said: Mapping[str, Any],
    names: tuple[str, ...],
    money_at: Callable[[str, Any], Decimal],
) -> Line:
    at = f"lines[{n}]"
    wanted = said.get("taxes")
    chosen = names if wanted is None else tuple(name for name in names if name in wanted)
    if wanted is not None and (len(chosen) != len(wanted)):
        reading.problems[f"{at}.taxes"] = Message("Each tax of a line must be one of the invoice’s taxes, named once.")
    return Line(
        description=reading.read(f"{at}.description", said["description"], _needed("description"), ""),
        quantity=reading.read(f"{at}.quantity", said["quantity"], money.number, Decimal(0)),
        unit=reading.read(f"{at}.unit", said.get("unit") or EACH, _needed("unit"), ""),
        unit_price=reading.read(f"{at}.unit_price", said["unit_price"], _not_negative, Decimal(0)),
        amount=money_at(f"{at}.amount", said["amount"]),
        taxes=chosen,
    )


def _check_size(fields: Mapping[str, Any]) -> None:
    found = {}
    if not 1 <= len(fields["lines"]) <= MOST_LINES:
        found["lines"] = Message("Between 1 and %(most)s lines are needed.", most=MOST_LINES)
    if len(fields["taxes"]) > MOST_TAXES:
        found["taxes"] = Message("At most %(most)s taxes.", most=MOST_TAXES)
    if found:
        raise InvalidInput(found)


def _shape(invoice: Invoice) -> dict[str, Message]:
    found = {}
    for n, tax in enumerate(invoice.taxes):
        if tax.name in [before.name for before in invoice.taxes[:n]]:
            found[f"taxes[{n}].name"] = Message("Another tax of this invoice has that name.")
    if invoice.due_on < invoice.issued_on:
        found["due_on"] = Message("May not be before the day of issue.")
    if invoice.total < 0:
        found["total"] = Message("May not be below zero: credit notes are not sent this way.")
    return found


def _needed(field: str) -> Callable[[str], str]:
    def rule(text: str) -> str:
        if cleaned := clean(text, LONGEST[field]):
            return cleaned
        raise BadText(Message("This is needed."))

    return rule


def _note(text: str) -> str:
    """The one text that may have several lines."""
    if len(text) > LONGEST["note"]:
        raise BadText(Message("Longer than %(longest)s characters.", longest=LONGEST["note"]))
    return "\n".join(clean(line, LONGEST["note"]) for line in text.replace("\r\n", "\n").split("\n")).strip()


def _rate(text: str) -> Decimal:
    if not 0 <= (rate := money.number(text)) <= 100:
        raise BadText(Message("Must be a percentage between 0 and 100."))
    return rate


def _not_negative(text: str) -> Decimal:
    if (price := money.number(text)) < 0:
        raise BadText(Message("May not be below zero: a reduction has a negative quantity."))
    return price
