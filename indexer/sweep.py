"""Looks into the outbox every second, so that no change waits for a message that was lost.

It belongs to the process that owns the index, and first puts in order what an earlier owner has left.
"""

import threading

import structlog

from directory.errors import CarnetError
from directory.records import Records
from indexer.drain import drain
from indexer.engines.port import Engine
from indexer.recover import recover

log = structlog.get_logger()
EVERY_S = 1.0


class Sweeper:
    def __init__(self, records: Records, engine: Engine) -> None:
        self._records, self._engine = records, engine
        self._recovered = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._sweep()
            self._stop.wait(EVERY_S)

    def _sweep(self) -> None:
        try:
            if not self._recovered:
                recover(self._records, self._engine)
                self._recovered = True
            drain(self._records, self._engine)
        except CarnetError as error:
            log.warning("sweep_failed", error=error.code, reason=getattr(error, "reason", ""))
        except Exception:  # whatever it was, the next sweep must come
            log.exception("sweep_crashed")
