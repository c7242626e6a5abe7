"""A second invoice of the same number is delivered, and held until a person has looked at it.

Rejected bills do not count: an invoice that was sent back may be sent again. The caller holds the locks of both companies,
so of two that are sent at the same moment the second one sees the first.
"""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Connection, select

from directory.bills.invoice import Invoice
from directory.bills.states import State
from directory.records.tables import bills


class Why(StrEnum):
    """Why a bill is held."""

    DUPLICATE = "duplicate"  # the same number, total and currency
    NUMBER_REUSED = "number_reused"  # the same number with another total: a correction, or somebody else's invoice


# Besides what Unicode calls a format character: fillers, blanks and selectors of variants.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def folded_number(number: str) -> str:
    """ " inv 12" and "INV12" are one number, and so is what looks like it: with marks that nobody sees, or another dash."""
    letters = _without_case_and_spaces(_UNSEEN.sub("", number))
    return "".join("-" if _is_dash(letter) else letter for letter in letters if unicodedata.category(letter) != "Cf")


def _without_case_and_spaces(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).casefold().split())[:200]


def _is_dash(letter: str) -> bool:
    return letter == "\N{MINUS SIGN}" or unicodedata.category(letter) == "Pd"


def earlier(connection: Connection, sender_id: str, receiver_id: str, invoice: Invoice) -> tuple[str, Why] | None:
    """The first bill of that number between the two that was not rejected, and what that makes of this invoice."""
    same_number = (
        select(bills.c.id, bills.c.total, bills.c.currency)
        .where(
            bills.c.sender_id == sender_id,
            bills.c.receiver_id == receiver_id,
            # The second is how bills of earlier releases have it.
            bills.c.folded_number.in_({folded_number(invoice.number), _without_case_and_spaces(invoice.number)}),
            bills.c.state != State.REJECTED,
        )
        .order_by(bills.c.created_at, bills.c.id)
    )
    first = None
    for row in connection.execute(same_number):
        if row.currency == invoice.currency and Decimal(row.total) == invoice.total:
            return row.id, Why.DUPLICATE
        first = first or row.id
    return (first, Why.NUMBER_REUSED) if first else None
