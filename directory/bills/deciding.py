"""What people decide of a bill. Its row is locked first: of two who decide at once, one wins and the other is told."""

from typing import Any

from sqlalchemy import select, update

from directory.bills.dates import check_date, today
from directory.bills.reading import Bill, bill_in
from directory.bills.states import OPEN, Move, State, after
from directory.errors import InvalidInput, NotFound, Stale
from directory.permissions import Action, require
from directory.records import Records
from directory.records.tables import bill_events, bills, now
from directory.text import BadText, clean
from directory.values import Asker

LONGEST_REASON = 500


def decide(
    records: Records,
    asker: Asker,
    bill_id: str,
    move: Move,
    *,
    on: str | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Bill:
    """Make the move; the bill as it is then. `on`: the day that it is scheduled for (needed), or was paid (today if unsaid).

    Raises NotAllowed, NotFound, InvalidInput, Stale where it is no longer at `expected_version`, IllegalMove, Held.
    """
    require(asker, Action.DECIDE_BILLS)
    day, note = _day(move, on), _reason(reason)
    with records.writing() as connection:
        this = (bills.c.id == bill_id) & (bills.c.receiver_id == asker.company_id)
        # Locked first and read then: on PostgreSQL, one that waited would see the row as it was before.
        if connection.execute(select(bills.c.id).where(this).with_for_update()).first() is None:
            raise NotFound
        row = connection.execute(select(bills.c.state, bills.c.held, bills.c.version).where(this)).one()
        if expected_version is not None and row.version != expected_version:
            raise Stale
        state = after(State(row.state), row.held, move)
        at = now()
        connection.execute(update(bills).where(this).values(version=row.version + 1, **_values(move, state, day, at)))
        event = {"move": move, "state": state, "on_date": day, "note": note, "by": asker.subject, "at": at}
        connection.execute(bill_events.insert().values(bill_id=bill_id, **event))
        return bill_in(connection, asker, bill_id)


def _values(move: Move, state: State, day: str | None, at: int) -> dict[str, Any]:
    if move is Move.RELEASE:  # the sender must not see that somebody has looked at it
        return {"held": None}
    values: dict[str, Any] = {"state": state, "changed_at": at}
    if state not in OPEN:
        values["open_due_on"] = None
    match move:
        case Move.SCHEDULE:
            return {**values, "scheduled_on": day}
        case Move.UNSCHEDULE:
            return {**values, "scheduled_on": None}
        case Move.PAY:
            return {**values, "paid_on": day}
    return values


def _day(move: Move, on: str | None) -> str | None:
    if move not in (Move.SCHEDULE, Move.PAY):
        return None
    if on is None:
        return today()
    try:
        return check_date(on)
    except BadText as bad:
        raise InvalidInput({"on": bad.message}) from None


def _reason(reason: str) -> str:
    try:
        return clean(reason, LONGEST_REASON)
    except BadText as bad:
        raise InvalidInput({"reason": bad.message}) from None
