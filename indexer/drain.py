"""Works through the outbox. It may run anywhere, any number of times, at any moment: there is nothing in the call."""

from collections.abc import Callable

from directory import outbox
from directory.errors import Refused, Unavailable
from directory.records import Records
from indexer.engines.port import Engine
from indexer.rebuild import rebuild_region
from indexer.sync import sync_companies

BATCH = 500
# A backlog is taken in larger parts, sorted by region: an engine commits once a region and batch.
PART = 10_000


def drain(records: Records, engine: Engine, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Sync every company that the outbox names, until it is empty or no batch gets any further; how many were synced.

    A region that has no index yet is built whole. Raises Unavailable; what was not done stays in the outbox.
    """
    total = 0
    while True:
        unserved: set[str] = set()
        done = 0
        with outbox.claimed(records, PART) as (company_ids, settle):
            for at in range(0, len(company_ids), BATCH):
                synced = sync_companies(records, engine, company_ids[at : at + BATCH])
                settle(synced.settled)
                done += len(synced.settled)
                progress(len(synced.settled))
                unserved = synced.unserved
                if unserved:  # most of what was taken is done by building their indices
                    break
        built = [region for region in sorted(unserved) if _build(records, engine, region, progress)]
        if not company_ids:
            return total
        if not done and not built:  # nothing to be done now: it failed, or another process builds the index
            raise Unavailable("search", f"{len(company_ids)} companies could not be written to the index")
        total += done


def _build(records: Records, engine: Engine, region: str, progress: Callable[[int], None]) -> bool:
    try:
        rebuild_region(records, engine, region, progress)
    except Refused:  # another process is at it
        return False
    return True
