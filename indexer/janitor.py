"""Removes what nobody names any more: indices without a row, builds that were given up.

Exact names only, read by BuildName, never patterns: an index that is not ours, or of another prefix, is none of ours.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import structlog

from directory.errors import Refused, Unavailable
from directory.records import Records
from indexer.build_names import BuildName
from indexer.builds import Build, State, all_builds, region_lease
from indexer.engines.port import Engine
from indexer.history import Event, note
from indexer.mend import mend_region

log = structlog.get_logger()


def tidy(records: Records, engine: Engine) -> None:
    """Drop orphans, and mend regions in which somebody died at work, or did not hear what came of a swap. A region that
    somebody works on is left alone.
    """
    drop_orphans(records, engine)
    with records.reading() as connection:
        builds = all_builds(connection)
    present = engine.names()
    for region in sorted({build.region for build in builds if not build.leased}):
        if _is_unfinished(engine, region, [build for build in builds if build.region == region], present):
            with suppress(Refused), alone(engine, region), region_lease(records, region) as lease:
                mend_region(records, engine, lease, region)


@contextmanager
def alone(engine: Engine, region: str) -> Iterator[None]:
    """One region that fails keeps none of the others waiting; an engine that is away does. Raises Unavailable."""
    try:
        yield
    except Unavailable as error:
        log.warning("region_failed", region=region, reason=error.reason)
        engine.names()


def _is_unfinished(engine: Engine, region: str, builds: list[Build], present: Collection[str]) -> bool:
    """All work of a region waits for a build that is kept to go back to, so one that is lost must not stay among its rows."""
    live = [build.name for build in builds if build.state is State.LIVE]
    lost = any(build.state is State.RETIRING and build.name not in present for build in builds)
    return lost or any(build.state in _UNFINISHED for build in builds) or engine.readers(region) != live


_UNFINISHED = (State.BUILDING, State.DROPPING)


def drop_orphans(records: Records, engine: Engine) -> list[str]:
    """Drop indices that no row names, and that look-ups do not read; which.

    The names are read before the rows: a build's row is committed before its index is made, so none is missed.
    """
    names = engine.names()
    with records.reading() as connection:
        named = {build.name for build in all_builds(connection)}
    dropped = []
    for name in names:
        region = BuildName.parse(name).region
        if name not in named and name not in engine.readers(region):
            with alone(engine, region):
                engine.drop(name)
                with records.writing() as connection:
                    note(connection, Event.DROPPED, region, name, reason="no row names it")
                log.info("orphan_dropped", build=name)
                dropped.append(name)
    return dropped
