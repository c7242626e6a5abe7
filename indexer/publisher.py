"""Brings a change into the index at once, for a caller who waits only so long."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

import structlog

from directory import outbox
from directory.errors import CarnetError
from directory.records import Records
from indexer.engines.port import Engine
from indexer.sync import sync_companies

log = structlog.get_logger()


class DirectPublisher:
    """Writes from this process. What it does not finish in time goes on behind the caller's back; the outbox knows.

    `ring` is called for what could not be written: a worker may have better luck. It must not raise.
    """

    def __init__(self, records: Records, engine: Engine, ring: Callable[[], None] = lambda: None) -> None:
        self._records, self._engine, self._ring = records, engine, ring
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="publish")

    def publish(self, company_ids: Sequence[str], *, within: float) -> bool:
        try:
            begun = self._pool.submit(self._sync, company_ids)
            return begun.result(timeout=within)
        except TooLate:
            # What was not begun is left to the sweep: behind an engine that was away for an hour, all that was called for
            # meanwhile would come first.
            if begun.cancel():
                self._ring()
            return False
        except (RuntimeError, CancelledError):  # shutting down
            return False

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _sync(self, company_ids: Sequence[str]) -> bool:
        started = time.monotonic()
        try:
            synced = sync_companies(self._records, self._engine, company_ids)
            with self._records.writing() as connection:
                outbox.settle(connection, synced.settled)
            for _ in synced.settled:
                outbox.note_settled(time.monotonic() - started)
        except CarnetError as error:
            log.warning("publish_failed", error=error.code, reason=getattr(error, "reason", ""))
            self._ring()
            return False
        except Exception:
            log.exception("publish_crashed")
            return False
        return len(synced.settled) == len(company_ids)
