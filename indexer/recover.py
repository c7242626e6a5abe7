"""Puts all of the index in order when the process that owns an index starts: what a crash or a lost folder has left.

Only for an owner, who knows that nobody else is rebuilding.
"""

import structlog

from directory.records import Records
from indexer.builds import State, all_builds, end_leases, region_lease
from indexer.engines.port import Engine
from indexer.janitor import alone, drop_orphans
from indexer.mend import mend_region
from indexer.rebuild import rebuild_region
from indexer.render import fingerprint

log = structlog.get_logger()


def recover(records: Records, engine: Engine) -> bool:
    """Finish swaps that a crash cut short, drop builds that were never finished, and rebuild what is lost, damaged or
    outdated. Whether all regions are in order now: one that is not keeps none of the others from it.
    """
    with records.reading() as connection:
        regions = sorted({build.region for build in all_builds(connection)})
    end_leases(records)
    drop_orphans(records, engine)
    in_order = 0
    for region in regions:
        with alone(engine, region):
            with region_lease(records, region) as lease:
                mend_region(records, engine, lease, region)
            if not _is_current(records, engine, region):
                log.info("rebuilding", region=region)
                rebuild_region(records, engine, region, allow_shrink=True)
            in_order += 1
    return in_order == len(regions)


def _is_current(records: Records, engine: Engine, region: str) -> bool:
    served, present = engine.serving(region), engine.names()
    with records.reading() as connection:
        builds = all_builds(connection, [region])
    return any(
        build.name == served
        and build.name in present
        and build.state is State.LIVE
        and build.fingerprint == fingerprint()
        and engine.is_whole(build.name)
        for build in builds
    )
