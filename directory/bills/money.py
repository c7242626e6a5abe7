"""Amounts of money: decimals in a currency of ISO 4217, exact to its smallest unit. A float never holds one."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies

from directory.errors import Message
from directory.text import BadText

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?", re.ASCII)
# Wide enough for the product of any two numbers that `number` lets in: nothing is ever rounded by accident.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
# Babel (CLDR) says with how many decimals people write prices; these have more in ISO 4217, which books are kept in.
_ISO_4217_HAS_MORE = {
    "IQD": 3,
    **dict.fromkeys(["AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"], 2),
}


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes of the currencies that are legal tender somewhere now."""
    territories = get_global("territory_currencies")
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))


def minor_units(currency: str) -> int:
    """How many decimals an amount in the currency has."""
    return _ISO_4217_HAS_MORE.get(currency) or get_currency_precision(currency)


def check_currency(text: str) -> str:
    if text not in currencies():
        raise BadText(Message("Not a currency of ISO 4217, such as CAD."))
    return text


def number(text: str) -> Decimal:
    """At most 15 digits before the point and 6 after. Raises BadText for anything but plain digits."""
    if not _PLAIN.fullmatch(text):
        raise BadText(Message("Must be a decimal number written as a text, such as 12.50."))
    return Decimal(text) + 0  # minus zero is zero


def amount(text: str, currency: str) -> Decimal:
    """Raises BadText for what is no number, or has more decimals than the currency."""
    read, units = number(text), minor_units(currency)
    if len(text.partition(".")[2]) > units:
        raise BadText(
            Message("%(currency)s has at most %(decimals)s decimals.", currency=currency, decimals=units)
            if units
            else Message("%(currency)s has no decimals.", currency=currency)
        )
    return rounded(read, currency)


def rounded(value: Decimal, currency: str) -> Decimal:
    """To the smallest unit of the currency, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-minor_units(currency)), context=_EXACT) + 0


def product(one: Decimal, other: Decimal, currency: str) -> Decimal:
    """Rounded once, at the end."""
    return rounded(_EXACT.multiply(one, other), currency)


def percent(rate: Decimal, base: Decimal, currency: str) -> Decimal:
    return rounded(_EXACT.multiply(rate, base).scaleb(-2, context=_EXACT), currency)


def total(amounts: list[Decimal], currency: str) -> Decimal:
    return rounded(sum(amounts, Decimal(0)), currency)


def short(value: Decimal) -> str:
    """A quantity, price or rate as it is written: without the zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
