"""What happens to the records: locked, frozen, gone. As in `faults_index`."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg

from tests.chaos.faults_index import wait
from tests.chaos.site import Site
from tests.services.given import plain


def _by_turns(hurt: Callable[[Site], AbstractContextManager[None]]) -> Callable[[Site, random.Random, float], None]:
    def fault(site: Site, rng: random.Random, until: float) -> None:
        while time.monotonic() < until:
            wait(0.5 + rng.random(), until)
            with hurt(site):
                time.sleep(3)

    return fault


@contextmanager
def _locked(site: Site) -> Iterator[None]:
    """Somebody holds the table of companies, as a migration or a repair by hand does."""
    with psycopg.connect(plain(site.settings.database_url)) as connection:
        connection.execute("LOCK TABLE companies IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def _frozen(site: Site) -> Iterator[None]:
    site.records_line.freeze()
    try:
        yield
    finally:
        site.records_line.thaw()


@contextmanager
def _gone(site: Site) -> Iterator[None]:
    site.records_line.cut()
    try:
        yield
    finally:
        site.records_line.join()


records_locked, records_frozen, records_gone = map(_by_turns, (_locked, _frozen, _gone))
