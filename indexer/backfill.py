"""Copies a region's companies from the records into a build that is not live yet.

Reads pages by key, never by offset, so that the cost of a page does not grow with what came before it.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Row

from directory.errors import Unavailable
from directory.records import Records
from directory.records.tables import companies
from indexer.engines.port import Engine, Written
from indexer.sync import COMPANIES, to_item

PAGE = 2_000
Progress = Callable[[int], None]


def backfill(records: Records, engine: Engine, name: str, region: str, progress: Progress) -> None:
    """Write every company of the region, hidden ones as tombstones, a page at a time in order of id.

    Holds a few pages in memory, whatever the size of the region. Where versions order the writers, the engine takes in
    one page while the next is read and rendered.
    """
    if engine.writers == 1:
        after: str | None = ""
        while after is not None:
            with engine.exclusive():
                rows = page_of_region(records, region, after)
                written = _write_page(engine, name, rows)
            after = rows[-1].id if rows else None
            progress(written)
        return
    with ThreadPoolExecutor(engine.writers, thread_name_prefix="backfill") as pool:
        under_way: deque[Future[int]] = deque()
        try:
            after = ""
            while rows := page_of_region(records, region, after):
                after = rows[-1].id
                under_way.append(pool.submit(_write_page, engine, name, rows))
                if len(under_way) > engine.writers:
                    progress(under_way.popleft().result())
            while under_way:
                progress(under_way.popleft().result())
        finally:
            for page in under_way:
                page.cancel()


def _write_page(engine: Engine, name: str, rows: list[Row[Any]]) -> int:
    outcomes = engine.write(name, [to_item(row) for row in rows], refresh=False) if rows else []
    if Written.FAILED in outcomes:
        raise Unavailable("search", f"{outcomes.count(Written.FAILED)} documents could not be written")
    return len(rows)


def page_of_region(records: Records, region: str, after: str) -> list[Row[Any]]:
    """Up to PAGE companies of a region in order of id, from the one after `after`, as they are now."""
    page = COMPANIES.where(companies.c.region == region, companies.c.id > after).order_by(companies.c.id).limit(PAGE)
    with records.reading() as connection:
        return list(connection.execute(page))
