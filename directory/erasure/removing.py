"""What is still held about a company that was erased goes, in short transactions, each of which adds what it removed to the
certificate. The company stands in `erasures` until nothing is left, so that whoever has the time can go on."""

import time
from collections.abc import Mapping

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from directory.erasure.steps import STEPS, Step
from directory.errors import Unavailable
from directory.ports import Journal
from directory.records import Records
from directory.records.tables import audit, companies, erasures

PAUSE_S = 0.01  # in which a writer who waits for SQLite's one lock, and looks every 3 ms, comes in
SWEEP_S = 0.5  # the outbox waits meanwhile
_ROUNDS = 5
CERTIFICATE = audit.c.action == "erased"

# Asked every second, nearly always for nothing: a join is begun at the companies by SQLite, all of them.
_VERSION = select(companies.c.index_version).where(companies.c.id == erasures.c.company_id).scalar_subquery()
UNFINISHED = (
    select(erasures.c.company_id, erasures.c.journaled, _VERSION.label("index_version"))
    .order_by(erasures.c.since, erasures.c.company_id)
    .limit(100)
)


def go_on_erasing(records: Records, journal: Journal, *, budget_s: float = SWEEP_S) -> None:
    """Go on with what a crash, or a call whose time was up, has left. It may run in several processes at once.

    Takes about as long as `budget_s` at most. Raises Unavailable: the records or the journal did not take it.
    """
    deadline = time.monotonic() + budget_s
    with records.reading() as connection:
        found = connection.execute(UNFINISHED).all()
    for row in found:
        if not row.journaled:  # nobody was told that it is erased, and now it is about to be
            write_down(records, journal, row.company_id, row.index_version)
        if not remove_rest(records, row.company_id, deadline):
            return


def write_down(records: Records, journal: Journal, company_id: str, index_version: int) -> None:
    journal.append(company_id, index_version, "erased")
    with records.writing() as connection:
        connection.execute(update(erasures).where(erasures.c.company_id == company_id).values(journaled=True))


def remove_rest(records: Records, company_id: str, deadline: float) -> bool:
    """Whether nothing is left; false where the time was up. `deadline` on the monotonic clock; each step removes at least
    one batch. Raises Unavailable."""
    for _ in range(_ROUNDS):
        try:
            if not all(_finish(records, company_id, step, deadline) for step in STEPS):
                return False
        except IntegrityError:  # a link was saved in the moment in which the company went: it is settled first
            continue
        with records.writing() as connection:
            connection.execute(delete(erasures).where(erasures.c.company_id == company_id))
        return True
    raise Unavailable("records", f"links to {company_id} went on being saved")


def _finish(records: Records, company_id: str, step: Step, deadline: float) -> bool:
    while True:
        with records.writing() as connection:
            # Two calls at once take turns: each sees what the other has left.
            connection.execute(select(companies.c.id).where(companies.c.id == company_id).with_for_update())
            removed = step(connection, company_id)
            _count(connection, company_id, removed)
        if not removed:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_S)


def _count(connection: Connection, company_id: str, removed: Mapping[str, int]) -> None:
    """Add to the certificate, in the transaction that did it."""
    if not removed:
        return
    here = (audit.c.company_id == company_id) & CERTIFICATE
    before: Mapping[str, int] = connection.execute(select(audit.c.detail).where(here)).scalar_one()
    counts = {name: before.get(name, 0) + removed.get(name, 0) for name in {**before, **removed}}
    connection.execute(update(audit).where(here).values(detail=counts))
