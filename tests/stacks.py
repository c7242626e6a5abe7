"""What Carnet stands on in a test: nothing but a folder, or PostgreSQL, OpenSearch and Redis.

embedded   SQLite and Tantivy in the test's own folder
services   the same rules, pages and tests on real services, each test in a database, under a prefix and in a Redis
           database of its own
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

from directory.records import Records
from directory.records.database import create_sqlite_file
from directory.records.schema import migrate
from tests.services import addresses
from tests.services.own import own_database, own_prefix, own_redis

EMBEDDED, SERVICES = "embedded", "services"
Stack = Callable[[Path], AbstractContextManager[dict[str, str]]]


@contextmanager
def embedded(folder: Path) -> Iterator[dict[str, str]]:
    """Nothing needs to be set; the tables are there already, as after an earlier start."""
    (folder / "home").mkdir(mode=0o700)
    shutil.copy(_with_tables(), folder / "home" / "carnet.db")
    yield {}


@cache
def _with_tables() -> Path:
    """A SQLite file to copy from, which takes a tenth of the time of migrating each anew."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "carnet.db"
    create_sqlite_file(path)
    _make_tables(f"sqlite:///{path}")
    return path


@contextmanager
def services(folder: Path) -> Iterator[dict[str, str]]:
    """The settings of a place of one's own on the services of this run; what was made there goes with it."""
    found = addresses()
    with (
        own_database(found.database_url, template=_migrated()) as database,
        own_prefix(found.search_url) as prefix,
        own_redis(found.redis_url) as redis,
    ):
        yield {
            "CARNET_DATABASE_URL": database,
            "CARNET_SEARCH_URL": f"{found.search_url}#{prefix}",
            "CARNET_REDIS_URL": redis,
            "CARNET_JOURNAL": str(folder / "journal"),
            "CARNET_SECRET": "a secret for tests only, longer than 32 bytes",
        }


@cache
def _migrated() -> str:
    """A database with the tables, to copy from: that takes a tenth of the time of migrating each anew."""
    template = own_database(addresses().database_url)
    url = template.__enter__()  # lives as long as the run; the services' keeper takes it away with everything else
    _make_tables(url)
    _kept.append(template)
    return url


def _make_tables(url: str) -> None:
    records = Records(url)
    migrate(records)
    records.close()


_kept: list[AbstractContextManager[str]] = []

STACKS: dict[str, Stack] = {EMBEDDED: embedded, SERVICES: services}
