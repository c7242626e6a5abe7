"""Looks into the outbox every second, so that no change waits for a message that was lost.

Where one process owns the index, it first puts in order what an earlier owner has left. What else may be left unfinished,
the caller hands in: it is looked at after the outbox, and whether or not that went well.
"""

import signal
import threading
import time
from collections.abc import Callable

import structlog

from directory.errors import CarnetError, Unavailable
from directory.records import Records
from indexer.drain import drain
from indexer.engines.port import Engine
from indexer.recover import recover

log = structlog.get_logger()
EVERY_S = 1.0
SLOWEST_S = 10.0
_REST = 10  # times as long as a sweep took that came to nothing: each reads and renders all that waits anew
_AGAIN_S = 60.0  # after regions that could not be put in order


class Sweeper:
    """`owner`: whether this process alone writes the index, and so may put it in order first."""

    def __init__(self, records: Records, engine: Engine, also: Callable[[], None], *, owner: bool) -> None:
        self._records, self._engine, self._also = records, engine, also
        self._recovered = not owner
        self._recover_at = 0.0 if owner else float("inf")
        self._sweep_at = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def recovered(self) -> bool:
        """Whether the index was put in order as far as that was possible, so that others may work on it."""
        return self._recovered

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stop.is_set():
            if time.monotonic() >= self._sweep_at:
                _whatever_happens(self._sweep)
            _whatever_happens(self._also)
            self._stop.wait(EVERY_S)

    def _sweep(self) -> None:
        if time.monotonic() >= self._recover_at:
            in_order = recover(self._records, self._engine)
            self._recover_at = float("inf") if in_order else time.monotonic() + _AGAIN_S
            self._recovered = True
        self._drain()

    def _drain(self) -> None:
        began, done = time.monotonic(), list[int]()
        try:
            drain(self._records, self._engine, done.append)
        except Unavailable as error:
            if error.part == "search" and not any(done):
                ended = time.monotonic()
                self._sweep_at = ended + min(SLOWEST_S, _REST * (ended - began))
            raise


def _whatever_happens(work: Callable[[], None]) -> None:
    try:
        work()
    except CarnetError as error:
        log.warning("sweep_failed", error=error.code, reason=getattr(error, "reason", ""))
    except Exception:  # whatever it was, the next sweep must come
        log.exception("sweep_crashed")


def sweep_until_stopped(records: Records, engine: Engine, also: Callable[[], None]) -> None:
    """Sweep until SIGTERM or SIGINT."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    sweeper = Sweeper(records, engine, also, owner=False)
    sweeper.start()
    stopped.wait()
    sweeper.stop()
