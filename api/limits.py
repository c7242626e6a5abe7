"""How often a member may look up: counted in memory or in Redis, by the library `limits`. Never by address: offices share one.

Counted is a person: a member of a company, or a firm's member for all its clients together. The window moves, so nobody
gets twice as much around a full minute. With Redis gone or frozen each process counts for itself at once, by the same
numbers, and asks for Redis again after 1, 2, 4 … 32 seconds; no request waits for it longer than a tenth of a second.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any

import structlog
from cachetools import LRUCache
from flask import Flask, current_app
from limits import parse_many
from limits.errors import StorageError

from api.bearer import Claims
from api.moving_window import OwnMemory, Window
from api.services import LookupLimits
from api.sign_in import claims
from directory.errors import TooManyRequests

_KEY = "carnet"
_EXTENSION = "carnet_look_ups"
_REFUSED, _INSISTING = 10_000, 5
_LONGEST_PAUSE_S = 32
log = structlog.get_logger()


def init_app(app: Flask, limits: LookupLimits | None, counted: Mapping[str, int | Callable[[], int]]) -> None:
    """Count requests of these endpoints as so many look-ups each; a function is asked within the request."""
    if limits is None:
        return
    app.extensions[_EXTENSION] = Counter(limits)
    for endpoint, cost in counted.items():
        app.view_functions[endpoint] = _limited(app.view_functions[endpoint], cost)


def _limited(view: Callable[..., Any], cost: int | Callable[[], int]) -> Callable[..., Any]:
    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        count_look_ups(cost if isinstance(cost, int) else cost())
        return view(*args, **kwargs)

    return counted


def count_look_ups(cost: int = 1) -> None:
    """Count what the request does as so many look-ups. Raises TooManyRequests."""
    _refuse(lambda counter: counter.hit(_who(), cost))


def refuse_the_refused() -> None:
    """Raises TooManyRequests for whoever was told to wait and goes on asking: before anything is done for them."""
    _refuse(lambda counter: counter.still_refused(_who()))


def _refuse(asked: "Callable[[Counter], float | None]") -> None:
    counter: Counter | None = current_app.extensions.get(_EXTENSION)
    if counter and (wait_s := asked(counter)) is not None:
        raise TooManyRequests(wait_s)


def _who() -> str:
    """The store need not know anybody's name. Whoever acts for clients has a token of the firm, and is one person."""
    return _digest(claims())


@lru_cache(10_000)
def _digest(who: Claims) -> str:
    return hashlib.sha256(f"{who.subject}\0{who.company}".encode()).hexdigest()[:32]


class Counter:
    """Counts in the store that the settings name; in this process's memory where they name none, or while it is away."""

    def __init__(self, limits: LookupLimits) -> None:
        self._rates = sorted(parse_many(limits.per_member))
        self._own = OwnMemory()
        in_memory = limits.storage.startswith("memory:")
        self._store: Any = None if in_memory else _in_redis(limits)
        self._back_at = 0.0  # 0: the store is there
        self._pause_s = 1
        self._asking = threading.Lock()
        self._refused: LRUCache[str, tuple[float, int]] = LRUCache(_REFUSED)
        self._lock = threading.Lock()

    def still_refused(self, who: str) -> float | None:
        """The seconds that are left of those that `hit` said last, for somebody to whom it has said so again and again
        since; None for everybody else.
        """
        with self._lock:
            until, times = self._refused.get(who, (0.0, 0))
        return until - time.time() if times >= _INSISTING and until > time.time() else None

    def hit(self, who: str, cost: int) -> float | None:
        """None once counted; else the seconds until all of the rates allow as many."""
        wait_s = self._hit_somewhere(who, cost)
        if wait_s is not None and cost == 1:
            with self._lock:
                until, times = self._refused.get(who, (0.0, 0))
                self._refused[who] = time.time() + wait_s, times + 1 if until > time.time() else 1
        return wait_s

    def _hit_somewhere(self, who: str, cost: int) -> float | None:
        if self._store is not None and self._is_there():
            try:
                return self._hit(self._store, who, cost)
            except StorageError as error:
                self._leave(error)
        return self._hit(self._own, who, cost)

    def _hit(self, store: Any, who: str, cost: int) -> float | None:
        # The shortest first; what it has counted stays counted where a longer one refuses.
        windows = [Window(rate.key_for(_KEY, who, "look-ups"), rate.amount, rate.get_expiry()) for rate in self._rates]
        return None if store.acquire(windows, cost) else _wait_s(store, windows, cost)

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


def _in_redis(limits: LookupLimits) -> Any:
    from api.redis_windows import RedisWindows  # Redis is an extra

    return RedisWindows(limits.storage, limits.options)


def _wait_s(store: Any, windows: Sequence[Window], cost: int) -> float:
    now = time.time()
    free_at = [store.free_at(one, cost) if cost <= one.limit else now + one.expiry for one in windows]
    return float(max(free_at)) - now
