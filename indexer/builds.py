"""The index family of a region: which builds there are, in which state, and what they are called.

A build is one physical index. The records hold a row for each, committed before any company is read into it, so that
every writer that commits later knows of it.

    building ──▶ live ──▶ retiring ──▶ (gone)        building ──▶ (gone), where a rebuild is given up
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select, update

from directory.errors import Message, Refused
from directory.records.tables import audit, index_builds, now

SILENCE_MS = 120_000
_REBUILDS = 0x6361  # the first number of this module's advisory locks, for PostgreSQL


class State(StrEnum):
    BUILDING = "building"
    LIVE = "live"
    RETIRING = "retiring"


@dataclass(frozen=True, slots=True)
class BuildName:
    """`companies-<region>-<fingerprint>-<UTC time>`; `str` and `parse` are each other's inverse."""

    region: str
    fingerprint: str
    made: datetime

    def __str__(self) -> str:
        return f"companies-{self.region}-{self.fingerprint}-{self.made.astimezone(UTC):%Y%m%dt%H%M%S%f}z"

    @classmethod
    def parse(cls, name: str) -> "BuildName":
        """Raises ValueError for anything that `str` would not have made."""
        found = re.fullmatch(r"companies-([a-z]{2})-([0-9a-f]{8})-(\d{8}t\d{12})z", name)
        if not found:
            raise ValueError(f"not the name of an index build: {name}")
        made = datetime.strptime(found[3], "%Y%m%dt%H%M%S%f").replace(tzinfo=UTC)
        return cls(found[1], found[2], made)

    @classmethod
    def new(cls, region: str, fingerprint: str) -> "BuildName":
        return cls(region, fingerprint, datetime.now(UTC))


def alias(region: str) -> str:
    """The name that look-ups read a region's live build under. Always used whole: `us*` would also be `us-x`."""
    return f"companies-{region}"


@dataclass(frozen=True, slots=True)
class Build:
    """`created_at` and `changed_at` are in milliseconds since 1970."""

    name: str
    region: str
    fingerprint: str
    state: State
    created_at: int
    changed_at: int

    @property
    def building_now(self) -> bool:
        """Whether somebody works on it: a rebuild says so with every page, and one that is silent has died."""
        return self.state is State.BUILDING and now() - self.changed_at < SILENCE_MS

    @property
    def given_up(self) -> bool:
        return self.state is State.BUILDING and not self.building_now


def family(connection: Connection, regions: Iterable[str] | None = None) -> list[Build]:
    """Every build of these regions (of all, where None), oldest first."""
    query = select(index_builds).order_by(index_builds.c.name)
    if regions is not None:
        query = query.where(index_builds.c.region.in_(list(regions)))
    return [
        Build(row.name, row.region, row.fingerprint, State(row.state), row.created_at, row.changed_at)
        for row in connection.execute(query)
    ]


def start(connection: Connection, name: BuildName) -> None:
    """Note a new build of a region. Raises Refused while another one of the same region is being built."""
    at = now()
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(select(func.pg_advisory_xact_lock(_REBUILDS, func.hashtext(name.region))))
    if any(build.building_now for build in family(connection, [name.region])):
        raise Refused(Message("The index of %(region)s is being rebuilt by another process.", region=name.region))
    connection.execute(
        index_builds.insert().values(
            name=str(name),
            region=name.region,
            fingerprint=name.fingerprint,
            state=State.BUILDING,
            created_at=at,
            changed_at=at,
        )
    )
    _note(connection, "build_started", name.region, {"build": str(name)})


def touch(connection: Connection, name: str) -> None:
    """Say that a build is still being worked on."""
    connection.execute(update(index_builds).where(index_builds.c.name == name).values(changed_at=now()))


def make_live(connection: Connection, region: str, name: str) -> None:
    """Call once the engine was seen to serve `name`: it becomes live, and what was live before retiring."""
    at = now()
    here = index_builds.c.region == region
    connection.execute(
        update(index_builds)
        .where(here, index_builds.c.state == State.LIVE, index_builds.c.name != name)
        .values(state=State.RETIRING, changed_at=at)
    )
    connection.execute(
        update(index_builds).where(here, index_builds.c.name == name).values(state=State.LIVE, changed_at=at)
    )
    _note(connection, "build_live", region, {"build": name})


def forget(connection: Connection, names: Sequence[str]) -> None:
    """Remove the rows of builds that the engine no longer has."""
    for name in names:
        connection.execute(delete(index_builds).where(index_builds.c.name == name))
        _note(connection, "build_dropped", BuildName.parse(name).region, {"build": name})


def _note(connection: Connection, action: str, region: str, detail: dict[str, str]) -> None:
    connection.execute(audit.insert().values(at=now(), actor="indexer", action=action, region=region, detail=detail))
