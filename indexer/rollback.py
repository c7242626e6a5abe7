"""Takes look-ups of a region back to the build before: the one that is retiring, which is still written to.

Invariant: before look-ups read it, every company that it must not show is a tombstone in it, compared with the records.
A build that another release or tuning made takes tombstones from this one and no documents: its names may be old, and
the work for them goes back into the outbox, for a process of its own make to do.
"""

from collections.abc import Callable
from dataclasses import dataclass

from directory.errors import Message, Refused, Unavailable
from directory.records import Records
from indexer.builds import Build, family, region_lease, to_go_back_to
from indexer.compare import Kind, compare, confirmed
from indexer.engines.port import Engine
from indexer.history import Event
from indexer.lease import Lease
from indexer.mend import mend_region
from indexer.render import fingerprint
from indexer.swap import swap
from indexer.sync import bury, leave_to_the_outbox, sync_companies


@dataclass(frozen=True, slots=True)
class RolledBack:
    """`outdated`: how many companies this release could not bring up to date in it, and left to the outbox."""

    build: str
    fingerprint: str
    outdated: int


def rollback_region(
    records: Records, engine: Engine, region: str, progress: Callable[[int], None] = lambda _done: None
) -> RolledBack:
    """Raises Refused where there is no build to go back to, or another process works on the region; Unavailable."""
    with region_lease(records, region) as lease:
        live = mend_region(records, engine, lease, region)
        previous = _previous(records, engine, region)
        outdated = _bring_up(records, engine, lease, previous, progress)
        swap(records, engine, lease, previous.name, instead_of=live, event=Event.ROLLED_BACK)
    return RolledBack(previous.name, previous.fingerprint, outdated)


def _previous(records: Records, engine: Engine, region: str) -> Build:
    present = engine.names()
    with records.reading() as connection:
        previous = to_go_back_to(family(connection, [region]), present)
    if previous is None:
        raise Refused(Message("There is no earlier index of %(region)s to go back to.", region=region))
    return previous


def _bring_up(records: Records, engine: Engine, lease: Lease, build: Build, progress: Callable[[int], None]) -> int:
    outdated = 0
    for page in compare(records, engine, build.name):
        lease.beat(records)
        found = confirmed(records, engine, build.name, page.suspects) if page.suspects else []
        if found:
            ids = [one.company_id for one in found]
            sync_companies(records, engine, ids, refresh=False)
            bury(records, engine, build.name, [one.company_id for one in found if one.kind is Kind.ORPHAN])
            left = confirmed(records, engine, build.name, ids)
            if any(one.kind in (Kind.SHOWN, Kind.ORPHAN) for one in left):
                raise Unavailable("search", f"{build.name} shows companies that are hidden, and cannot be written")
            if left and build.fingerprint == fingerprint():
                raise Unavailable("search", f"{len(left)} companies of {build.name} cannot be brought up to date")
            leave_to_the_outbox(records, [one.company_id for one in left])
            outdated += len(left)
        progress(page.compared)
    return outdated
