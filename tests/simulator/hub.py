"""The scheduler: simulated time, and tasks of which one at a time runs, each until its next input or output.

Invariant: what happens, and in which order, follows from the calls made and from nothing else: no thread, no real clock. A
task that is stopped gets `Stopped` where it waits, and at every later wait: it can clean up only what needs no more of them.
"""

import heapq
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

START_S = 1_800_000_000.0


class Stopped(BaseException):
    """The process was killed. Nothing it does from here on is seen by anybody."""


class Stuck(Exception):
    """So many steps and no end: somebody runs in a circle."""


class Task:
    """One thread of one process. `error`: what it ended with, other than `Stopped`."""

    def __init__(self, hub: "Hub", work: Callable[[], Any], process: Any) -> None:
        self.hub, self.process, self.started_by = hub, process, hub.current
        self.done = self.stopped = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.watchers: list[Task] = []
        self.parked = 0  # counts its waits, so that what would end an earlier one is passed over
        self._greenlet = greenlet(lambda: self._run(work), hub.greenlet)

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            self.result = work()
        except Stopped:
            self.stopped = True
        except BaseException as error:  # handed to whoever waits for it
            self.error = error
        self._end()

    def _end(self) -> None:
        self.done = True
        for watcher in self.watchers:
            self.hub.at(0, watcher.waker())

    def waker(self) -> Callable[[], None]:
        """What ends the wait that the task is in now."""
        number = self.parked

        def wake() -> None:
            if not self.done and self.parked == number:
                self.parked += 1
                self._greenlet.switch()

        return wake

    def stop(self) -> None:
        """Only from the hub itself."""
        self.stopped = True
        if not self.done:
            self.parked += 1
            if self._greenlet:
                self._greenlet.throw(Stopped)
            else:  # it has not begun, and never will
                self._end()


class Hub:
    """`now` is in seconds; `step` counts what has happened."""

    def __init__(self) -> None:
        self.now = START_S
        self.step = 0
        self.greenlet = getcurrent()
        self._next: list[tuple[float, int, Callable[[], None]]] = []
        self._made = 0
        self._tasks: dict[greenlet, Task] = {}

    @property
    def current(self) -> Task | None:
        """The task that runs; None where the hub itself does."""
        return self._tasks.get(getcurrent())

    def at(self, seconds: float, happens: Callable[[], None]) -> None:
        """Have it happen so many seconds from now."""
        self._made += 1
        heapq.heappush(self._next, (self.now + seconds, self._made, happens))

    def spawn(self, work: Callable[[], Any], process: Any = None, *, after: float = 0) -> Task:
        task = Task(self, work, process)
        self._tasks[task._greenlet] = task
        self.at(after, task.waker())
        return task

    def sleep(self, seconds: float) -> None:
        """Let others run for so long. Whoever is no task moves the clock instead."""
        task = self.current
        if task is None:
            self.now += seconds
            return
        self._raise_if_stopped(task)
        self.at(max(seconds, 0), task.waker())
        self.greenlet.switch()
        self._raise_if_stopped(task)

    def join(self, other: Task, within: float | None = None) -> bool:
        """Wait for another task; whether it is done."""
        task = self.current
        assert task is not None
        self._raise_if_stopped(task)
        if not other.done:
            other.watchers.append(task)
            if within is not None:
                self.at(within, task.waker())
            self.greenlet.switch()
            self._raise_if_stopped(task)
        return other.done

    @staticmethod
    def _raise_if_stopped(task: Task) -> None:
        if task.stopped:
            raise Stopped

    def run(self, enough: Callable[[], bool], *, most: int = 200_000) -> None:
        """Let things happen until it is enough, or nothing is left to happen."""
        last = self.step + most
        while self._next and not enough():
            moment, _, happens = heapq.heappop(self._next)
            self.now = max(self.now, moment)
            self.step += 1
            if self.step > last:
                raise Stuck(f"{most} steps and no end")
            happens()
        self._tasks = {made: task for made, task in self._tasks.items() if not task.done}

    def stop_all(self) -> None:
        for task in list(self._tasks.values()):
            task.stop()
        self._tasks.clear()
        self._next.clear()
