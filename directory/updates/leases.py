"""Whose turn it is among the webhooks, and what came of a turn.

A webhook is leased to one process at a time, for longer than a turn takes. All that a process writes about it is written
only while it holds the lease, in a transaction of one statement; so a process that was killed, or slept through its lease,
changes nothing, and the next one goes on from the place that was told last.
"""

import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, insert, select, update

from directory.ports import Delivery, Outcome
from directory.records import Records
from directory.records.tables import changes, contacts, feed, now, signals, webhooks
from directory.updates.feed import Place, numbered
from directory.updates.numbering import Head, head, lock_head

LEASE_MS = 60_000
REST_MS = 60_000  # with nothing new; `wake` ends the rest at once
BACK_OFF_MS = (5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000)
GIVE_UP_MS = 5 * 86_400_000
_jitter = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook that is leased to us."""

    id: str
    company_id: str
    url: str
    secret: str
    cursor: str
    failures: int
    failing_since: int | None
    leased_until: int


def wake(records: Records) -> None:
    """Let the webhooks of companies that something new concerns be due now. Costs one row where nothing is new."""
    at = now()
    with records.reading() as connection:
        upto = head(connection)
        if upto.woken == upto.last:
            return
        concerned = connection.execute(_concerned(connection, upto, at)).scalars().all()
    with records.writing() as connection:
        if lock_head(connection).woken != upto.woken:
            return  # another process was first
        resting = (webhooks.c.id.in_(concerned), webhooks.c.failures == 0, webhooks.c.next_at > at)
        if concerned:
            connection.execute(update(webhooks).where(*resting).values(next_at=at))
        connection.execute(update(feed).values(woken=upto.last))


def _concerned(connection: Connection, upto: Head, at: int) -> Select[Any]:
    """Webhooks that rest, or whose turn it is now, of companies with a link to one that changed."""
    return (
        select(webhooks.c.id)
        .distinct()
        .select_from(
            changes.join(contacts, contacts.c.linked_company_id == changes.c.company_id).join(
                webhooks, webhooks.c.company_id == contacts.c.company_id
            )
        )
        .where(
            *numbered(connection, upto.woken + 1, upto.last),
            webhooks.c.active,
            webhooks.c.failures == 0,
            webhooks.c.next_at > at,
        )
        .order_by(webhooks.c.id)
    )


def take_due(records: Records, most: int) -> list[Due]:
    """Lease up to `most` webhooks that are due, those that wait longest first."""
    at = now()
    with records.reading() as connection:
        rows = connection.execute(
            select(webhooks)
            .where(webhooks.c.active, webhooks.c.next_at <= at, webhooks.c.leased_until <= at)
            .order_by(webhooks.c.next_at)
            .limit(most)
        ).all()
    if not rows:
        return []
    until, taken = at + LEASE_MS, []
    with records.writing() as connection:
        for row in sorted(rows, key=lambda row: str(row.id)):
            unchanged = (webhooks.c[name] == row._mapping[name] for name in ("leased_until", "next_at", "cursor"))
            # Due again when the lease ends, should this process die; earlier, if `wake` says so meanwhile.
            leased = (
                update(webhooks)
                .where(webhooks.c.id == row.id, webhooks.c.active, *unchanged)
                .values(leased_until=until, next_at=until)
            )
            if connection.execute(leased).rowcount:
                fields = {name: row._mapping[name] for name in Due.__dataclass_fields__}
                taken.append(Due(**{**fields, "leased_until": until}))
    return taken


def told(records: Records, due: Due, place: Place) -> bool:
    """The receiver took everything up to this place. False where the webhook is no longer leased to us: stop."""
    return _write(records, due, cursor=str(place), failures=0, failing_since=None, trouble=None)


def rest(records: Records, due: Due, place: Place) -> None:
    """Nothing is left to tell: wait until something is, or for the end of the rest."""
    woken = webhooks.c.next_at != due.leased_until
    _write(
        records,
        due,
        cursor=str(place),
        failures=0,
        failing_since=None,
        leased_until=0,
        next_at=case((woken, webhooks.c.next_at), else_=now() + REST_MS),
    )


def go_on_later(records: Records, due: Due) -> None:
    """The turn is over, and something is left."""
    _write(records, due, leased_until=0, next_at=now())


def failed(records: Records, due: Due, delivery: Delivery) -> None:
    """Try again later; switch off where the receiver wants no more, or where nothing but failures came for days."""
    at = now()
    since = due.failing_since or at
    trouble = f"status {delivery.status}" if delivery.status else str(delivery.outcome)
    if delivery.outcome is Outcome.GONE or at - since >= GIVE_UP_MS:
        switch_off(records, due, "gone" if delivery.outcome is Outcome.GONE else "failing", trouble=trouble)
        return
    pause = BACK_OFF_MS[min(due.failures, len(BACK_OFF_MS) - 1)]
    _write(
        records,
        due,
        failures=due.failures + 1,
        failing_since=since,
        trouble=trouble,
        leased_until=0,
        next_at=at + int(pause * _jitter.uniform(0.8, 1.2)),
    )


def switch_off(records: Records, due: Due, reason: str, **more: Any) -> None:
    """Nothing is sent until an admin switches it on again; the operator hears of it."""
    with records.writing() as connection:
        off = {"active": False, "switched_off_because": reason, "leased_until": 0, "failures": due.failures + 1, **more}
        if connection.execute(_ours(due).values(**off)).rowcount:
            connection.execute(
                insert(signals).values(
                    at=now(),
                    kind="webhook_off",
                    company_id=due.company_id,
                    detail={"webhook": due.id, "reason": reason},
                )
            )


def _write(records: Records, due: Due, **values: Any) -> bool:
    with records.writing() as connection:
        return connection.execute(_ours(due).values(**values)).rowcount == 1


def _ours(due: Due) -> Any:
    return update(webhooks).where(
        webhooks.c.id == due.id, webhooks.c.active, webhooks.c.leased_until == due.leased_until
    )
