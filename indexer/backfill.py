"""Copies a region's companies from the records into a build that is not live yet.

Reads pages by key, never by offset, so that the cost of a page does not grow with what came before it.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, String, and_, bindparam, func, select

from directory.errors import Unavailable
from directory.records import Prepared, Records
from directory.records.tables import companies, former_regions
from indexer.engines.port import Engine, Tombstone, Written
from indexer.sync import COMPANIES, to_item

PAGE = 2_000
Progress = Callable[[int], None]


def backfill(records: Records, engine: Engine, name: str, region: str, progress: Progress) -> None:
    """Write every company of the region, hidden ones as tombstones, a page at a time in order of id; then tombstones for
    those that have left the region, which stop what was written about them before and arrives late.

    Holds a few pages in memory, whatever the size of the region. Where versions order the writers, the engine takes in
    one page while the next is read and rendered.
    """
    for page in (page_of_region, page_that_left):
        if engine.writers == 1:
            _fill_in_turn(records, engine, name, region, page, progress)
        else:
            _fill_side_by_side(records, engine, name, region, page, progress)


def size_of(records: Records, region: str) -> int:
    """How many companies a backfill writes: those of the region, the hidden ones too, and those that have left it."""
    with records.reading() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(companies).where(those)).scalar_one()
            for those in (companies.c.region == region, _left(region))
        )


Page = Callable[[Records, str, str], list[Row[Any]]]


def _fill_in_turn(records: Records, engine: Engine, name: str, region: str, page: Page, progress: Progress) -> None:
    after: str | None = ""
    while after is not None:
        with engine.exclusive():
            rows = page(records, region, after)
            written = _write_page(engine, name, region, rows)
        after = rows[-1].id if len(rows) == PAGE else None
        progress(written)


def _fill_side_by_side(
    records: Records, engine: Engine, name: str, region: str, page: Page, progress: Progress
) -> None:
    with ThreadPoolExecutor(engine.writers, thread_name_prefix="backfill") as pool:
        under_way: deque[Future[int]] = deque()
        try:
            rows = page(records, region, "")
            while rows:
                under_way.append(pool.submit(_write_page, engine, name, region, rows))
                if len(under_way) > engine.writers:
                    progress(under_way.popleft().result())
                # A short page is the last: what is committed after it finds the build in the family.
                rows = page(records, region, rows[-1].id) if len(rows) == PAGE else []
            while under_way:
                progress(under_way.popleft().result())
        finally:
            for waiting in under_way:
                waiting.cancel()


def _write_page(engine: Engine, name: str, region: str, rows: list[Row[Any]]) -> int:
    """How many of the region's own companies were written."""
    items = [to_item(row) if row.region == region else Tombstone(row.id, row.index_version) for row in rows]
    outcomes = engine.write(name, items, refresh=False) if items else []
    if Written.FAILED in outcomes:
        raise Unavailable("search", f"{outcomes.count(Written.FAILED)} documents could not be written")
    return sum(row.region == region for row in rows)


def _left(region: Any) -> ColumnElement[bool]:
    """Companies that were in the region once and are elsewhere now."""
    once = select(former_regions.c.company_id).where(former_regions.c.region == region)
    return and_(companies.c.id.in_(once), companies.c.region != region)


class Pages:
    """The two statements that pages are read by, given to the driver as they stand."""

    def __init__(self, of: Select[Any]) -> None:
        region, most = bindparam("region", type_=String), bindparam("most", type_=Integer)
        page = of.where(companies.c.id > bindparam("after", type_=String)).order_by(companies.c.id).limit(most)
        self.of_region = Prepared(page.where(companies.c.region == region))
        self.that_left = Prepared(page.where(_left(region)))


PAGES = Pages(COMPANIES)


def page_of_region(records: Records, region: str, after: str) -> list[Row[Any]]:
    """Up to PAGE companies of a region in order of id, from the one after `after`, as they are now."""
    return records.ask(PAGES.of_region, region=region, after=after, most=PAGE)


def page_that_left(records: Records, region: str, after: str) -> list[Row[Any]]:
    """The same of companies that were in the region once and are elsewhere now."""
    return records.ask(PAGES.that_left, region=region, after=after, most=PAGE)
