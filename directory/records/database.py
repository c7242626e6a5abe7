"""The one way to the records: short transactions to write, autocommit reads that see what is committed now.

Invariant: nobody outside this package sees a driver's exception. A database that is locked, gone or not migrated is
Unavailable("records"); what it would have answered is never guessed. What no database can hold (half a character, NUL in
PostgreSQL) is InvalidInput, wherever it comes from.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, exc, make_url

from directory.errors import InvalidInput, Message, Unavailable
from directory.harvesting.quotas import DEFAULTS, Quotas
from directory.records.prepared import Prepared, read_json
from directory.records.sqlite import keep_to_file, open_sqlite, take_turns

READ_WAIT_S = 0.25  # a look-up has 350 ms for everything
WRITE_WAIT_S = 2.0  # a writer waits its turn this long, then the answer is 503
LOCK_WAIT_S = 5.0  # PostgreSQL's: an import holds the rows of a batch for seconds where the machine is busy
ANSWER_WAIT_S = 3.0  # whoever asks a PostgreSQL that is stopped waits this long, and for a lock besides
_LONG_S, _GAP_S = 0.03, 0.015  # who writes batch upon batch leaves gaps that whoever polls cannot miss

_STREAMED = 5_000  # rows that are held at once

_UNAVAILABLE = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.InternalError,
    exc.ProgrammingError,
    exc.TimeoutError,
    exc.DatabaseError,
)


class Records:
    """The database at `url` (an SQLAlchemy URL); the file of an SQLite database must exist before it is used.

    `quotas` go with every connection, so that whoever shows a card decides by them: see directory.reveals.
    `answer_within_s`: when a PostgreSQL that says nothing is Unavailable; None for commands, which may wait for long.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 16,
        quotas: Quotas | None = DEFAULTS,
        answer_within_s: float | None = None,
    ) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # An error's text goes to the log; what a statement was called with (names, addresses) must not go with it.
        options: dict[str, Any] = {"hide_parameters": True, "execution_options": {"quotas": quotas}}
        options["json_deserializer"] = read_json
        pool: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": pool_size,
            "pool_timeout": WRITE_WAIT_S,
            "pool_use_lifo": True,
        }
        if self.is_sqlite:
            self.path = Path(self.url.database or "").absolute()
            options["creator"] = partial(open_sqlite, self.path, READ_WAIT_S)
        else:
            # No ping before each use: a look-up is a statement or two. A connection that a restart has broken costs one 503.
            options |= {"connect_args": {"connect_timeout": 2}}
            pool |= {"pool_recycle": 600}
        self._writer: Engine = create_engine(self.url, **options, **pool)
        # Confirmation reads in autocommit: each statement sees all that is committed, never an older snapshot. On
        # connections of its own, which stay so: to switch one back and forth costs more than a statement.
        self._reader: Engine = create_engine(
            self.url, **options, **pool, isolation_level="AUTOCOMMIT", pool_reset_on_return=None
        )
        if self.is_sqlite:
            # An answer that is not read to its end keeps its connection at the moment when it began, for as long as anybody
            # holds a part of it, were it an error's traceback: so nobody else is ever given that connection.
            self._streamer: Engine = create_engine(
                self.url, **options, poolclass=NullPool, isolation_level="AUTOCOMMIT"
            )
            take_turns(self._writer, WRITE_WAIT_S)
            for engine in (self._reader, self._writer):
                keep_to_file(engine, self.path)
        elif answer_within_s is not None:
            from directory.records.postgresql import limit

            limit(self._reader, answer_within_s, READ_WAIT_S)
            limit(self._writer, answer_within_s + LOCK_WAIT_S, LOCK_WAIT_S)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which every statement sees the latest commit."""
        with _in_our_words(), self._reader.connect() as connection:
            yield connection

    def ask(self, prepared: Prepared, meanwhile: Callable[[], None] | None = None, **values: Any) -> list[Any]:
        """The rows of a prepared statement, as the latest commit has them. `meanwhile` is called while the database works, where
        it works elsewhere, once wherever there is an answer. What it raises comes through.
        """
        dialect = self._reader.dialect
        driver_error = dialect.loaded_dbapi.Error
        with _in_our_words():
            try:
                pooled = self._reader.raw_connection()
            except driver_error as error:  # unlike `connect`, it passes on what the driver says of a new connection
                raise _unavailable(error) from error
            try:
                with _while_it_works(pooled.driver_connection, meanwhile):
                    return prepared.rows(dialect, pooled.driver_connection, values)
            except driver_error as error:
                if dialect.is_disconnect(error, pooled, None):  # then the others are as dead as this one
                    pooled.invalidate(error)
                    self._reader.dispose()
                raise _unavailable(error) from error
            finally:
                pooled.close()

    @contextmanager
    def streaming(self) -> Iterator[Connection]:
        """A connection for one answer that is read row by row, however long it is. Keeps no writer out.

        All of the answer is as old as its beginning.
        """
        if self.is_sqlite:
            with _in_our_words(), self._streamer.connect() as connection:
                yield connection.execution_options(yield_per=_STREAMED)
            return
        from directory.records.postgresql import unlimited

        # PostgreSQL keeps a cursor only within a transaction.
        with _in_our_words(), self._writer.connect() as connection, unlimited(connection.connection.driver_connection):
            yield connection.execution_options(yield_per=_STREAMED)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: committed when the block ends, rolled back when it raises. Keep it short."""
        with _in_our_words(), self._writer.begin() as connection:
            began = time.monotonic()
            yield connection
        if self.is_sqlite and time.monotonic() - began > _LONG_S:
            time.sleep(_GAP_S)

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def _while_it_works(connection: Any, meanwhile: Callable[[], None] | None) -> AbstractContextManager[None]:
    if meanwhile is None:
        return nullcontext()
    if not hasattr(connection, "while_it_works"):
        meanwhile()
        return nullcontext()
    at_once: AbstractContextManager[None] = connection.while_it_works(meanwhile)
    return at_once


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except exc.IntegrityError:
        raise
    except UnicodeEncodeError as error:
        raise _no_text() from error
    except exc.DataError as error:
        # PostgreSQL says so of NUL and of half a character; the driver, which looks first, has no code for it.
        if getattr(error.orig, "sqlstate", None) in (None, "22021", "22P05"):
            raise _no_text() from error
        raise _unavailable(error) from error
    except _UNAVAILABLE as error:
        raise _unavailable(error) from error
    except sqlite3.Error as error:
        raise Unavailable("records", str(error)) from error


def _no_text() -> InvalidInput:
    return InvalidInput({"_body": Message("Something that was sent holds what is no character.")})


def _unavailable(error: Exception) -> Unavailable:
    # The driver's text may quote a statement with its values: keep only its kind and its first line.
    said = str(getattr(error, "orig", None) or error).splitlines()
    return Unavailable("records", ": ".join([type(error).__name__, *said[:1]]))
