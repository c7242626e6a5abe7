"""An invoice as a value: its lines, its taxes, its totals. `directory.bills.rules` makes one of what was handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from directory.bills import money


@dataclass(frozen=True, slots=True)
class Line:
    """`unit` is a code of UN/ECE Recommendation 20 (C62: one, HUR: an hour), or a word; `taxes` names those that apply."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    taxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tax:
    """`rate` is in percent. The name is the only one of its kind in the invoice."""

    name: str
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """Amounts have exactly the decimals of the currency; dates are YYYY-MM-DD."""

    number: str
    issued_on: str
    due_on: str
    currency: str
    lines: tuple[Line, ...]
    taxes: tuple[Tax, ...]
    net: Decimal
    tax: Decimal
    total: Decimal
    note: str = ""

    def fields(self) -> dict[str, Any]:
        """As in requests, answers and the records: amounts are texts."""
        return {
            "number": self.number,
            "issued_on": self.issued_on,
            "due_on": self.due_on,
            "currency": self.currency,
            "lines": [
                {
                    "description": line.description,
                    "quantity": money.short(line.quantity),
                    "unit": line.unit,
                    "unit_price": money.short(line.unit_price),
                    "amount": f"{line.amount:f}",
                    "taxes": list(line.taxes),
                }
                for line in self.lines
            ],
            "taxes": [
                {
                    "name": tax.name,
                    "rate": money.short(tax.rate),
                    "base": f"{tax.base:f}",
                    "amount": f"{tax.amount:f}",
                }
                for tax in self.taxes
            ],
            "net": f"{self.net:f}",
            "tax": f"{self.tax:f}",
            "total": f"{self.total:f}",
            "note": self.note,
        }

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Invoice":
        """The invoice that `fields` gave, which was valid then."""
        return cls(
            number=fields["number"],
            issued_on=fields["issued_on"],
            due_on=fields["due_on"],
            currency=fields["currency"],
            lines=tuple(
                Line(
                    description=line["description"],
                    quantity=Decimal(line["quantity"]),
                    unit=line["unit"],
                    unit_price=Decimal(line["unit_price"]),
                    amount=Decimal(line["amount"]),
                    taxes=tuple(line["taxes"]),
                )
                for line in fields["lines"]
            ),
            taxes=tuple(
                Tax(tax["name"], Decimal(tax["rate"]), Decimal(tax["base"]), Decimal(tax["amount"]))
                for tax in fields["taxes"]
            ),
            net=Decimal(fields["net"]),
            tax=Decimal(fields["tax"]),
            total=Decimal(fields["total"]),
            note=fields["note"],
        )
