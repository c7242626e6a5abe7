"""What nobody has to remember: tidying up after rebuilds that died, comparing every region with the records by turns, putting
companies on the step of popularity where their links have brought them, and forgetting what is kept for a time only.

Any number of processes may do it beside their other work; leases see to it that a thing is done by one of them at a time.
"""

import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress

import structlog

from directory.errors import CarnetError, Refused
from directory.idempotency import forget_old_keys
from directory.popularity import reckon_popularity
from directory.records import Records
from directory.records.tables import now
from indexer.builds import live_builds
from indexer.engines.port import Engine
from indexer.janitor import alone, tidy
from indexer.lease import held
from indexer.reconcile import compared_at, last_checks, reconcile_region

log = structlog.get_logger()
EVERY_S = 60.0
_HOUR_MS = 3_600_000
POPULARITY, _HOUR_S = "popularity", 3_600.0


class Upkeep:
    """`hours`: how old a region's last comparison may become; 0 for never. `may_begin`: whether the index is in order."""

    def __init__(
        self, records: Records, engine: Engine, *, hours: float, may_begin: Callable[[], bool] = lambda: True
    ) -> None:
        self._records, self._engine, self._hours, self._may_begin = records, engine, hours, may_begin
        self._hourly_due = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns once the page at hand was compared."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                if self._may_begin():
                    tidy(self._records, self._engine)
                    self._once_an_hour()
                    self._reconcile()
            except _Stopped:
                return
            except CarnetError as error:
                log.warning("upkeep_failed", error=error.code, reason=getattr(error, "reason", ""))
            except Exception:  # whatever it was, the next round must come
                log.exception("upkeep_crashed")

    def _once_an_hour(self) -> None:
        """One process at a time: the others come to it when it is done, and find little to do."""
        if time.monotonic() < self._hourly_due:
            return
        with held(self._records, POPULARITY) as lease:
            if lease and (forgotten := forget_old_keys(self._records, self._page_done)):
                log.info("keys_forgotten", forgotten=forgotten)
            if lease and (moved := reckon_popularity(self._records)):
                log.info("popularity", moved=moved)
        self._hourly_due = time.monotonic() + _HOUR_S

    def _reconcile(self) -> None:
        tried: set[str] = set()
        while self._hours and (region := next_due(self._records, self._hours, tried)):
            tried.add(region)
            with suppress(Refused), alone(self._engine, region):  # refused: another process is at it
                checked = reconcile_region(self._records, self._engine, region, self._page_done)
                if any(checked.drift.values()):
                    log.warning(
                        "drift", region=region, left=checked.left, **{str(k): n for k, n in checked.drift.items()}
                    )

    def _page_done(self, _compared: int) -> None:
        if self._stop.is_set():
            raise _Stopped


class _Stopped(Exception):
    """The process is to end; the comparison is done another time."""


def next_due(records: Records, hours: float, but: Collection[str] = ()) -> str | None:
    """The region whose last comparison is the oldest, if it is older than that, `but` for those that were tried by now; one
    never compared comes first.
    """
    checks, oldest = last_checks(records), now() - hours * _HOUR_MS
    with records.reading() as connection:
        live = live_builds(connection)
    since = ((compared_at(checks, build), build.region) for build in live)
    due = [(at, region) for at, region in since if at < oldest and region not in but]
    return min(due)[1] if due else None
