"""Bills as their receiver reads them, and the page keys of their lists.

A bill belongs to the company that it was sent to; to everybody else, its sender included, it does not exist here. Whoever
may read the company's books may read it, whatever has become of either side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, tuple_

from directory.bills.dates import check_date
from directory.bills.states import RECEIVED, Move, State, moves
from directory.errors import InvalidInput, Message, NotFound
from directory.permissions import ALLOWED, Action
from directory.records import Records
from directory.records.tables import bill_events, bills
from directory.text import BadText
from directory.values import Asker, is_company_id

_HIDDEN = ("document", "created_by", "folded_number", "open_due_on")
SUMMARY = [column for column in bills.c if column.name not in _HIDDEN]


@dataclass(frozen=True, slots=True)
class Event:
    """`by` is empty where it was the sender's doing: who works there is nobody's business."""

    move: str
    state: State
    on: str | None
    note: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Bill:
    """`moves` are those that the asker may make now; `document` is the invoice as `Invoice.fields` gave it, and its seller."""

    row: Row[Any]
    document: Mapping[str, Any]
    history: tuple[Event, ...]
    moves: tuple[Move, ...]


def list_bills(
    records: Records,
    asker: Asker,
    *,
    state: State | None = None,
    due_before: str | None = None,
    after: str = "",
    limit: int = 100,
) -> list[Row[Any]]:
    """One page, without lines, in order of due date and id, from the one after the key `after`."""
    page = in_order(asker.company_id, after).limit(limit)
    if state:
        page = page.where(bills.c.state == state)
    if due_before:
        page = page.where(bills.c.due_on < due_before)
    with records.reading() as connection:
        return list(connection.execute(page))


def in_order(company_id: str, after: str = "") -> Select[Any]:
    """The company's bills in the order of all lists. Raises InvalidInput for a key that `page_key` did not make."""
    return _page(company_id, bills.c.due_on, after)


def open_in_order(company_id: str, after: str = "") -> Select[Any]:
    """The same of bills that are neither paid nor rejected, at a cost that grows with those alone.

    No bill opens again and none changes its place, so that a walk over the pages meets each at most once.
    """
    return _page(company_id, bills.c.open_due_on, after).where(bills.c.open_due_on.is_not(None))


def _page(company_id: str, day: ColumnElement[Any], after: str) -> Select[Any]:
    page = select(*SUMMARY).where(bills.c.receiver_id == company_id).order_by(day, bills.c.id)
    return page.where(tuple_(day, bills.c.id) > _opened(after)) if after else page


def page_key(row: Row[Any]) -> str:
    return f"{row.due_on}_{row.id}"


def _opened(after: str) -> tuple[str, str]:
    due_on, _, bill_id = after.partition("_")
    try:
        if is_company_id(bill_id):
            return check_date(due_on), bill_id
    except BadText:
        pass
    raise InvalidInput({"after": Message("Must be the `next` of the page before.")})


def read_bill(records: Records, asker: Asker, bill_id: str) -> Bill:
    """Raises NotFound for a bill that is absent or another company's."""
    with records.reading() as connection:
        return bill_in(connection, asker, bill_id)


def bill_in(connection: Connection, asker: Asker, bill_id: str) -> Bill:
    own: Select[Any] = select(*SUMMARY, bills.c.document).where(bills.c.receiver_id == asker.company_id)
    row = connection.execute(own.where(bills.c.id == bill_id)).one_or_none()
    if row is None:
        raise NotFound
    may_decide = asker.role in ALLOWED[Action.DECIDE_BILLS]
    return Bill(
        row=row,
        document=row.document,
        history=history(connection, bill_id),
        moves=moves(State(row.state), row.held) if may_decide else (),
    )


def history(connection: Connection, bill_id: str) -> tuple[Event, ...]:
    """What happened to the bill, oldest first: a handful of events, as states only lead on."""
    events = connection.execute(select(bill_events).where(bill_events.c.bill_id == bill_id).order_by(bill_events.c.seq))
    return tuple(
        Event(
            move=event.move,
            state=State(event.state),
            on=event.on_date,
            note=event.note,
            by="" if event.move == RECEIVED else event.by,
            at=event.at,
        )
        for event in events
    )
