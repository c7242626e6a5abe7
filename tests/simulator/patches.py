"""What of the real code's surroundings is replaced while a world runs: clocks, sleeping, threads, and SQLite's own waiting.

Nothing of the protocol is. Each statement becomes a step at which others may run.
"""

import math
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import structlog
from cachetools import TTLCache
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool as ConnectionPool

from directory.typing_on import TypingOn
from tests.simulator.process import Pool

POOLS = ("indexer.backfill.ThreadPoolExecutor", "indexer.publisher.ThreadPoolExecutor")


@contextmanager
def simulated(world: Any) -> Iterator[list[Any]]:
    """Everything that asks for the time, sleeps or starts a thread does so in this world. Yields what is logged."""
    hub, before = world.hub, random.getstate()

    class Datetime(datetime):
        @classmethod
        def now(cls, _zone: Any = None) -> datetime:  # type: ignore[override]
            world.named += 1  # names of builds are told apart by microseconds
            return datetime.fromtimestamp(hub.now + world.named * 1e-6, UTC)

    def statement(_c: Any, _cursor: Any, said: str, *_: Any) -> None:
        world.step(said.split("\n")[0][:60], brief=_in_transaction(_c))

    def connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=0")  # waiting for a lock is waiting in simulated time
        if hub.current is not None:
            hub.current.process.sqlite.append(connection)

    with pytest.MonkeyPatch.context() as patch, structlog.testing.capture_logs() as logged:
        patch.setattr(time, "time_ns", lambda: int(hub.now * 1_000_000_000))
        patch.setattr(time, "time", lambda: hub.now)
        patch.setattr(time, "monotonic", lambda: hub.now)
        patch.setattr(time, "sleep", hub.sleep)
        patch.setattr("indexer.engines.opensearch._pause", hub.sleep)
        patch.setattr("indexer.build_names.datetime", Datetime)
        # After a commit the witness notes what stands, before anybody else runs; a gap for others comes with each step.
        patch.setattr("directory.records.database._LONG_S", math.inf)
        patch.setattr("directory.typists.TTLCache", partial(TTLCache, timer=lambda: hub.now))
        patch.setattr("directory.typists.TypingOn", partial(TypingOn, lambda: hub.now))
        for pool in POOLS:
            patch.setattr(pool, Pool)
        patch.setattr(Pool, "hub", hub)
        random.seed(world.seed)
        event.listen(Engine, "before_cursor_execute", statement)
        event.listen(ConnectionPool, "connect", connected)
        try:
            yield logged
        finally:
            event.remove(Engine, "before_cursor_execute", statement)
            event.remove(ConnectionPool, "connect", connected)
            random.setstate(before)


def _in_transaction(connection: Any) -> bool:
    return bool(connection.connection.dbapi_connection.in_transaction)
