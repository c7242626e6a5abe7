"""What Carnet stands on in a test: nothing but a folder, or PostgreSQL, OpenSearch and Redis.

embedded   SQLite and Tantivy in the test's own folder
services   the same rules, pages and tests on real services, each test in a database, under a prefix and in a Redis
           database of its own

A place is empty but for the tables, or `settled`: with the small network in it. To make one takes longer than most tests do,
so it is a copy: of a home; of a database, beside indices that no test has changed since they were built.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path

from directory.records import Records
from directory.records.schema import migrate
from directory.records.sqlite import create_sqlite_file
from tests.services import addresses
from tests.services.own import own_database, own_prefix, own_redis
from tests.shelf import Shelf, stands_on
from tests.small_network import settle

EMBEDDED, SERVICES = "embedded", "services"
Stack = Callable[..., AbstractContextManager[dict[str, str]]]


@contextmanager
def embedded(folder: Path, *, settled: bool = False) -> Iterator[dict[str, str]]:
    """Nothing needs to be set; the tables are there already, as after an earlier start."""
    shutil.copytree(_home(settled=settled), folder / "home", symlinks=True)  # the live build is a link
    yield {}


@cache
def _home(*, settled: bool) -> Path:
    """A home to copy from."""
    folder = Path(_made_once.enter_context(tempfile.TemporaryDirectory(prefix="carnet-home-")))
    home = folder / "home"
    home.mkdir(mode=0o700)
    if settled:
        shutil.copy(_home(settled=False) / "carnet.db", home)
        settle(folder, {})
    else:
        create_sqlite_file(home / "carnet.db")
        _make_tables(f"sqlite:///{home / 'carnet.db'}")
    return home


@contextmanager
def services(folder: Path, *, settled: bool = False) -> Iterator[dict[str, str]]:
    """The settings of a place of one's own on the services of this run; what was made there goes with it."""
    found = addresses()
    with ExitStack() as made:
        if settled:
            indices = made.enter_context(_shelf().taken())
            prefix, template = indices.prefix, indices.database_url
            shutil.copytree(indices.folder, folder, dirs_exist_ok=True)
        else:
            prefix, template = made.enter_context(own_prefix(found.search_url)), _migrated()
        database = made.enter_context(own_database(found.database_url, template=template))
        redis = made.enter_context(own_redis(found.redis_url))
        yield {**stands_on(found, database, prefix, folder), "CARNET_REDIS_URL": redis}


@cache
def _shelf() -> Shelf:
    """Indices of the small network."""
    shelf = Shelf(addresses(), _migrated())
    _made_once.callback(shelf.close)
    return shelf


@cache
def _migrated() -> str:
    """A database with the tables, to copy from: that takes a tenth of the time of migrating each anew."""
    url = _made_once.enter_context(own_database(addresses().database_url))
    _make_tables(url)
    return url


def _make_tables(url: str) -> None:
    records = Records(url)
    migrate(records)
    records.close()


_made_once = ExitStack()


def tidy_up() -> None:
    """Take away what all tests have copied from."""
    _made_once.close()


STACKS: dict[str, Stack] = {EMBEDDED: embedded, SERVICES: services}
