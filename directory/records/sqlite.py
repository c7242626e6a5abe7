"""Connections to an SQLite file that take turns in writing, and never read a file that is no longer there."""

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event, exc

from directory.errors import Unavailable

_POLL_S = 0.003  # SQLite's own back-off sleeps up to 100 ms and can miss the gaps that a long import leaves


def create_sqlite_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def open_sqlite(path: Path, read_within_s: float) -> sqlite3.Connection:
    """A connection to the file, which must be there; a reader waits so long for a lock."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=read_within_s,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-8192",
        "mmap_size=0",  # a mapped file counts as memory of every process that reads it
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def take_turns(engine: Engine, within_s: float) -> None:
    """Have each transaction of this engine wait its turn to write, so long at most: then it raises Unavailable("records")."""

    @event.listens_for(engine, "begin")
    def begin_immediate(connection: Connection) -> None:
        deadline = time.monotonic() + within_s
        cursor = connection.connection.cursor()
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise Unavailable("records", str(error)) from error
                time.sleep(_POLL_S)


def keep_to_file(engine: Engine, path: Path) -> None:
    """An open handle goes on reading a file that was deleted or replaced, and would answer from the past."""

    @event.listens_for(engine.pool, "checkout")
    def check_file(_connection: Any, record: Any, _proxy: Any) -> None:
        try:
            found = path.stat()
        except OSError:
            raise Unavailable("records", f"there is no database at {path}") from None
        inode = record.info.setdefault("inode", (found.st_dev, found.st_ino))
        if inode != (found.st_dev, found.st_ino):
            raise exc.DisconnectionError("another file stands in the database's place")
