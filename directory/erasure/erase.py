"""Erasing a company for good: its row becomes a stub that holds an id and what the index needs to keep it out.

From the first commit on nobody finds it, sees it or signs in for it. What else is held goes in short transactions, each
of which adds what it removed to the certificate, so that a crash, or a company with 100,000 links, costs nothing: the
same call again goes on where it stopped. docs/adr/0007 says what stays, and why.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from directory import standing
from directory.companies import INDEX_WAIT_S, lock_company
from directory.erasure.steps import STEPS, Step
from directory.errors import NotFound, Unavailable
from directory.ports import Journal, Publisher
from directory.records import Records
from directory.records.tables import audit, companies, now
from directory.values import Kind, Plan, Status, is_company_id

BUDGET_S = 20.0
PAUSE_S = 0.01  # in which a writer who waits for SQLite's one lock, and looks every 3 ms, comes in
_ROUNDS = 5
# What every erased company is alike in. Its region stays: the index there must hold its tombstone for ever.
_STUB = {"erased": True, "visible": False, "status": Status.ENDED, "kind": Kind.BUSINESS, "plan": Plan.STARTER}
_BLANK = {"folded_name": "", "email_domain": "", "imported_card": None, "popularity": 0, "canary": False}
_CERTIFICATE = audit.c.action == "erased"


@dataclass(frozen=True, slots=True)
class Certificate:
    """`counts`: rows removed, or reduced, by table. `complete` is false where the time was up: call again."""

    company_id: str
    index_version: int
    erased_at: int
    counts: Mapping[str, int]
    complete: bool
    index_confirmed: bool


def erase(
    records: Records,
    journal: Journal,
    publisher: Publisher,
    service: str,
    company_id: str,
    *,
    budget_s: float = BUDGET_S,
) -> Certificate:
    """Erase a company, or go on erasing it. Raises NotFound, and Unavailable: the records or the journal did not take it.

    Takes about as long as `budget_s` at most; each step removes at least one batch.
    """
    if not is_company_id(company_id):
        raise NotFound
    deadline = time.monotonic() + budget_s
    with records.writing() as connection:
        version = _mark(connection, service, company_id)
    journal.append(company_id, version, "erased")
    confirmed = publisher.publish([company_id], within=INDEX_WAIT_S)
    complete = _remove(records, company_id, deadline)
    with records.reading() as connection:
        note = connection.execute(
            select(audit.c.at, audit.c.detail).where(audit.c.company_id == company_id, _CERTIFICATE)
        ).one()
    return Certificate(company_id, version, note.at, note.detail, complete, confirmed)


def _mark(connection: Connection, service: str, company_id: str) -> int:
    """Take it out of the network, and tell who followed it. Its index version then; nothing changes a second time."""
    here = companies.c.id == company_id
    stub = connection.execute(
        select(companies.c.erased, companies.c.index_version).where(here).with_for_update()
    ).one_or_none()
    if stub is None:
        raise NotFound
    if stub.erased:
        return int(stub.index_version)
    row = lock_company(connection, company_id)
    after = standing.change(connection, row, _STUB, by=service)
    connection.execute(update(companies).where(here).values(**_BLANK))
    note = {"actor": service, "action": "erased", "company_id": company_id, "region": row.region}
    connection.execute(audit.insert().values(**note, at=now(), detail={}))
    return int(after["index_version"])


def _remove(records: Records, company_id: str, deadline: float) -> bool:
    for _ in range(_ROUNDS):
        try:
            return all(_finish(records, company_id, step, deadline) for step in STEPS)
        except IntegrityError:  # a link was saved in the moment in which the company went: it is settled first
            continue
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
    here = (audit.c.company_id == company_id) & _CERTIFICATE
    before: Mapping[str, int] = connection.execute(select(audit.c.detail).where(here)).scalar_one()
    counts = {name: before.get(name, 0) + removed.get(name, 0) for name in {**before, **removed}}
    connection.execute(update(audit).where(here).values(detail=counts))
