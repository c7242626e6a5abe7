"""Puts the index family in order when the process that owns an index starts: what a crash or a lost folder has left.

Only for an owner, who knows that nobody else is rebuilding.
"""

import structlog

from directory.records import Records
from indexer.builds import Build, State, family, make_live
from indexer.engines.port import Engine
from indexer.rebuild import discard, rebuild_region
from indexer.render import fingerprint

log = structlog.get_logger()


def recover(records: Records, engine: Engine) -> None:
    """Finish swaps that a crash cut short, drop builds that were never finished, and rebuild what is lost or outdated."""
    with records.reading() as connection:
        builds = family(connection)
    named = {build.name for build in builds}
    for name in engine.names():
        if name not in named:
            engine.drop(name)
    present = set(engine.names())
    for region in sorted({build.region for build in builds}):
        _recover_region(records, engine, region, [build for build in builds if build.region == region], present)


def _recover_region(records: Records, engine: Engine, region: str, builds: list[Build], present: set[str]) -> None:
    served = engine.serving(region)
    if any(build.name == served and build.state is State.BUILDING for build in builds):
        # It had been verified, or look-ups would not read it; only the note of that is missing.
        with records.writing() as connection:
            make_live(connection, region, str(served))
        log.info("swap_finished", build=served)
    unfinished = [b.name for b in builds if b.state is State.BUILDING and b.name != served]
    lost = [b.name for b in builds if b.name not in present and b.name not in unfinished]
    discard(records, engine, [*unfinished, *lost])
    current = any(b.name == served and b.name in present and b.fingerprint == fingerprint() for b in builds)
    if not current:
        log.info("rebuilding", region=region, lost=len(lost))
        rebuild_region(records, engine, region)
