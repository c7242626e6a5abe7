"""The index family of a region: which builds there are, and in which state.

A build is one physical index. The records hold a row for each, committed before any company is read into it, so that
every writer that commits later knows of it.

    building ──▶ live ◀──▶ retiring        each but live ──▶ dropping ──▶ (gone)

Invariant: rows are written by the holder of the region's lease alone, in transactions that begin with `still_held`.
A build that is dropping never comes back, so it may be dropped from the engine however late.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, literal, select, update

from directory.errors import Message, Refused
from directory.records import Records
from directory.records.tables import index_builds, leases, now
from indexer.build_names import BuildName
from indexer.history import Event, note
from indexer.lease import Lease, clock, held, still_held


class State(StrEnum):
    BUILDING = "building"
    LIVE = "live"
    RETIRING = "retiring"
    DROPPING = "dropping"


@dataclass(frozen=True, slots=True)
class Build:
    """`created_at` and `changed_at` are in milliseconds since 1970. `filled`: it holds every company, so that look-ups read
    it or may come to at any moment. `leased`: whether its region's lease is held.
    """

    name: str
    region: str
    fingerprint: str
    state: State
    created_at: int
    changed_at: int
    filled: bool
    leased: bool

    @property
    def building_now(self) -> bool:
        """Whether somebody works on it; one that is building while nobody holds the lease was given up."""
        return self.state is State.BUILDING and self.leased


def family(connection: Connection, regions: Iterable[str] | None = None) -> list[Build]:
    """Every build of these regions (of all, where None) that writers write to."""
    return [build for build in all_builds(connection, regions) if build.state is not State.DROPPING]


def live_builds(connection: Connection) -> list[Build]:
    """Those that look-ups read: one a region."""
    return [build for build in family(connection) if build.state is State.LIVE]


def to_go_back_to(builds: Iterable[Build], present: Collection[str]) -> Build | None:
    """What look-ups read before what they read now, if the engine has it still (`present`). By when they left it: after a way
    back, the build that they left is newer than the one that they went back to.
    """
    left = [build for build in builds if build.state is State.RETIRING and build.name in present]
    return max(left, key=lambda build: (build.changed_at, build.name), default=None)


def all_builds(connection: Connection, regions: Iterable[str] | None = None) -> list[Build]:
    """Those that are about to go, too."""
    query = (
        select(index_builds, (leases.c.until > clock(connection)).label("leased"))
        .outerjoin(leases, leases.c.name == literal(_LEASE) + index_builds.c.region)
        .order_by(index_builds.c.name)
    )
    if regions is not None:
        query = query.where(index_builds.c.region.in_(list(regions)))
    return [
        Build(
            row.name,
            row.region,
            row.fingerprint,
            State(row.state),
            row.created_at,
            row.changed_at,
            row.filled_at is not None,
            bool(row.leased),
        )
        for row in connection.execute(query)
    ]


_LEASE = "index of "


@contextmanager
def region_lease(records: Records, region: str) -> Iterator[Lease]:
    """Work on a region's family. Raises Refused while another process does."""
    with held(records, _LEASE + region) as lease:
        if lease is None:
            raise Refused(Message("Another process is at work on the index of %(region)s.", region=region))
        yield lease


def start(connection: Connection, lease: Lease, name: BuildName) -> None:
    """Note a new build. Commit it before any company is read into it."""
    still_held(connection, lease)
    at = now()
    row = {"name": str(name), "region": name.region, "fingerprint": name.fingerprint, "state": State.BUILDING}
    connection.execute(index_builds.insert().values(**row, created_at=at, changed_at=at))
    note(connection, Event.STARTED, name.region, str(name), lease=lease.number)


def note_filled(connection: Connection, lease: Lease, name: str) -> None:
    """Commit it before the refresh that the build is compared after: who writes later refreshes it."""
    still_held(connection, lease)
    connection.execute(update(index_builds).where(index_builds.c.name == name).values(filled_at=now()))


def make_live(connection: Connection, lease: Lease, region: str, name: str, event: Event = Event.LIVE) -> None:
    """Call once the engine was seen to serve `name`: it becomes live, and what was live before retiring."""
    still_held(connection, lease)
    here = index_builds.c.region == region
    was_live = (here, index_builds.c.state == State.LIVE, index_builds.c.name != name)
    at = clock(connection)  # of all processes: by it is found which build was left last
    connection.execute(update(index_builds).where(*was_live).values(state=State.RETIRING, changed_at=at))
    connection.execute(
        update(index_builds).where(here, index_builds.c.name == name).values(state=State.LIVE, changed_at=at)
    )
    note(connection, event, region, name, lease=lease.number)


def give_up(connection: Connection, lease: Lease, names: Sequence[str], event: Event = Event.GIVEN_UP) -> None:
    """Nothing is written to these builds from now on, and they never come back."""
    still_held(connection, lease)
    for name in names:
        gone = update(index_builds).where(index_builds.c.name == name, index_builds.c.state != State.LIVE)
        if connection.execute(gone.values(state=State.DROPPING, changed_at=now())).rowcount:
            note(connection, event, BuildName.parse(name).region, name, lease=lease.number)


def forget(connection: Connection, lease: Lease, name: str) -> None:
    """Remove the row of a build that the engine no longer has."""
    still_held(connection, lease)
    here = (index_builds.c.name == name, index_builds.c.state == State.DROPPING)
    connection.execute(delete(index_builds).where(*here))


def end_leases(records: Records) -> None:
    """For the one owner of an index when it starts: whoever held a lease on it has died."""
    with records.writing() as connection:
        connection.execute(update(leases).where(leases.c.name.startswith(_LEASE)).values(until=0))
