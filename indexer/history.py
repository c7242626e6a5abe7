"""What happened to the index, for `carnet index history`: names of builds, numbers and reasons, never of companies."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from directory.records import Records
from directory.records.tables import index_events, now


class Event(StrEnum):
    STARTED = "started"
    GIVEN_UP = "given_up"
    LIVE = "live"
    ROLLED_BACK = "rolled_back"
    SWAP_FINISHED = "swap_finished"  # look-ups read a build already, and only the note of that was missing
    SWAPPED_BACK = "swapped_back"  # look-ups read a build that had been given up
    WITHDRAWN = "withdrawn"  # the same, where there was none to go back to, or another was read beside it
    DROPPED = "dropped"
    DRIFT = "drift"  # a comparison with the records found differences


@dataclass(frozen=True, slots=True)
class Entry:
    """`at` is in milliseconds since 1970."""

    at: int
    region: str
    event: str
    build: str | None
    detail: Mapping[str, Any]


def note(connection: Connection, event: Event, region: str, build: str | None, **detail: Any) -> None:
    """In the caller's transaction: what is told has happened."""
    connection.execute(
        insert(index_events).values(at=now(), region=region, event=str(event), build=build, detail=detail)
    )


def read_history(records: Records, *, region: str | None, most: int) -> list[Entry]:
    """The last events, newest first."""
    events = index_events.c
    query = select(events.at, events.region, events.event, events.build, events.detail)
    if region is not None:
        query = query.where(events.region == region)
    with records.reading() as connection:
        return [Entry(*row) for row in connection.execute(query.order_by(events.seq.desc()).limit(most))]
