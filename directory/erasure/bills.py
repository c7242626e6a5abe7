"""Bills of a company that is being erased. The other side's books need them: numbers, dates, lines, taxes and totals stay.

What goes is what is free text or names a person of the erased company. A bill of which both sides are erased is removed.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from directory.records.tables import bill_events, bills, companies
from directory.values import NOBODY

BATCH = 500
_others = companies.alias("others")


def reduce_bills(connection: Connection, company_id: str) -> Mapping[str, int]:
    return (
        _remove_between_stubs(connection, company_id)
        or _reduce_sent(connection, company_id)
        or _reduce_received(connection, company_id)
    )


def _remove_between_stubs(connection: Connection, company_id: str) -> Mapping[str, int]:
    """Nobody is left to need them."""
    sent = (bills.c.sender_id == company_id) & (_others.c.id == bills.c.receiver_id)
    received = (bills.c.receiver_id == company_id) & (_others.c.id == bills.c.sender_id)
    some = select(bills.c.id).join(_others, or_(sent, received)).where(_others.c.erased).limit(BATCH)
    ids = connection.execute(some).scalars().all()
    if not ids:
        return {}
    events = connection.execute(delete(bill_events).where(bill_events.c.bill_id.in_(ids))).rowcount
    return {"bills": connection.execute(delete(bills).where(bills.c.id.in_(ids))).rowcount, "bill_events": events}


def _reduce_sent(connection: Connection, company_id: str) -> Mapping[str, int]:
    """The sender's note, who wrote the invoice, and what that person noted since."""
    named = (bills.c.sender_id == company_id) & (bills.c.created_by != NOBODY)
    rows = connection.execute(select(bills.c.id, bills.c.created_by, bills.c.document).where(named).limit(BATCH)).all()
    if not rows:
        return {}
    documents = [{"bill": row.id, "said": {**row.document, "note": ""}} for row in rows]
    connection.execute(
        update(bills).where(bills.c.id == bindparam("bill")).values(document=bindparam("said"), created_by=NOBODY),
        documents,
    )
    connection.execute(
        update(bill_events)
        .where(bill_events.c.bill_id == bindparam("bill"), bill_events.c.by == bindparam("person"))
        .values(by=NOBODY, note=""),
        [{"bill": row.id, "person": row.created_by} for row in rows],
    )
    return {"bills_reduced": len(rows)}


def _reduce_received(connection: Connection, company_id: str) -> Mapping[str, int]:
    """Who decided about it, and the reasons that were given; the sender goes on seeing what was decided."""
    received = select(bills.c.id).where(bills.c.receiver_id == company_id)
    some = select(bill_events.c.seq).where(bill_events.c.bill_id.in_(received), bill_events.c.by != NOBODY).limit(BATCH)
    named = bill_events.c.seq.in_(some)
    events = connection.execute(update(bill_events).where(named).values(by=NOBODY, note="")).rowcount
    return {"bill_events_reduced": events} if events else {}
