"""A second invoice of the same number is delivered, and held until a person has looked at it.

Rejected bills do not count: an invoice that was sent back may be sent again. The caller holds the locks of both companies,
so of two that are sent at the same moment the second one sees the first.
"""

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


def folded_number(number: str) -> str:
    """ " inv 12" and "INV12" are one number."""
    return "".join(unicodedata.normalize("NFKC", number).casefold().split())[:200]


def earlier(connection: Connection, sender_id: str, receiver_id: str, invoice: Invoice) -> tuple[str, Why] | None:
    """The first bill of that number between the two that was not rejected, and what that makes of this invoice."""
    same_number = (
        select(bills.c.id, bills.c.total, bills.c.currency)
        .where(
            bills.c.sender_id == sender_id,
            bills.c.receiver_id == receiver_id,
            bills.c.folded_number == folded_number(invoice.number),
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
