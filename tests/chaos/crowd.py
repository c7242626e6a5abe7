"""Threads that act until they are told to stop, each with a random generator of its own, so that a seed replays its choices."""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

_END_S = 60.0


class Crowd(AbstractContextManager["Crowd"]):
    """`acts`: each is called over and over in a thread of its own. What one of them raises is raised by the block."""

    def __init__(self, seed: str, acts: list[Callable[[random.Random], None]]) -> None:
        self._stop = threading.Event()
        self._failures: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(act, random.Random(f"{seed}-{number}")))
            for number, act in enumerate(acts)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(_END_S)
        if self._failures and error is None:
            raise self._failures[0]

    def _run(self, act: Callable[[random.Random], None], rng: random.Random) -> None:
        while not self._stop.is_set():
            try:
                act(rng)
            except BaseException as failure:  # handed to the thread that waits
                self._failures.append(failure)
                return
