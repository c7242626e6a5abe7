"""Invoices as their sender reads them: what was sent, and what became of it.

Invariant: nothing here tells that somebody has looked at the bill, or who: no version, no release, no name, and of the
states only when each began.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select, tuple_

from directory.bills.reading import history
from directory.bills.states import Move, State
from directory.errors import InvalidInput, Message, NotFound
from directory.records import Records
from directory.records.tables import bills
from directory.values import Asker, is_company_id

_SEEN = [
    bills.c[name]
    for name in (
        "id", "customer_contact_id", "customer_name", "number", "issued_on", "due_on", "currency", "total", "state",
        "scheduled_on", "paid_on", "created_at", "changed_at",
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentInvoice:
    """`became`: each state with the moment (ms) that it began. `reason`: why it was rejected, where that was said."""

    row: Row[Any]
    document: Mapping[str, Any]
    became: tuple[tuple[State, int], ...]
    reason: str


def list_invoices(
    records: Records, asker: Asker, *, state: State | None = None, after: str = "", limit: int = 100
) -> list[Row[Any]]:
    """One page, without lines, the newest first, from the one after the key `after`."""
    key = tuple_(bills.c.created_at, bills.c.id)
    page = select(*_SEEN).where(bills.c.sender_id == asker.company_id).limit(limit)
    page = page.order_by(bills.c.created_at.desc(), bills.c.id.desc())
    if state:
        page = page.where(bills.c.state == state)
    if after:
        page = page.where(key < _opened(after))
    with records.reading() as connection:
        return list(connection.execute(page))


def page_key(row: Row[Any]) -> str:
    return f"{row.created_at}_{row.id}"


def _opened(after: str) -> tuple[int, str]:
    at, _, bill_id = after.partition("_")
    if not at.isascii() or not at.isdigit() or len(at) > 15 or not is_company_id(bill_id):
        raise InvalidInput({"after": Message("Must be the `next` of the page before.")})
    return int(at), bill_id


def read_invoice(records: Records, asker: Asker, bill_id: str) -> SentInvoice:
    """Raises NotFound for one that is absent or that another company sent."""
    own: Select[Any] = select(*_SEEN, bills.c.document).where(bills.c.sender_id == asker.company_id)
    with records.reading() as connection:
        row = connection.execute(own.where(bills.c.id == bill_id)).one_or_none()
        if row is None:
            raise NotFound
        events = [event for event in history(connection, bill_id) if event.move != Move.RELEASE]
    reasons = [event.note for event in events if event.state is State.REJECTED]
    return SentInvoice(row, row.document, tuple((event.state, event.at) for event in events), "".join(reasons))
