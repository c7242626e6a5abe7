"""How often a member may look up: counted in memory or in Redis, by the library `limits`. Never by address: offices share one.

Counted is a person: a member of a company, or a firm's member for all its clients together. The window moves, so nobody
gets twice as much around a full minute. With Redis gone or frozen each process counts for itself at once, by the same
numbers, and asks for Redis again after 1, 2, 4 … 32 seconds; no request waits for it longer than a tenth of a second.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import structlog
from flask import Flask
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import storage_from_string

from api.moving_window import OwnMemory
from api.services import LookupLimits
from api.sign_in import claims
from directory.errors import TooManyRequests

_KEY = "carnet"
_LONGEST_PAUSE_S = 32
log = structlog.get_logger()


def init_app(app: Flask, limits: LookupLimits | None, counted: Mapping[str, int | Callable[[], int]]) -> None:
    """Count requests of these endpoints as so many look-ups each; a function is asked within the request."""
    if limits is None:
        return
    counter = Counter(limits)
    for endpoint, cost in counted.items():
        app.view_functions[endpoint] = _limited(app.view_functions[endpoint], counter, cost)


def _limited(view: Callable[..., Any], counter: "Counter", cost: int | Callable[[], int]) -> Callable[..., Any]:
    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        wait_s = counter.hit(_who(), cost if isinstance(cost, int) else cost())
        if wait_s is not None:
            raise TooManyRequests(wait_s)
        return view(*args, **kwargs)

    return counted


def _who() -> str:
    """The store need not know anybody's name. Whoever acts for clients has a token of the firm, and is one person."""
    who = claims()
    return hashlib.sha256(f"{who.subject}\0{who.company}".encode()).hexdigest()[:32]


class Counter:
    """Counts in the store that the settings name; in this process's memory where they name none, or while it is away."""

    def __init__(self, limits: LookupLimits) -> None:
        self._rates = sorted(parse_many(limits.per_member))
        self._own = OwnMemory()
        in_memory = limits.storage.startswith("memory:")
        self._store: Any = None if in_memory else storage_from_string(limits.storage, **limits.options)
        self._back_at = 0.0  # 0: the store is there
        self._pause_s = 1
        self._asking = threading.Lock()

    def hit(self, who: str, cost: int) -> float | None:
        """None once counted; else the seconds until all of the rates allow one more."""
        if self._store is not None and self._is_there():
            try:
                return self._hit(self._store, who, cost)
            except StorageError as error:
                self._leave(error)
        return self._hit(self._own, who, cost)

    def _hit(self, store: Any, who: str, cost: int) -> float | None:
        for rate in self._rates:  # the shortest first; what it has counted stays counted where a longer one refuses
            if not store.acquire_entry(_key(rate, who), rate.amount, rate.get_expiry(), amount=cost):
                return self._wait_s(store, who, cost)
        return None

    def _wait_s(self, store: Any, who: str, cost: int) -> float:
        waits = []
        for rate in self._rates:
            start, count = store.get_moving_window(_key(rate, who), rate.amount, rate.get_expiry())
            if count + cost > rate.amount:
                waits.append(start + rate.get_expiry() - time.time())
        return max(waits, default=1)

    def _is_there(self) -> bool:
        if not self._back_at:
            return True
        if time.monotonic() < self._back_at or not self._asking.acquire(blocking=False):
            return False
        try:
            if self._store.check():
                self._back_at, self._pause_s = 0.0, 1
                log.warning("limits_store", said="back")
                return True
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
            self._back_at = time.monotonic() + self._pause_s
            return False
        finally:
            self._asking.release()

    def _leave(self, error: StorageError) -> None:
        self._back_at = time.monotonic() + self._pause_s
        log.warning("limits_store", said="away", error=type(error.storage_error).__name__)


def _key(rate: RateLimitItem, who: str) -> str:
    return rate.key_for(_KEY, who, "look-ups")
