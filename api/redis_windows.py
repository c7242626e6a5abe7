"""Moving windows in Redis, by the library `limits`: all of somebody's windows in one round trip.

Every letter is counted in two of them, and a round trip is a sixth of an answer that asks no index.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from limits.errors import StorageError
from limits.storage import RedisStorage
from redis.client import Pipeline
from redis.exceptions import NoScriptError, RedisError

from api.moving_window import Window


class RedisWindows:
    """Raises StorageError where Redis is away."""

    def __init__(self, uri: str, options: Mapping[str, Any]) -> None:
        self._store = RedisStorage(uri, **options)
        self._script = self._store.lua_acquire_moving_window

    def check(self) -> bool:
        return self._store.check()

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        return self._store.get_moving_window(key, limit, expiry)

    def acquire(self, windows: Sequence[Window], amount: int) -> bool:
        """As `OwnMemory.acquire`."""
        keys = [self._store.prefixed_key(window.key) for window in windows]

        def ask(pipeline: Pipeline) -> None:
            now = time.time()
            for key, window in zip(keys, windows, strict=True):
                pipeline.evalsha(self._script.sha, 1, key, now, window.limit, window.expiry, amount)

        try:
            try:
                counted = self._at_once(ask)
            except NoScriptError:  # a Redis that has started anew: it has counted nothing
                self._store.storage.script_load(self._script.script)
                counted = self._at_once(ask)
            if all(counted):
                return True
            # Those behind the one that refuses were asked with it. Theirs are alike but for milliseconds.
            behind = keys[counted.index(None) + 1 :]
            given_back = (
                [key for key, one in zip(behind, counted[-len(behind) :], strict=True) if one] if behind else []
            )
            if given_back:
                self._at_once(lambda pipeline: [pipeline.lpop(key, amount) for key in given_back])
            return False
        except RedisError as error:
            raise StorageError(error) from error

    def _at_once(self, ask: Callable[[Pipeline], object]) -> list[Any]:
        with self._store.storage.pipeline(transaction=False) as pipeline:
            ask(pipeline)
            answers: list[Any] = pipeline.execute()
        return answers
