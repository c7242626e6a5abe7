"""Work for the index, written in the same transaction as the change that makes it.

A row says nothing but "this company has changed, up to this version". It is deleted only once the index was seen to
agree, so work can be late or done twice, never lost.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, bindparam, delete, exists, func, select

from directory.records import Records
from directory.records.tables import companies, former_regions, now, outbox


def add(connection: Connection, changes: Sequence[tuple[str, int]]) -> None:
    """Note (company id, index version) pairs, in the caller's transaction."""
    at = now()
    if changes:
        connection.execute(outbox.insert(), [{"company_id": c, "index_version": v, "at": at} for c, v in changes])


_observers: list[Callable[[float], None]] = []


def on_settled(observe: Callable[[float], None]) -> None:
    """Have `observe` called with the seconds from a company's change until every index was seen to agree."""
    _observers.append(observe)


def note_settled(seconds: float) -> None:
    for observe in _observers:
        observe(seconds)


Settle = Callable[[Iterable[tuple[str, int]]], None]


@dataclass(frozen=True, slots=True)
class Part:
    """`company_ids`: each once, those of one region side by side. `last`: the number of the last row that was taken."""

    company_ids: list[str]
    settle: Settle
    last: int


@contextmanager
def claimed(records: Records, most: int, *, after: int = 0) -> Iterator[Part]:
    """Up to `most` rows of work, the oldest of those after number `after`, and the function that settles them.

    On PostgreSQL the rows stay locked until the block ends, and others pass them over, so that several workers share the
    work. SQLite has one consumer, and no lock that could be held so long without keeping every writer out.
    """
    if records.is_sqlite:
        with records.reading() as connection:
            taken, last = _take(connection, most, after)

        def settle_apart(done: Iterable[tuple[str, int]]) -> None:
            with records.writing() as connection:
                _settle_and_tell(connection, taken, done)

        yield Part(list(taken), settle_apart, last)
    else:
        with records.writing() as connection:
            taken, last = _take(connection, most, after, lock=True)
            yield Part(list(taken), partial(_settle_and_tell, connection, taken), last)


def _take(connection: Connection, most: int, after: int, *, lock: bool = False) -> tuple[dict[str, int], int]:
    """The companies and since when each waits (milliseconds since 1970), and the number of the last row."""
    rows = select(outbox.c.company_id, outbox.c.seq, outbox.c.at)
    taken = rows.where(outbox.c.seq > after).order_by(outbox.c.seq).limit(most)
    oldest = (taken.with_for_update(skip_locked=True) if lock else taken).subquery()
    by_region = select(oldest).outerjoin(companies, companies.c.id == oldest.c.company_id)
    since: dict[str, int] = {}
    last = after
    for company_id, seq, at in connection.execute(by_region.order_by(companies.c.region, oldest.c.seq)):
        since.setdefault(company_id, at)
        last = max(last, seq)
    return since, last


def _settle_and_tell(connection: Connection, since: dict[str, int], done: Iterable[tuple[str, int]]) -> None:
    settled = list(done)
    settle(connection, settled)
    for company_id, _ in settled:
        note_settled((now() - since[company_id]) / 1000)


def take_in_region(connection: Connection, region: str, after: str, most: int) -> list[tuple[str, int]]:
    """Up to `most` companies with work that have been in this region only, with their newest version there, in order of id,
    from the one after `after`.

    Of one that has moved, the builds of the regions that it left have to hear too. In order of id, and not of arrival: to
    find a small region's work by arrival, all that waits for the other regions would be gone through.
    """
    moved = exists().where(former_regions.c.company_id == companies.c.id)
    rows = connection.execute(
        select(companies.c.id, func.max(outbox.c.index_version))
        .join(outbox, companies.c.id == outbox.c.company_id)
        .where(companies.c.region == region, ~moved, companies.c.id > after)
        .group_by(companies.c.id)
        .order_by(companies.c.id)
        .limit(most)
    )
    return [(company_id, version) for company_id, version in rows]


def waiting(connection: Connection, company_ids: Iterable[str]) -> set[str]:
    """Which of these companies have work waiting."""
    wanted = select(outbox.c.company_id).where(outbox.c.company_id.in_(list(company_ids)))
    return set(connection.execute(wanted).scalars())


_HELD = select(outbox.c.seq).where(
    outbox.c.company_id.in_(bindparam("company_ids", expanding=True)), outbox.c.index_version <= bindparam("version")
)
_SETTLE = delete(outbox).where(outbox.c.seq.in_(_HELD.with_for_update(skip_locked=True)))


def settle(connection: Connection, done: Iterable[tuple[str, int]]) -> None:
    """Forget the work of (company id, index version) pairs that the index has been seen to hold.

    What another has claimed is left to it, and not waited for: a worker may stand still with it for long.
    """
    at_version: dict[int, list[str]] = {}
    for company_id, version in done:
        at_version.setdefault(version, []).append(company_id)
    for version, company_ids in at_version.items():  # after an import nearly all are at the same
        connection.execute(_SETTLE, {"company_ids": company_ids, "version": version})


def last_number(connection: Connection) -> int:
    return connection.execute(select(func.max(outbox.c.seq))).scalar_one() or 0


def waiting_up_to(connection: Connection, last: int) -> int:
    """How many of the rows up to this number wait: what comes later does not count, or a busy system would never be done."""
    return connection.execute(select(func.count()).where(outbox.c.seq <= last)).scalar_one()


def depth(connection: Connection) -> tuple[int, int | None]:
    """How many rows wait, and since when the oldest does (milliseconds since 1970)."""
    row = connection.execute(select(func.count(), func.min(outbox.c.at))).one()
    return row[0], row[1]
