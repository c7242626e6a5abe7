"""A process of the simulation: real records, the real engine with its real client, the real publisher.

Invariant: whatever it asks of the outside goes through `World.step` or `World.carry`, where others may run, and where it may
be killed. Killed, it says nothing more: its open transaction is rolled back, and what it had sent may still arrive.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection

from directory.journal import FileJournal
from directory.records import Prepared, Records
from directory.typists import Typists
from indexer.publisher import DirectPublisher
from tests.simulator.hub import Task
from tests.simulator.line import engine_over


class SteppingRecords(Records):
    """The statements themselves are steps too: see tests/simulator/patches.py."""

    world: Any = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if self.world:
            self.world.step("begin")
        with super().writing() as connection:
            yield connection
            if self.world:
                self.world.step("commit", brief=True)
        if self.world:
            self.world.committed()
            self.world.step("committed")

    def ask(self, prepared: Prepared, meanwhile: Callable[[], None] | None = None, **values: Any) -> list[Any]:
        if self.world:
            self.world.step("ask")
        return super().ask(prepared, meanwhile, **values)


class SteppingJournal(FileJournal):
    world: Any = None

    def append(self, company_id: str, index_version: int, state: str) -> None:
        self.world.step(f"journal {company_id} {index_version} {state}")
        super().append(company_id, index_version, state)
        self.world.step("journaled")


class Process:
    """`world` gives it the outside. `spare` are records of an earlier process, whose compiled statements are kept."""

    def __init__(self, world: Any, name: str) -> None:
        self.world, self.name, self.alive = world, name, True
        self.tasks: list[Task] = []
        self.sqlite: list[Any] = []
        self.records: SteppingRecords = world.take_records()
        self.engine = engine_over(lambda: world.cluster, world.carry)
        self.journal = SteppingJournal(world.folder / "journal")
        self.journal.world = world
        self.typists = Typists()
        self.publisher = DirectPublisher(self.records, self.engine, world.ring)

    def run(self, work: Callable[[], Any]) -> Task:
        task = self.world.hub.spawn(work, self)
        self.tasks = [*(one for one in self.tasks if not one.done), task]
        return task

    def kill(self) -> None:
        """SIGKILL. Only from the hub itself."""
        self.alive = False
        for task in self.tasks:
            task.stopped = True
        for connection in self.sqlite:
            with suppress(sqlite3.ProgrammingError):  # one of an answer that was streamed is closed by now
                connection.rollback()
        for task in self.tasks:
            task.stop()
        self.tasks.clear()
        self.world.give_back_records(self.records)


class Pool:
    """In the place of a pool of threads: what is submitted becomes a task of the process that submits."""

    hub: Any = None

    def __init__(self, *_: object, **__: object) -> None:
        self._submitted: list[Submitted] = []

    def submit(self, work: Callable[..., Any], *arguments: Any, **more: Any) -> "Submitted":
        submitter = self.hub.current
        made = Submitted(self.hub, submitter.process.run(lambda: work(*arguments, **more)))
        self._submitted.append(made)
        return made

    def shutdown(self, *, wait: bool = True, cancel_futures: bool = False) -> None:
        for one in self._submitted:
            if wait:
                self.hub.join(one.task)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()


class Submitted:
    def __init__(self, hub: Any, task: Task) -> None:
        self._hub, self.task = hub, task

    def result(self, timeout: float | None = None) -> Any:
        if not self._hub.join(self.task, timeout):
            raise TimeoutError
        if self.task.error:
            raise self.task.error
        return self.task.result

    def cancel(self) -> bool:
        return False


def first_completed(submitted: Sequence[Submitted]) -> Iterator[Submitted]:
    """In the place of `as_completed`: in the order in which they were submitted, which is one of the possible ones."""
    for one in submitted:
        one._hub.join(one.task)
        yield one
