"""Looks into the outbox every second, so that no change waits for a message that was lost."""

import threading

import structlog

from directory.errors import CarnetError
from directory.records import Records
from indexer.drain import drain
from indexer.engines.port import Engine

log = structlog.get_logger()
EVERY_S = 1.0


class Sweeper:
    def __init__(self, records: Records, engine: Engine) -> None:
        self._records, self._engine = records, engine
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                drain(self._records, self._engine)
            except CarnetError as error:
                log.warning("sweep_failed", error=error.code, reason=getattr(error, "reason", ""))
            except Exception:  # whatever it was, the next sweep must come
                log.exception("sweep_crashed")
