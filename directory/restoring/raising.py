"""Versions above whatever an index, or a message that is still on its way, may hold from the history that was lost.

A restore takes the next multiple of 2^32 that no version has reached: no company changes that often between two of them.
"""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, insert, select, update

from directory.records import Records
from directory.records.tables import audit, companies, feed, now
from directory.restoring.comparing import FINISHED
from directory.restoring.newest import Newest
from directory.restoring.replaying import RESTORER

STEP = 2**32
_PAGE = 5_000


def next_floor(records: Records, newest: Newest) -> int:
    with records.reading() as connection:
        highest = connection.execute(select(func.max(companies.c.index_version))).scalar_one_or_none() or 0
    return (max(highest, newest.highest, newest.floor) // STEP + 1) * STEP


def raise_versions(records: Records, floor: int, progress: Callable[[int], None] = lambda _done: None) -> None:
    """Raise every company's version to `floor` or more, a page by key at a time; those that are there stay."""
    after: str | None = ""
    while after is not None:
        with records.writing() as connection:
            page = select(companies.c.id).where(companies.c.id > after).order_by(companies.c.id).limit(_PAGE)
            ids = connection.execute(page).scalars().all()
            if ids:
                connection.execute(
                    update(companies)
                    .where(companies.c.id > after, companies.c.id <= ids[-1], companies.c.index_version < floor)
                    .values(index_version=floor + companies.c.index_version % STEP)
                )
        progress(len(ids))
        after = ids[-1] if ids else None


def finish(records: Records, floor: int, said: dict[str, Any]) -> None:
    """What was told of changes is of another history: cursors from before get a clear answer (directory.updates.cursors).
    Only then do the other processes do their work again.
    """
    with records.writing() as connection:
        connection.execute(update(feed).values(salt=secrets.token_hex(32)))
        note = {"actor": RESTORER, "action": FINISHED, "detail": {**said, "floor": floor}}
        connection.execute(insert(audit).values(**note, at=now()))
