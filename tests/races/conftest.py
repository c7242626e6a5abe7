"""Watchers: other clients who ask in a loop, and remember when they sent what and whether it was shown; and lines to the
services that can be cut.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.races.proxy import Line, line_to
from tests.services import addresses

ENOUGH = 8
PATIENCE_S = 60


@pytest.fixture
def redis_line() -> Iterator[Line]:
    yield from _line(addresses().redis_url)


@pytest.fixture
def search_line() -> Iterator[Line]:
    yield from _line(addresses().search_url)


def _line(url: str) -> Iterator[Line]:
    address = urlsplit(url)
    with line_to(address.hostname or "", address.port or 0) as line:
        yield line


@dataclass(frozen=True)
class Seen:
    sent: float
    received: float
    shown: bool


@dataclass
class Watch:
    """`asks` looks for one company, and says whether it was shown. As many threads as there are askers."""

    askers: list[Callable[[], bool]]
    seen: list[Seen] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._loop, args=(asks,)) for asks in self.askers]

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
        assert not self.failures, self.failures

    def until(self, number: int, *, shown: bool | None = None, since: float = 0.0) -> None:
        """Wait until so many answers to requests sent after `since` have come (that show it, or that do not)."""

        def enough() -> bool:
            return bool(self.failures) or number <= sum(
                one.sent > since and shown in (None, one.shown) for one in self.seen
            )

        with self._changed:
            assert self._changed.wait_for(enough, PATIENCE_S), f"{len(self.seen)} answers, and not those"

    def broken(self, since: float, until: float) -> list[Seen]:
        """Answers that show it although they were sent after `since`, and came before `until`."""
        return [one for one in self.seen if one.sent > since and one.received < until and one.shown]

    def _loop(self, asks: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            sent = time.monotonic()
            try:
                shown = asks()
            except BaseException as failure:  # handed to the test's own thread
                self.failures.append(failure)
                with self._changed:
                    self._changed.notify_all()
                return
            with self._changed:
                self.seen.append(Seen(sent, time.monotonic(), shown))
                self._changed.notify_all()


def opt_out_under_watch(watch: Watch, owner: Any, rounds: int) -> list[Seen]:
    """Turn visibility off and on again, so many times; the answers that broke the promise."""
    broken = []
    for _ in range(rounds):
        watch.until(ENOUGH, shown=True, since=time.monotonic())
        owner.turns(visible=False)
        off = time.monotonic()
        watch.until(ENOUGH, since=off)
        broken += watch.broken(off, time.monotonic())
        owner.turns(visible=True)
    return broken


@pytest.fixture
def watching() -> type[Watch]:
    return Watch


@pytest.fixture
def opt_outs() -> Callable[..., list[Seen]]:
    return opt_out_under_watch


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Run functions at the same moment, each in a thread of its own; what each returned, in order."""

    def run(*works: Callable[[], Any]) -> list[Any]:
        barrier = threading.Barrier(len(works))
        results: list[Any] = [None] * len(works)

        def one(at: int) -> None:
            barrier.wait(PATIENCE_S)
            try:
                results[at] = works[at]()
            except BaseException as error:  # handed to the test's own thread
                results[at] = error

        threads = [threading.Thread(target=one, args=(at,)) for at in range(len(works))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        if errors := [result for result in results if isinstance(result, BaseException)]:
            raise errors[0]
        return results

    return run
