"""Works through the outbox. It may run anywhere, any number of times, at any moment: there is nothing in the call."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import structlog

from directory import outbox
from directory.errors import Refused, Unavailable
from directory.records import Records
from indexer.engines.port import Engine
from indexer.janitor import alone
from indexer.rebuild import rebuild_region
from indexer.sync import sync_companies

log = structlog.get_logger()
BATCH = 500
# A backlog is taken in larger parts, sorted by region: an engine commits once a region and batch.
PART = 10_000


def drain(records: Records, engine: Engine, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Try to sync every company that the outbox names; how many were.

    What cannot be done now holds up nothing behind it: each row is tried once. A region that has no index yet is built
    whole. Raises Unavailable where something is left; it stays in the outbox.
    """
    total = after = left = 0
    given_up, failing = set[str](), set[str]()
    while True:
        done, unserved = 0, set[str]()
        with _once_settled(outbox.claimed(records, PART, after=after)) as part:
            for at in range(0, len(part.company_ids), BATCH):
                synced = sync_companies(records, engine, part.company_ids[at : at + BATCH], failing=failing)
                part.settle(synced.settled)
                done += len(synced.settled)
                progress(len(synced.settled))
                unserved = synced.unserved - given_up
                if unserved:  # most of what was taken is done by building their indices
                    break
        total += done
        if unserved:
            given_up |= {region for region in sorted(unserved) if not _build(records, engine, region, progress)}
            continue
        if not part.company_ids:
            break
        after, left = part.last, left + len(part.company_ids) - done
    if left:
        raise Unavailable("search", f"{left} companies could not be written to the index")
    return total


@contextmanager
def _once_settled(claimed: AbstractContextManager[outbox.Part]) -> Iterator[outbox.Part]:
    """An engine that goes away in the middle of a part does not undo what was settled of it before."""
    broken: Unavailable | None = None
    with claimed as part:
        try:
            yield part
        except Unavailable as error:
            broken = error
    if broken:
        raise broken


def _build(records: Records, engine: Engine, region: str, progress: Callable[[int], None]) -> bool:
    try:
        with alone(engine, region):
            rebuild_region(records, engine, region, progress)
            return True
    except Refused as error:  # another process is at it
        log.info("region_not_built", region=region, reason=str(error))
    return False
