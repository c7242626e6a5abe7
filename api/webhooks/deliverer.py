"""Numbers what was committed, and tells webhooks of it, beside a server or a worker. Any number of processes may."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from api import metrics
from directory.errors import CarnetError
from directory.updates.deliveries import Dispatch, deliver
from directory.updates.leases import Due, take_due, wake
from directory.updates.numbering import number_committed

log = structlog.get_logger()
EVERY_S = 1.0
AT_ONCE = 8  # webhooks that are told at a time: a receiver that takes its 5 s holds up no others


class Deliverer:
    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver")
        self._busy: set[Future[None]] = set()
        self._thread = threading.Thread(target=self._run, name="deliver", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns once the messages that are under way were answered, or took too long."""
        self._stop.set()
        self._thread.join(timeout=30)
        self._pool.shutdown(wait=True)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._round()
            self._stop.wait(EVERY_S)

    def _round(self) -> None:
        try:
            number_committed(self._dispatch.records)
            wake(self._dispatch.records)
            self._busy = {one for one in self._busy if not one.done()}
            if free := AT_ONCE - len(self._busy):
                for due in take_due(self._dispatch.records, free):
                    self._busy.add(self._pool.submit(self._deliver, due))
        except CarnetError as error:
            log.warning("deliveries_failed", error=error.code, reason=getattr(error, "reason", ""))
        except Exception:  # whatever it was, the next round must come
            log.exception("deliveries_crashed")

    def _deliver(self, due: Due) -> None:
        try:
            for outcome in deliver(self._dispatch, due, lambda: not self._stop.is_set()):
                metrics.DELIVERIES.labels(outcome).inc()
        except CarnetError as error:  # the lease ends, and somebody goes on
            log.warning("delivery_failed", webhook=due.id, error=error.code, reason=getattr(error, "reason", ""))
        except Exception:
            log.exception("delivery_crashed", webhook=due.id)
