"""Removes what nobody names any more: indices without a row, builds that were given up.

Exact names only, read by BuildName, never patterns: an index that is not ours, or of another prefix, is none of ours.
"""

from contextlib import suppress

import structlog

from directory.errors import Refused
from directory.records import Records
from indexer.builds import Build, BuildName, State, all_builds, region_lease
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
    for region in sorted({build.region for build in builds if not build.leased}):
        if _is_unfinished(engine, region, [build for build in builds if build.region == region]):
            with suppress(Refused), region_lease(records, region) as lease:
                mend_region(records, engine, lease, region)


def _is_unfinished(engine: Engine, region: str, builds: list[Build]) -> bool:
    live = next((build.name for build in builds if build.state is State.LIVE), None)
    return any(build.state in _UNFINISHED for build in builds) or engine.serving(region) != live


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
        if name not in named and engine.serving(region) != name:
            engine.drop(name)
            with records.writing() as connection:
                note(connection, Event.DROPPED, region, name, reason="no row names it")
            log.info("orphan_dropped", build=name)
            dropped.append(name)
    return dropped
