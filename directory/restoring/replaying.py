"""Brings the records up to the journal: each company's newest choice, as far as the records have forgotten it.

Safe to repeat, and to be killed anywhere: what was replayed agrees already, and stays ahead until versions are raised.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from directory import standing
from directory.companies import lock_company
from directory.erasure.erase import erase
from directory.journal import ERASED, VISIBLE, Entry
from directory.ports import Journal
from directory.records import Records
from directory.records.tables import audit, card_versions, companies, now
from directory.restoring.comparing import agrees, ahead, must_replay, pages
from directory.values import Card, Kind, Plan, Status

RESTORER = "restore"
NOWHERE = "zz"  # CLDR's unknown region: the journal holds no region, and nobody is a member of this one


@dataclass
class Replayed:
    """Companies that were brought up to the journal, by what it said; `stubs`: those of them that the records lacked."""

    hidden: int = 0
    visible: int = 0
    erased: int = 0
    stubs: int = 0


def replay_into(
    records: Records, journal: Journal, entries: Iterable[Entry], progress: Callable[[int], None] = lambda _done: None
) -> Replayed:
    """Raises Unavailable: the records or the journal did not take it. The same again goes on."""
    done = Replayed()
    for page in pages(entries):
        with records.writing() as connection:
            to_erase = _replay_page(connection, page, done)
        for entry in to_erase:
            while not erase(records, journal, _Later(), RESTORER, entry.company).complete:
                pass
            done.erased += 1
        progress(len(page))
    return done


class _Later:
    """The index is built anew when all is replayed."""

    def publish(self, company_ids: Sequence[str], *, within: float) -> bool:  # noqa: ARG002
        return False


def _replay_page(connection: Connection, page: Sequence[Entry], done: Replayed) -> list[Entry]:
    """Write what can be written in one transaction; the companies that are to be erased."""
    to_erase = []
    here: Select[Any] = select(companies.c.id, companies.c.visible, companies.c.erased, companies.c.region)
    rows: dict[str, Row[Any]] = {
        row.id: row for row in connection.execute(here.where(companies.c.id.in_([e.company for e in page])))
    }
    for entry in ahead(connection, page, must_replay):
        row = rows.get(entry.company)
        if row is None:
            _add_stub(connection, entry)
            done.stubs += 1
            done.erased += entry.state == ERASED
        elif agrees(entry, row) or row.erased:
            continue
        elif entry.state == ERASED:
            to_erase.append(entry)
            continue
        else:
            company = lock_company(connection, entry.company)
            standing.change(connection, company, {"visible": entry.state == VISIBLE}, by=RESTORER)
            connection.execute(update(companies).where(companies.c.id == entry.company).values(visible_since=entry.at))
        done.visible += entry.state == VISIBLE
        done.hidden += entry.state != VISIBLE and entry.state != ERASED
        _note(connection, entry, row.region if row else NOWHERE)
    return to_erase


def _add_stub(connection: Connection, entry: Entry) -> None:
    """A row with an id, a version and the choice: no member, found by nobody, until an import brings its data. An import
    never changes the choice; of an erased one it is refused.
    """
    at, erased = now(), entry.state == ERASED
    connection.execute(
        insert(companies).values(
            id=entry.company,
            region=NOWHERE,
            kind=Kind.BUSINESS,
            plan=Plan.STARTER,
            status=Status.ENDED,
            visible=entry.state == VISIBLE,
            visible_since=entry.at,
            card_version=1,
            published_version=1,
            publication=0,
            canary=False,
            index_version=entry.index_version,
            popularity=0,
            erased=erased,
            imported_card=None,
            created_at=at,
            changed_at=at,
        )
    )
    if not erased:
        blank = Card("").fields()
        connection.execute(
            insert(card_versions).values(
                company_id=entry.company, version=1, created_by=RESTORER, created_at=at, folded_name="", **blank
            )
        )


def _note(connection: Connection, entry: Entry, region: str) -> None:
    detail = {} if entry.state == ERASED else {"index_version": entry.index_version, "chosen_at": entry.at}
    who = {"actor": RESTORER, "action": entry.state, "company_id": entry.company, "region": region}
    connection.execute(insert(audit).values(**who, at=now(), detail=detail))
