"""Connections to PostgreSQL that do not wait for ever.

A server that was stopped, and a network that swallows everything, send no error: without a limit of our own every thread
would come to wait, and nobody would get the 503 that is due.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.errors import OperationalError, _WaitTimeout
from sqlalchemy import Engine, event


class LimitedConnection(psycopg.Connection[Any]):
    """`answer_within_s`: how long the server may be silent."""

    answer_within_s: float | None = None
    _meanwhile: Callable[[], None] | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if self._meanwhile:
            gen, self._meanwhile = self._at_once(gen, self._meanwhile), None
        try:
            return super().wait(gen, interval, timeout or self.answer_within_s)
        except _WaitTimeout:
            self.pgconn.finish()  # what it would answer later must not be taken for the answer to something else
            raise OperationalError(f"no answer within {self.answer_within_s} s") from None

    @contextmanager
    def while_it_works(self, meanwhile: Callable[[], None]) -> Iterator[None]:
        """Call this while the server works on the first thing that it is asked. What it raises is raised when the block ends."""
        raised: list[BaseException] = []

        def once() -> None:
            try:
                meanwhile()
            except BaseException as error:  # an answer that is under way has to be read to its end
                raised.append(error)

        self._meanwhile = once
        try:
            yield
        finally:
            self._meanwhile = None
        if raised:
            raise raised[0]

    def _at_once(self, gen: Generator[Any, Any, Any], meanwhile: Callable[[], None]) -> Generator[Any, Any, Any]:
        """What psycopg does to send a question and to read the answer; the first that it waits for is that it was sent."""
        try:
            wanted = next(gen)
            meanwhile()
            while True:
                wanted = gen.send((yield wanted))
        except StopIteration as done:
            return done.value


def limit(engine: Engine, answer_within_s: float, lock_within_s: float) -> None:
    """Make all connections of this engine limited, in seconds. For locks the server itself keeps the limit, and says so."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> LimitedConnection:
        locks = f"-c lock_timeout={lock_within_s * 1000:.0f}"
        named = {**named, "options": f"{named.get('options', '')} {locks}".strip()}
        made = LimitedConnection.connect(*arguments, **named)
        made.answer_within_s = answer_within_s
        return made


@contextmanager
def unlimited(connection: Any) -> Iterator[None]:
    """For one answer that takes long to begin, such as all of a table in order."""
    if not isinstance(connection, LimitedConnection):
        yield
        return
    limit, connection.answer_within_s = connection.answer_within_s, None
    try:
        yield
    finally:
        connection.answer_within_s = limit
