"""How often the outbox is looked into: each second, and less often only while sweeps that take long come to nothing."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from directory.errors import Unavailable
from indexer import sweep
from indexer.sweep import Sweeper
from tests.services.waiting import until

EVERY_S, SLOWEST_S = 0.01, 0.16


class Outbox:
    """Notes when it is looked into; `trouble` is what comes of that."""

    def __init__(self) -> None:
        self.trouble: Unavailable | None = Unavailable("search", "away")
        self.done = 0
        self.takes_s = 0.05
        self.looks: list[float] = []
        self.others = 0

    def drain(self, _records: Any, _engine: Any, progress: Callable[[int], None]) -> int:
        self.looks.append(time.monotonic())
        progress(self.done)
        if self.trouble:
            time.sleep(self.takes_s)
            raise self.trouble
        return self.done

    def others_looked_at(self) -> None:
        self.others += 1


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    made = Outbox()
    monkeypatch.setattr(sweep, "EVERY_S", EVERY_S)
    monkeypatch.setattr(sweep, "SLOWEST_S", SLOWEST_S)
    monkeypatch.setattr(sweep, "drain", made.drain)
    sweeper = Sweeper(None, None, made.others_looked_at, owner=False)  # type: ignore[arg-type]
    sweeper.start()
    yield made
    sweeper.stop()


def test_while_the_index_takes_nothing_sweeps_come_less_often_and_what_else_is_looked_at_does_not(
    outbox: Outbox,
) -> None:
    until(lambda: len(outbox.looks) >= 7, 10, "the sweep")
    assert outbox.looks[6] - outbox.looks[5] >= SLOWEST_S
    assert outbox.others > len(outbox.looks)
    outbox.trouble = None
    until(lambda: len(outbox.looks) >= 20, 10, "the sweep")
    assert outbox.looks[19] - outbox.looks[9] < 5 * SLOWEST_S, "they come as often as before"


def test_a_change_that_waits_for_another_release_slows_no_sweep_down_as_long_as_looking_at_it_takes_no_time(
    outbox: Outbox,
) -> None:
    outbox.takes_s = 0
    at = len(outbox.looks)
    until(lambda: len(outbox.looks) >= at + 30, 30 * SLOWEST_S / 2, "the sweep")


@pytest.mark.parametrize(
    ("part", "done"), [("records", 0), ("search", 3)], ids=["records that are away cost nothing", "some of it was done"]
)
def test_other_troubles_slow_no_sweep_down(outbox: Outbox, part: str, done: int) -> None:
    outbox.done, outbox.trouble, outbox.takes_s = done, Unavailable(part, "away"), 0.02
    at = len(outbox.looks)
    until(lambda: len(outbox.looks) >= at + 30, 30 * SLOWEST_S / 2, "the sweep")
