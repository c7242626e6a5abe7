"""A clock that tests move: everything in this process that asks for the time is told another one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Clock:
    """Stands still unless it is moved. Waiting, which goes by another clock, is as long as ever."""

    def __init__(self) -> None:
        self.at_ns = time.time_ns()

    def moves(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        self.at_ns += int((days * 86_400 + hours * 3_600 + seconds) * 1_000_000_000)


@contextmanager
def moved_clock() -> Iterator[Clock]:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: clock.at_ns)
        patch.setattr(time, "time", lambda: clock.at_ns / 1_000_000_000)
        yield clock
