"""Writes that two processes may begin with the same new row."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from directory.errors import Unavailable
from directory.records.database import Records

_TRIES = 10
_Answer = TypeVar("_Answer")


def write_again(records: Records, work: Callable[[Connection], _Answer]) -> _Answer:
    """Run `work` in a transaction of its own; once more where another process added the same row first: now it is there.

    Raises Unavailable where others were in the way every time.
    """
    for _ in range(_TRIES):
        try:
            with records.writing() as connection:
                return work(connection)
        except IntegrityError:
            continue
    raise Unavailable("records", f"other writers were in the way {_TRIES} times")
