"""Counting in memory: the window moves, and nobody is kept who has left it."""

import threading
import time

import pytest

from api.moving_window import OwnMemory, Window
from tests.clock import Clock


def test_a_place_is_free_again_once_its_moment_has_left_the_window(clock: Clock) -> None:
    memory = OwnMemory()
    assert memory.acquire([Window("a", 2, 60)], 1)
    clock.moves(seconds=40)
    assert [memory.acquire([Window("a", 2, 60)], 1) for _ in range(2)] == [True, False]
    assert memory.free_at(Window("a", 2, 60), 1) == pytest.approx(clock.at_ns / 1e9 + 20)
    clock.moves(seconds=20.5)
    assert [memory.acquire([Window("a", 2, 60)], 1) for _ in range(2)] == [True, False]


def test_several_at_once_are_counted_all_or_none(clock: Clock) -> None:
    memory = OwnMemory()
    assert memory.acquire([Window("a", 5, 60)], 4)
    assert not memory.acquire([Window("a", 5, 60)], 2)
    assert memory.acquire([Window("a", 5, 60)], 1)
    assert memory.acquire([Window("b", 5, 60)], 5)


def test_of_several_windows_those_before_the_one_that_is_full_have_counted(clock: Clock) -> None:
    memory = OwnMemory()
    windows = [Window("minute", 2, 60), Window("hour", 3, 3_600)]
    assert [memory.acquire(windows, 1) for _ in range(3)] == [True, True, False]
    assert memory.free_at(windows[1], 1) == time.time()
    assert memory.free_at(windows[1], 2) > time.time()
    clock.moves(seconds=61)
    assert [memory.acquire(windows, 1) for _ in range(3)] == [True, False, False]
    assert memory.free_at(windows[0], 1) > time.time()


def test_who_never_asked_has_an_empty_window(clock: Clock) -> None:
    assert OwnMemory().free_at(Window("a", 5, 60), 5) == time.time()


def test_who_has_left_is_forgotten_and_who_has_not_is_not(clock: Clock) -> None:
    memory = OwnMemory()
    memory.acquire([Window("stays", 1, 86_400)], 1)
    for number in range(1_500):
        memory.acquire([Window(f"gone-{number}", 5, 60)], 1)
    clock.moves(seconds=61)
    for number in range(1_500):
        memory.acquire([Window(f"new-{number}", 5, 60)], 1)
    assert len(memory._moments) < 2_600
    assert not memory.acquire([Window("stays", 1, 86_400)], 1)


def test_threads_together_get_no_more_than_the_limit() -> None:
    memory, got = OwnMemory(), []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        got.extend(memory.acquire([Window("a", 100, 60)], 1) for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 100
