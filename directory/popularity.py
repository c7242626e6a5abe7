"""How many companies are connected to a company, in steps: what orders suggestions that fit equally well.

Linking writes nothing here. The steps are reckoned anew from the contacts now and then, so they are late by that much, and
cannot drift. Each is about three times the one before, and a company goes down a step only when it is well below it: so a
company's document is written again for one link in many.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, exists, func, select, update

from directory import outbox
from directory.records import Records
from directory.records.tables import companies, contacts

# From so many connected companies on: step 1, step 2, …
STEPS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
_WELL_BELOW = 0.75
_PAGE = 2_000
_BATCH = 50  # an opt-out may have to wait for one

_LINKED = contacts.c.linked_company_id.is_not(None) & contacts.c.linked_version.is_not(None)


def step(connected: int, present: int = 0) -> int:
    """The step of a company with so many companies connected to it, that stands on step `present`."""
    found = bisect_right(STEPS, connected)
    if found < present:
        return bisect_right(STEPS, int(connected / _WELL_BELOW))
    return found


def reckon_popularity(records: Records) -> int:
    """Put every company on its step; how many had to be moved. The index follows through the outbox.

    Reads the contacts' index once, in pages by key: its cost grows with the links, its memory does not. It may run twice
    at a time, or be cut short, without harm.
    """
    moved = 0
    for page in _connected(records):
        moved += _move(records, page)
    return moved + _move(records, _forsaken(records))


def _connected(records: Records) -> Iterator[Mapping[str, int]]:
    """Pages of {company id: step} for companies whose step is another one now."""
    after = ""
    while True:
        counts = (
            select(
                contacts.c.linked_company_id.label("id"),
                func.count(contacts.c.company_id.distinct()).label("connected"),
            )
            .where(_LINKED, contacts.c.linked_company_id > after)
            .group_by(contacts.c.linked_company_id)
            .order_by(contacts.c.linked_company_id)
            .limit(_PAGE)
            .subquery()
        )
        rows = select(counts.c.id, counts.c.connected, companies.c.popularity, companies.c.erased).join(
            companies, companies.c.id == counts.c.id
        )
        with records.reading() as connection:
            page = connection.execute(rows.order_by(counts.c.id)).all()
        if not page:
            return
        after = page[-1].id
        wanted = {row.id: step(row.connected, row.popularity) for row in page if not row.erased}
        yield {row.id: wanted[row.id] for row in page if row.id in wanted and wanted[row.id] != row.popularity}


def _forsaken(records: Records) -> Mapping[str, int]:
    """Companies that stand on a step and have nobody connected to them any more."""
    linked = exists().where(contacts.c.linked_company_id == companies.c.id, contacts.c.linked_version.is_not(None))
    with records.reading() as connection:
        found = connection.execute(select(companies.c.id).where(companies.c.popularity > 0, ~linked)).scalars()
        return dict.fromkeys(found, 0)


def _move(records: Records, wanted: Mapping[str, int]) -> int:
    ids, moved = sorted(wanted), 0
    for at in range(0, len(ids), _BATCH):
        with records.writing() as connection:
            changes = list(_moved(connection, ids[at : at + _BATCH], wanted))
            outbox.add(connection, changes)
        moved += len(changes)
    return moved


def _moved(connection: Connection, ids: Sequence[str], wanted: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for company_id in ids:  # in the order in which everybody locks companies
        here = (companies.c.id == company_id) & (companies.c.popularity != wanted[company_id]) & ~companies.c.erased
        values = {"popularity": wanted[company_id], "index_version": companies.c.index_version + 1}
        version = connection.execute(
            update(companies).where(here).values(values).returning(companies.c.index_version)
        ).scalar_one_or_none()
        if version is not None:
            yield company_id, version
