"""Moving windows in Redis, kept as the library `limits` keeps them: all of somebody's windows in one round trip.

Every letter is counted in two of them, and a round trip is a sixth of an answer that asks no index. It is one script, which
nobody sees at work: a look-up that the minute refuses must not stand in the day for a moment, or another one that is refused
beside it is told to come back tomorrow.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from limits.errors import StorageError
from limits.storage import RedisStorage
from redis.exceptions import RedisError

from api.moving_window import Window

_COUNT = """
local now, amount = ARGV[1], tonumber(ARGV[2])
for i, key in ipairs(KEYS) do
  local limit, expiry = tonumber(ARGV[2 * i + 1]), tonumber(ARGV[2 * i + 2])
  local one_too_many = amount <= limit and redis.call('lindex', key, limit - amount)
  if amount > limit or (one_too_many and tonumber(one_too_many) >= tonumber(now) - expiry) then
    return 0
  end
  for _ = 1, amount do
    redis.call('lpush', key, now)
  end
  redis.call('ltrim', key, 0, limit - 1)
  redis.call('expire', key, expiry)
end
return 1
"""


class RedisWindows:
    """Raises StorageError where Redis is away."""

    def __init__(self, uri: str, options: Mapping[str, Any]) -> None:
        self._store = RedisStorage(uri, **options)
        self._count = self._store.storage.register_script(_COUNT)  # and again, in a Redis that has started anew

    def check(self) -> bool:
        return self._store.check()

    def acquire(self, windows: Sequence[Window], amount: int) -> bool:
        """As `OwnMemory.acquire`."""
        keys = [self._store.prefixed_key(window.key) for window in windows]
        sizes = [size for window in windows for size in (window.limit, window.expiry)]
        try:
            return bool(self._count(keys, [time.time(), amount, *sizes]))
        except RedisError as error:
            raise StorageError(error) from error

    def free_at(self, window: Window, amount: int) -> float:
        """As `OwnMemory.free_at`."""
        try:  # the newest stands first
            found: Any = self._store.storage.lindex(self._store.prefixed_key(window.key), window.limit - amount)
        except RedisError as error:
            raise StorageError(error) from error
        return max(time.time(), float(found or 0) + window.expiry)
