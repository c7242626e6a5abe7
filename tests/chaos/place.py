"""A place on a ground for one site: a database, a prefix of index names and a Redis database of its own, and lines to them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from carnet.stores import open_engine, open_records
from tests.chaos.ground import Ground, line_to
from tests.chaos.names import Names
from tests.chaos.points import Points
from tests.chaos.site import Site
from tests.conftest import Home
from tests.services.own import own_database, own_prefix, own_redis

_PLENTY = "1000000/minute"  # limits are on, so that every look-up asks Redis; nobody reaches them


@contextmanager
def site_on(ground: Ground, folder: Path, names: Names, planted: str = "") -> Iterator[Site]:
    """A place of its own on the ground: database, index names, Redis. Nothing is running in it yet."""
    with ExitStack() as made:
        database = made.enter_context(own_database(ground.database.address, template=ground.template))
        prefix = made.enter_context(own_prefix(ground.search.address))
        redis = made.enter_context(own_redis(ground.redis.address))
        search_line, search = line_to(ground.search.address)
        records_line, records_address = line_to(database)
        for line in (search_line, records_line):
            made.callback(line.cut)
        points = Points(folder / "points")
        points.folder.mkdir()
        there = {
            "CARNET_DATABASE_URL": records_address,
            "CARNET_SEARCH_URL": f"{search}#{prefix}",
            "CARNET_REDIS_URL": redis,
            "CARNET_JOURNAL": str(folder / "journal"),
            "CARNET_SECRET": "a secret for tests only, longer than 32 bytes",
            "CARNET_LIMITS": "on",
            "CARNET_LIMIT_LOOKUPS": _PLENTY,
            "CHAOS_POINTS": str(points.folder),
            "CHAOS_PLANTED": planted,
        }
        home = Home(folder, there)
        direct = replace(home.settings, database_url=database, search_url=f"{ground.search.address}#{prefix}")
        records, engine = open_records(direct), open_engine(direct)
        made.callback(records.close)
        made.callback(engine.close)
        site = Site(ground, home, direct, search_line, records_line, points, prefix, names, records, engine)
        made.callback(site.stop)
        yield site
