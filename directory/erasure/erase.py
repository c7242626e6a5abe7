"""Erasing a company for good: its row becomes a stub that holds an id and what the index needs to keep it out.

From the first commit on nobody finds it, sees it or signs in for it. What else is held goes in short transactions, each
of which adds what it removed to the certificate, so that a crash, or a company with 100,000 links, costs nothing: the
sweep, or the same call again, goes on where it stopped. docs/adr/0007 says what stays, and why.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from directory import standing
from directory.companies import INDEX_WAIT_S, lock_company
from directory.erasure.removing import CERTIFICATE, remove_rest, write_down
from directory.errors import NotFound
from directory.ports import Journal, Publisher
from directory.records import Records
from directory.records.tables import audit, companies, erasures, now
from directory.values import Kind, Plan, Status, is_company_id

BUDGET_S = 20.0
# What every erased company is alike in. Its region stays: the index there must hold its tombstone for ever.
_STUB = {"erased": True, "visible": False, "status": Status.ENDED, "kind": Kind.BUSINESS, "plan": Plan.STARTER}
_BLANK = {"folded_name": "", "email_domain": "", "imported_card": None, "popularity": 0, "canary": False}


@dataclass(frozen=True, slots=True)
class Certificate:
    """`counts`: rows removed, or reduced, by table. `complete` is false where the time was up: the sweep goes
    on, and another call says how far it is."""

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
    write_down(records, journal, company_id, version)
    confirmed = publisher.publish([company_id], within=INDEX_WAIT_S)
    complete = remove_rest(records, company_id, deadline)
    with records.reading() as connection:
        note = connection.execute(
            select(audit.c.at, audit.c.detail).where(audit.c.company_id == company_id, CERTIFICATE)
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
    connection.execute(insert(erasures).values(company_id=company_id, since=now(), journaled=False))
    return int(after["index_version"])
