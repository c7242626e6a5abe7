"""Whose turn it is, where one process at a time may do a thing: a lease that ends by itself, with a number that only rises.

Invariant: what a lease guards is written only in transactions that begin with `still_held`. That statement finds the lease
by its number and locks it. So a holder that slept through its lease is refused when it wakes up, and nobody takes the lease
while such a transaction is open. Times are the database's own: hosts whose clocks differ agree.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, literal, text, update

from directory.errors import LeaseLost, Message, Unavailable
from directory.records import Records
from directory.records.tables import leases, now

LEASE_MS = 120_000  # longer than anything that a holder does between two beats: an engine is waited for 30 s, and again
BEAT_S = 10.0

_FIRST = text("INSERT INTO leases (name, number, holder, until) VALUES (:name, 0, '', 0) ON CONFLICT DO NOTHING")


@dataclass(slots=True)
class Lease:
    """`number`: the fencing number; every holder of this lease, ever, has another and a higher one."""

    name: str
    number: int
    beaten: float

    def beat(self, records: Records) -> None:
        """Say that the work goes on, every few seconds at most. Raises LeaseLost."""
        if time.monotonic() - self.beaten >= BEAT_S:
            self.check(records)

    def check(self, records: Records) -> None:
        """Raises LeaseLost where it is somebody else's by now."""
        with records.writing() as connection:
            still_held(connection, self)


def take(records: Records, name: str) -> Lease | None:
    """Take a lease that nobody holds, or that ended; None where somebody holds it."""
    with records.writing() as connection:
        connection.execute(_FIRST, {"name": name})
        at = clock(connection)
        number = connection.execute(
            update(leases)
            .where(leases.c.name == name, leases.c.until <= at)
            .values(
                number=leases.c.number + 1, holder=f"{socket.gethostname()}:{os.getpid()}"[:80], until=at + LEASE_MS
            )
            .returning(leases.c.number)
        ).scalar_one_or_none()
    return None if number is None else Lease(name, number, time.monotonic())


def still_held(connection: Connection, lease: Lease) -> None:
    """Prolong the lease and keep it locked until the transaction ends. Raises LeaseLost."""
    renewed = update(leases).where(*_ours(lease)).values(until=clock(connection) + LEASE_MS)
    if not connection.execute(renewed).rowcount:
        raise LeaseLost(Message("Another process has taken over %(what)s.", what=lease.name))
    lease.beaten = time.monotonic()


def give_back(records: Records, lease: Lease) -> None:
    """Let the next one begin at once. Whoever has taken it meanwhile keeps it."""
    with records.writing() as connection:
        connection.execute(update(leases).where(*_ours(lease)).values(until=0))


@contextmanager
def held(records: Records, name: str) -> Iterator[Lease | None]:
    """Hold a lease for as long as the block takes; None where somebody else does."""
    lease = take(records, name)
    try:
        yield lease
    finally:
        if lease:
            with suppress(Unavailable):  # it ends by itself
                give_back(records, lease)


def clock(connection: Connection) -> ColumnElement[int]:
    """The database's time, in milliseconds since 1970. SQLite lives on one host, whose time it is."""
    if connection.dialect.name == "postgresql":
        return cast(func.floor(func.extract("epoch", func.clock_timestamp()) * 1000), BigInteger)
    return literal(now(), BigInteger)


def _ours(lease: Lease) -> tuple[Any, ...]:
    return leases.c.name == lease.name, leases.c.number == lease.number
