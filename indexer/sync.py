"""The one function that writes the index.

Invariant: what is written about a company is what its row says now, under the version the row has now. So a call may be
late, doubled or out of order: the newest version wins in the engine, and every version stands for one document only.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row, Select, select

from directory import outbox
from directory.companies import why_not_shown
from directory.errors import Unavailable
from directory.records import Records
from directory.records.tables import CURRENT_CARD, card_versions, companies, former_regions
from indexer import builds
from indexer.build_names import BuildName
from indexer.builds import Build, State
from indexer.engines.port import Document, Engine, NoSuchBuild, Tombstone, TryLater, Written
from indexer.render import fingerprint, render

log = structlog.get_logger()

COMPANIES: Select[Any] = select(
    companies.c.id,
    companies.c.region,
    companies.c.kind,
    companies.c.status,
    companies.c.visible,
    companies.c.erased,
    companies.c.index_version,
    companies.c.popularity,
    card_versions.c.name,
    card_versions.c.other_names,
    card_versions.c.city,
    card_versions.c.province,
).outerjoin(card_versions, CURRENT_CARD)


@dataclass
class Synced:
    """`settled`: (company id, version) that every index of the family now holds, or something newer.

    `unserved`: regions that have companies to show and no index yet.
    """

    settled: list[tuple[str, int]] = field(default_factory=list)
    failed: int = 0
    unserved: set[str] = field(default_factory=set)


def sync_companies(
    records: Records,
    engine: Engine,
    company_ids: Sequence[str],
    *,
    refresh: bool = True,
    failing: set[str] | None = None,
) -> Synced:
    """Bring every index of these companies' regions up to what the records say about them now.

    `failing`: builds that are not even tried. One that cannot be written to at all, while the engine answers, joins them.

    The caller settles what was `settled`. Raises Unavailable where the records or the engine do not answer at all; the
    outbox then keeps the work.
    """
    with engine.exclusive():
        with records.reading() as connection:
            rows: dict[str, Row[Any]] = {
                row.id: row for row in connection.execute(COMPANIES.where(companies.c.id.in_(company_ids)))
            }
            former: dict[str, set[str]] = defaultdict(set)
            for row in connection.execute(select(former_regions).where(former_regions.c.company_id.in_(company_ids))):
                former[row.company_id].add(row.region)
            # The family is read after the rows: whoever adds a build commits it first and reads rows afterwards, so one
            # of us two sees the other.
            family = builds.family(connection)
        write = partial(_write_to, records, engine, set() if failing is None else failing, refresh=refresh)
        synced = _write(write, [rows[c] for c in company_ids if c in rows], former, family)
        if gone := [company_id for company_id in company_ids if company_id not in rows]:
            _bury_gone(engine, write, gone, family, synced)
    return synced


_EVERY_VERSION = 2**62  # there is no row whose version could be named, nor an outbox row without one


_Items = list[Document | Tombstone]
_Write = Callable[[Build, _Items], list[Written]]


def _write_to(
    records: Records, engine: Engine, failing: set[str], build: Build, items: _Items, *, refresh: bool
) -> list[Written]:
    """One that is not there needs nothing, if it is yet to be made: it is filled after that, from rows that are committed
    by now. Or it was given up since the family was read: then nobody reads it, and nobody ever will. One that is lost or
    damaged fails, and the work stays; it must not keep the other builds from what they are to hold.
    """
    nothing = [Written.FAILED] * len(items)
    if build.name in failing:
        return nothing
    try:
        return engine.write(build.name, items, refresh=refresh and build.filled)
    except NoSuchBuild:
        lost = False
        if build.filled:
            with records.reading() as connection:
                lost = build.name in {one.name for one in builds.family(connection, [build.region])}
        return nothing if lost else [Written.DONE] * len(items)
    except TryLater:
        raise
    except Unavailable as error:
        engine.names()
        failing.add(build.name)
        log.warning("build_failing", build=build.name, reason=error.reason)
        return nothing


def _write(write: _Write, rows: list[Row[Any]], former: dict[str, set[str]], family: list[Build]) -> Synced:
    items: dict[str, _Items] = defaultdict(list)
    unsettled: dict[str, int] = {}
    synced = Synced()
    ours = fingerprint()
    by_region = defaultdict(list)
    for build in family:
        by_region[build.region].append(build)
    for row in rows:
        item = to_item(row)
        if not any(build.state is State.LIVE for build in by_region[row.region]):
            unsettled[row.id] = row.index_version
            if not any(build.building_now for build in by_region[row.region]):
                synced.unserved.add(row.region)
        for build in by_region[row.region]:
            if isinstance(item, Document) and build.fingerprint != ours:
                # Of another make: only its own release can write documents to it. What is kept to go back to need not
                # have them, so the work does not wait for that, unless somebody may be going back to it: indexer.rollback.
                if build.state is not State.RETIRING or build.leased:
                    unsettled[row.id] = row.index_version
            else:
                items[build.name].append(item)
        for region in former[row.id] - {row.region}:
            for build in by_region[region]:
                items[build.name].append(Tombstone(row.id, row.index_version))
    for build in family:
        if items[build.name]:
            outcomes = write(build, items[build.name])
            for item, outcome in zip(items[build.name], outcomes, strict=True):
                if outcome is Written.FAILED:
                    unsettled[item.company_id] = item.version
                    synced.failed += 1
    synced.settled = [(row.id, row.index_version) for row in rows if row.id not in unsettled]
    return synced


def _bury_gone(engine: Engine, write: _Write, gone: list[str], family: list[Build], synced: Synced) -> None:
    """Companies are never deleted, only erased; whoever deletes one by hand leaves what the indices hold of it. Its region
    went with its row, so every index is asked.
    """
    failed = set[str]()
    for build in family:
        try:
            held = engine.versions(build.name, gone)
        except Unavailable:
            engine.names()  # raises where the engine does not answer at all
            failed.update(gone if build.filled else ())
            continue
        items: _Items = [Tombstone(company_id, version) for company_id, version in held.items()]
        outcomes = write(build, items) if items else []
        failed |= {item.company_id for item, one in zip(items, outcomes, strict=True) if one is Written.FAILED}
    synced.failed += len(failed)
    synced.settled += [(company_id, _EVERY_VERSION) for company_id in gone if company_id not in failed]


def bury(records: Records, engine: Engine, build: str, company_ids: Sequence[str]) -> None:
    """Put tombstones into a build for companies that its region does not have, so that it stops showing them.

    Under the newest version that anybody knows of: a company that moves in later has a newer one.
    """
    if not company_ids:
        return
    region = BuildName.parse(build).region
    with engine.exclusive():
        with records.reading() as connection:
            known = select(companies.c.id, companies.c.region, companies.c.index_version)
            rows = {row.id: row for row in connection.execute(known.where(companies.c.id.in_(company_ids)))}
        held = engine.versions(build, company_ids)
        strangers = [c for c in company_ids if c not in rows or rows[c].region != region]
        versions = {c: max(held.get(c, 0), rows[c].index_version if c in rows else 0) for c in strangers}
        engine.write(build, [Tombstone(c, version) for c, version in versions.items()], refresh=True)


def leave_to_the_outbox(records: Records, company_ids: Sequence[str]) -> None:
    """For a process of the make of the build that they are to be written to."""
    with records.writing() as connection:
        rows = connection.execute(
            select(companies.c.id, companies.c.index_version).where(companies.c.id.in_(company_ids))
        )
        outbox.add(connection, [(row.id, row.index_version) for row in rows])


def to_item(row: Row[Any]) -> Document | Tombstone:
    """What the indices of the row's own region must hold about it."""
    return Tombstone(row.id, row.index_version) if why_not_shown(row, row.region) else render(row)
