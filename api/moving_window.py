"""Moving windows in this process's memory: when somebody did something, for as long as it counts.

The library's own memory starts a thread for nearly every request, which then walks through everybody's entries.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

_SWEEP_FROM = 1_000


class Window(NamedTuple):
    key: str
    limit: int
    expiry: int  # seconds


class OwnMemory:
    """Safe for threads."""

    def __init__(self) -> None:
        self._moments: dict[str, deque[float]] = {}
        self._until: dict[str, float] = {}  # when the last moment of each leaves its window
        self._sweep_at = _SWEEP_FROM
        self._lock = threading.Lock()

    def acquire(self, windows: Sequence[Window], amount: int) -> bool:
        """Count `amount` now in each window in turn, up to one that would then hold more than its limit: whether none would."""
        return all(self._acquire(*window, amount) for window in windows)

    def _acquire(self, key: str, limit: int, expiry: int, amount: int) -> bool:
        now = time.time()
        with self._lock:
            if key not in self._moments and len(self._moments) >= self._sweep_at:
                self._forget_who_is_long_gone(now)
            moments = self._moments.setdefault(key, deque())
            while moments and moments[0] < now - expiry:
                moments.popleft()
            if len(moments) + amount > limit:
                return False
            moments.extend([now] * amount)
            self._until[key] = now + expiry
            return True

    def free_at(self, window: Window, amount: int) -> float:
        """From when on the window has room for `amount` more, its limit at most: by now, or once those that are in their place
        have left it.
        """
        now, room = time.time(), window.limit - amount
        with self._lock:
            moments = self._moments.get(window.key, ())
            in_their_place = moments[-1 - room] if len(moments) > room else 0.0
        return max(now, in_their_place + window.expiry)

    def _forget_who_is_long_gone(self, now: float) -> None:
        for key in [key for key in self._moments if self._until.get(key, 0) < now]:
            del self._moments[key]
            self._until.pop(key, None)
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._moments))
