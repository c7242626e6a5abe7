"""Compares the live index with the records, and repairs what differs.

Nothing should ever: every change leaves work, and the work stays until the index was seen to agree. This finds what
happened beside that, such as an index that was put back from a backup.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from directory.errors import Message, Refused
from directory.records import Records
from directory.records.tables import index_checks, now
from indexer.backfill import Progress
from indexer.build_names import BuildName
from indexer.builds import Build, State, family
from indexer.compare import Difference, Kind, compare, confirmed
from indexer.engines.port import Engine
from indexer.history import Event, note
from indexer.lease import held
from indexer.render import fingerprint
from indexer.sync import bury, leave_to_the_outbox, sync_companies


@dataclass(frozen=True, slots=True)
class Checked:
    """What a comparison found. `left`: how many of the differences are still there. `at`, `took_ms`: milliseconds."""

    region: str
    build: str
    at: int
    compared: int
    drift: Mapping[Kind, int]
    left: int
    took_ms: int


def reconcile_region(
    records: Records, engine: Engine, region: str, progress: Progress = lambda _done: None, *, repair: bool = True
) -> Checked:
    """Compare the region's live build with the records, and repair it unless told not to.

    Raises Unavailable; Refused where another process does the same, or where there is no live build.
    """
    with held(records, f"check of {region}") as lease:
        if lease is None:
            raise Refused(Message("The index of %(region)s is being compared by another process.", region=region))
        build = _live(records, region)

        def page_done(compared: int) -> None:
            lease.beat(records)
            progress(compared)

        checked = check_build(records, engine, build, page_done, repair=repair)
        _keep(records, checked)
    return checked


def check_build(
    records: Records, engine: Engine, build: str, progress: Progress = lambda _done: None, *, repair: bool = True
) -> Checked:
    """The same for any build, noting nothing."""
    region, at, started = BuildName.parse(build).region, now(), time.monotonic()
    drift: Counter[Kind] = Counter()
    compared = left = 0
    for page in compare(records, engine, build):
        found = confirmed(records, engine, build, page.suspects) if page.suspects else []
        drift.update(one.kind for one in found)
        left += len(_repair(records, engine, build, found) if repair and found else found)
        compared += page.compared
        progress(page.compared)
    return Checked(region, build, at, compared, drift, left, round((time.monotonic() - started) * 1000))


def _repair(records: Records, engine: Engine, build: str, found: list[Difference]) -> list[Difference]:
    """What differs still. A version that the records have not reached cannot be taken back: only a new build helps."""
    sync_companies(records, engine, [one.company_id for one in found], refresh=False)
    bury(records, engine, build, [one.company_id for one in found if one.kind is Kind.ORPHAN])
    left = confirmed(records, engine, build, [one.company_id for one in found])
    if left and _is_of_another_make(records, build):  # a process of its own can
        leave_to_the_outbox(records, [one.company_id for one in left if one.kind in (Kind.MISSING, Kind.STALE)])
    return left


def _is_of_another_make(records: Records, build: str) -> bool:
    with records.reading() as connection:
        builds = family(connection, [BuildName.parse(build).region])
    return any(one.name == build and one.fingerprint != fingerprint() for one in builds)


def _live(records: Records, region: str) -> str:
    with records.reading() as connection:
        for build in family(connection, [region]):
            if build.state is State.LIVE:
                return build.name
    raise Refused(Message("There is no index of %(region)s to compare: run `carnet index rebuild`.", region=region))


def _keep(records: Records, checked: Checked) -> None:
    found = {str(kind): checked.drift.get(kind, 0) for kind in Kind}
    row = {"region": checked.region, "build": checked.build, "at": checked.at, "compared": checked.compared}
    with records.writing() as connection:
        connection.execute(delete(index_checks).where(index_checks.c.region == checked.region))
        connection.execute(insert(index_checks).values(**row, **found, left=checked.left, took_ms=checked.took_ms))
        if any(found.values()):
            note(connection, Event.DRIFT, checked.region, checked.build, **found, left=checked.left)


def compared_at(checks: Mapping[str, Checked], build: Build) -> int:
    """When a live build's region was compared last; the build was when it was made."""
    return max(checks[build.region].at if build.region in checks else 0, build.created_at)


def last_checks(records: Records) -> dict[str, Checked]:
    """The last comparison of each region that has been compared."""
    with records.reading() as connection:
        return {
            row.region: Checked(
                row.region,
                row.build,
                row.at,
                row.compared,
                {kind: row._mapping[str(kind)] for kind in Kind},
                row.left,
                row.took_ms,
            )
            for row in connection.execute(select(index_checks))
        }
