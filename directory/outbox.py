"""Work for the index, written in the same transaction as the change that makes it.

A row says nothing but "this company has changed, up to this version". It is deleted only once the index was seen to
agree, so work can be late or done twice, never lost.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select

from directory.records.tables import now, outbox


def add(connection: Connection, changes: Sequence[tuple[str, int]]) -> None:
    """Note (company id, index version) pairs, in the caller's transaction."""
    at = now()
    if changes:
        connection.execute(outbox.insert(), [{"company_id": c, "index_version": v, "at": at} for c, v in changes])


def take(connection: Connection, most: int) -> list[str]:
    """Up to `most` ids of companies with work, the oldest work first, each once."""
    oldest = select(outbox.c.company_id, outbox.c.seq).order_by(outbox.c.seq).limit(most)
    return list(dict.fromkeys(row.company_id for row in connection.execute(oldest)))


_SETTLE = delete(outbox).where(outbox.c.company_id == bindparam("c"), outbox.c.index_version <= bindparam("v"))


def settle(connection: Connection, done: Iterable[tuple[str, int]]) -> None:
    """Forget the work of (company id, index version) pairs that the index has been seen to hold."""
    rows = [{"c": company_id, "v": version} for company_id, version in done]
    if rows:
        connection.execute(_SETTLE, rows)


def depth(connection: Connection) -> tuple[int, int | None]:
    """How many rows wait, and since when the oldest does (milliseconds since 1970)."""
    row = connection.execute(select(func.count(), func.min(outbox.c.at))).one()
    return row[0], row[1]
