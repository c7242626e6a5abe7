"""The switch that takes a company out of the network, and back in.

The promise: once the answer of an opt-out is sent, no search received later shows the company. Steps and proof are in
docs/adr/0003. Committing `visible = false` is what keeps it; everything after the commit only makes the index agree.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from directory import standing
from directory.auditing import note
from directory.companies import INDEX_WAIT_S, lock_company
from directory.errors import NotFound
from directory.permissions import Action, require
from directory.ports import Journal, Publisher
from directory.records import Records
from directory.records.tables import companies
from directory.records.tables import outbox as waiting_work
from directory.values import Asker


@dataclass(frozen=True, slots=True)
class Receipt:
    """`effective_at` is in milliseconds since 1970; `index_confirmed` says whether the index was seen to agree by now."""

    visible: bool
    index_version: int
    effective_at: int
    index_confirmed: bool


def read_visibility(records: Records, company_id: str) -> Receipt:
    with records.reading() as connection:
        row = connection.execute(
            select(companies.c.visible, companies.c.index_version, companies.c.visible_since).where(
                companies.c.id == company_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound
        waiting = connection.execute(
            select(waiting_work.c.seq).where(waiting_work.c.company_id == company_id).limit(1)
        ).first()
    return Receipt(row.visible, row.index_version, row.visible_since, index_confirmed=waiting is None)


def set_visibility(records: Records, journal: Journal, publisher: Publisher, asker: Asker, visible: bool) -> Receipt:
    """Turn the company's visibility on or off. Idempotent: the same again answers with a receipt and changes nothing.

    Raises NotAllowed for a member who is no admin, Unavailable if the records or the journal did not take it.
    """
    receipt = switch(records, journal, asker, visible)
    return replace(receipt, index_confirmed=publisher.publish([asker.company_id], within=INDEX_WAIT_S))


def switch(records: Records, journal: Journal, asker: Asker, visible: bool) -> Receipt:
    """What keeps the promise: committed, and in the journal. The index is left to the caller."""
    require(asker, Action.SET_VISIBILITY)
    with records.writing() as connection:
        version, at = _write(connection, asker, visible)
    # A crash before this line loses the answer, not the choice. It is written even where nothing changed: the asker may
    # be repeating a call whose journal line failed.
    journal.append(asker.company_id, version, "visible" if visible else "hidden")
    return Receipt(visible, version, at, index_confirmed=False)


def _write(connection: Connection, asker: Asker, visible: bool) -> tuple[int, int]:
    row = lock_company(connection, asker.company_id)
    if row.visible == visible:
        return row.index_version, row.visible_since
    after = standing.change(connection, row, {"visible": visible}, by=asker.subject)
    action, detail = "visible" if visible else "hidden", {"index_version": after["index_version"]}
    note(connection, asker, action, detail, at=after["visible_since"])
    return after["index_version"], after["visible_since"]
