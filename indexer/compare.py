"""Holds a build beside the records, both ways: each streams its companies by id, and they are merged.

Invariant: what is called a difference has no work in the outbox, and was there before and after the engine was asked. A
change that is under way is not one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from directory import outbox
from directory.records import Records
from directory.records.tables import companies
from directory.standing import SHOWN
from indexer.build_names import BuildName
from indexer.engines.port import Engine, Held

PAGE = 5_000


class Kind(StrEnum):
    MISSING = "missing"  # the build does not have it, or not as a company that is shown
    STALE = "stale"  # the build has an older version
    SHOWN = "shown"  # the build shows it, and the records do not
    ORPHAN = "orphan"  # the build shows it, and the records have no such company in this region
    AHEAD = "ahead"  # the build has a version that the records have not reached


@dataclass(frozen=True, slots=True)
class Difference:
    company_id: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Page:
    """How many companies were compared, and those that differed at a first glance: for `confirmed` to look at again."""

    compared: int
    suspects: list[str]


_Row = tuple[int, bool]  # version, shown


def compare(records: Records, engine: Engine, build: str) -> Iterator[Page]:
    """Compare all of a build with its region, some thousand companies at a time. Holds a page in memory, and what
    the engine holds to stream its own. Raises Unavailable.
    """
    region = BuildName.parse(build).region
    with records.streaming() as connection:
        query = select(companies.c.id, companies.c.index_version, SHOWN.label("shown"))
        by_id = query.where(companies.c.region == region).order_by(_as_code_points(connection))
        compared, suspects = 0, list[str]()
        with connection.execute(by_id) as rows:
            for company_id, kind in _merged(rows, engine.scan(build)):
                compared += 1
                if kind:
                    suspects.append(company_id)
                if compared == PAGE:
                    yield Page(compared, suspects)
                    compared, suspects = 0, []
        yield Page(compared, suspects)


def confirmed(records: Records, engine: Engine, build: str, company_ids: Sequence[str]) -> list[Difference]:
    """Which of these companies really differ at this moment.

    Rows first, then the outbox, then the build: a change that was committed before the rows were read has left its work in
    the outbox, or every build held it before that was taken out.
    """
    before = _rows(records, build, company_ids)
    with records.reading() as connection:
        waiting = outbox.waiting(connection, company_ids)
    engine.refresh(build)
    held = engine.held(build, company_ids)
    after = _rows(records, build, company_ids)
    found = []
    for company_id in company_ids:
        kind = _kind(before.get(company_id), held.get(company_id))
        if kind and company_id not in waiting and kind is _kind(after.get(company_id), held.get(company_id)):
            found.append(Difference(company_id, kind))
    return found


def _merged(rows: Iterator[Any], held: Iterator[Held]) -> Iterator[tuple[str, Kind | None]]:
    row: Any = next(rows, None)
    one = next(held, None)
    while row is not None or one is not None:
        if one is None or (row is not None and row[0] < one.company_id):
            yield row[0], _kind((row[1], row[2]), None)
            row = next(rows, None)
        elif row is None or one.company_id < row[0]:
            yield one.company_id, _kind(None, one)
            one = next(held, None)
        else:
            yield row[0], _kind((row[1], row[2]), one)
            row, one = next(rows, None), next(held, None)


def _kind(row: _Row | None, held: Held | None) -> Kind | None:
    if row is None:
        return Kind.ORPHAN if held and held.visible else None  # a tombstone may stand for whatever it was
    version, shown = row
    if held is None:
        return Kind.MISSING
    if held.version > version:
        return Kind.AHEAD
    if held.visible and not shown:
        return Kind.SHOWN
    if held.version < version:
        return Kind.STALE
    return Kind.MISSING if shown and not held.visible else None


def _rows(records: Records, build: str, company_ids: Sequence[str]) -> dict[str, _Row]:
    region = BuildName.parse(build).region
    here = (companies.c.id.in_(company_ids), companies.c.region == region)
    with records.reading() as connection:
        rows = connection.execute(select(companies.c.id, companies.c.index_version, SHOWN.label("shown")).where(*here))
        return {row.id: (row.index_version, bool(row.shown)) for row in rows}


def _as_code_points(connection: Connection) -> ColumnElement[str]:
    """The order that engines and Python have: a database's own may follow a language."""
    return companies.c.id.collate("C") if connection.dialect.name == "postgresql" else companies.c.id.expression
