"""Counting in memory: the window moves, and nobody is kept who has left it."""

import threading
import time
from collections.abc import Iterator

import pytest

from api.moving_window import OwnMemory
from tests.clock import Clock, moved_clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    with moved_clock() as clock:
        yield clock


def test_a_place_is_free_again_once_its_moment_has_left_the_window(clock: Clock) -> None:
    memory = OwnMemory()
    assert memory.acquire_entry("a", 2, 60)
    clock.moves(seconds=40)
    assert [memory.acquire_entry("a", 2, 60) for _ in range(2)] == [True, False]
    assert memory.get_moving_window("a", 2, 60) == (pytest.approx(clock.at_ns / 1e9 - 40), 2)
    clock.moves(seconds=20.5)
    assert [memory.acquire_entry("a", 2, 60) for _ in range(2)] == [True, False]


def test_several_at_once_are_counted_all_or_none(clock: Clock) -> None:
    memory = OwnMemory()
    assert memory.acquire_entry("a", 5, 60, amount=4)
    assert not memory.acquire_entry("a", 5, 60, amount=2)
    assert memory.acquire_entry("a", 5, 60)
    assert memory.acquire_entry("b", 5, 60, amount=5)


def test_who_never_asked_has_an_empty_window(clock: Clock) -> None:
    assert OwnMemory().get_moving_window("a", 5, 60) == (time.time(), 0)


def test_who_has_left_is_forgotten_and_who_has_not_is_not(clock: Clock) -> None:
    memory = OwnMemory()
    memory.acquire_entry("stays", 1, 86_400)
    for number in range(1_500):
        memory.acquire_entry(f"gone-{number}", 5, 60)
    clock.moves(seconds=61)
    for number in range(1_500):
        memory.acquire_entry(f"new-{number}", 5, 60)
    assert len(memory._moments) < 2_600
    assert not memory.acquire_entry("stays", 1, 86_400)


def test_threads_together_get_no_more_than_the_limit() -> None:
    memory, got = OwnMemory(), []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        got.extend(memory.acquire_entry("a", 100, 60) for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 100
