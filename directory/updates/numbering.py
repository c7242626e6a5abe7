"""Numbers for the feed of changes: given only to what is committed, by one writer at a time, and never twice.

Whoever changes a company writes a row without a number (directory.standing). A sequence would not do as the feed's order:
its numbers are drawn before the commit, so a reader who has seen 7 may later find 6, and lose it. Here whoever gives
numbers holds the lock of the one row of `feed` until they are committed. Invariant: who has seen a number will never find
a smaller one that it has not seen, and of one company they follow the order of its commits.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from directory.records import Records
from directory.records.tables import changes, feed

PART = 10_000  # rows in one transaction: SQLite's one lock is held for about 0.1 s


@dataclass(frozen=True, slots=True)
class Head:
    """How far the feed goes. `epoch` is another one where the records are other ones: restored, or made anew."""

    last: int
    woken: int
    salt: str

    @property
    def epoch(self) -> str:
        return self.salt[:8]


_HEAD = select(feed.c.last, feed.c.woken, feed.c.salt)
_UNNUMBERED = select(changes.c.seq).where(changes.c.number.is_(None))


def head(connection: Connection) -> Head:
    return Head(*connection.execute(_HEAD).one())


def lock_head(connection: Connection) -> Head:
    """The same, locked until the transaction ends: no number is given by anybody else."""
    return Head(*connection.execute(_HEAD.with_for_update()).one())


def number_committed(records: Records) -> int:
    """Give the next numbers to all committed changes that have none; how many. May be killed anywhere, and run anywhere.

    Costs one look into a partial index where there is nothing to do. Raises Unavailable("records").
    """
    total = 0
    while _waiting(records):
        with records.writing() as connection:
            total += _number(connection)
    return total


def _waiting(records: Records) -> bool:
    with records.reading() as connection:
        return connection.execute(_UNNUMBERED.limit(1)).first() is not None


def _number(connection: Connection) -> int:
    last = lock_head(connection).last  # first: what is read below is then all that committed before the lock was had
    place = func.row_number().over(order_by=changes.c.seq).label("place")
    taken = _UNNUMBERED.add_columns(place).order_by(changes.c.seq).limit(PART).subquery()
    given = connection.execute(
        update(changes).values(number=last + taken.c.place).where(changes.c.seq == taken.c.seq)
    ).rowcount
    connection.execute(update(feed).values(last=last + given))
    return given
