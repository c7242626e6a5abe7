"""Whether every look-up has an index to read, asked by /readyz and `carnet doctor`."""

from directory.errors import Unavailable
from directory.records import Records
from indexer.builds import live_builds
from indexer.engines.port import Engine


def check_engine(records: Records, engine: Engine) -> None:
    """Raises Unavailable("search") where a live build is missing from the engine or a region's look-ups read none, or where the
    engine is not set up for us.
    """
    engine.check()
    with records.reading() as connection:
        live = live_builds(connection)
    names = set(engine.names())
    if missing := [build.name for build in live if build.name not in names]:
        raise Unavailable("search", f"{len(missing)} of {len(live)} live indices are missing, {missing[0]} first")
    # Not whether they read the live one: during a swap they read the new one a moment before the records say so.
    if unread := sorted({build.region for build in live} - engine.served_regions()):
        raise Unavailable("search", f"look-ups of these regions read no index: {', '.join(unread[:5])}")
