"""What an operator must hear of. A signal never changes what anybody is answered; docs/operations.md says what to do.

It is a row of the records, a count and a line in the log, which names companies by their ids and nobody by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Connection, event, select

from directory.records import Records
from directory.records.tables import signals

log = structlog.get_logger()


class Kind(StrEnum):
    UNSAVED = "unsaved_reveals"  # half the daily quota or more, not saved, on several days
    FIRM_UNSAVED = "firm_unsaved_reveals"  # the same by a firm
    WALK = "alphabetical_walk"  # look-ups that step through the alphabet
    CANARY = "canary"  # a made-up company's card was asked for
    LOOK_ALIKE = "look_alike"  # a card came to look like a vendor's of a connected company


@dataclass(frozen=True, slots=True)
class Signal:
    at: int
    kind: str
    company_id: str | None
    subject: str | None
    detail: dict[str, Any]


_listeners: list[Callable[[Kind], None]] = []


def on_signal(listener: Callable[[Kind], None]) -> None:
    """Have `listener` called in this process for each signal, once it is committed."""
    _listeners.append(listener)


def give_signal(
    connection: Connection, kind: Kind, at: int, *, company_id: str, subject: str | None = None, **detail: Any
) -> None:
    """Write a signal about a company in the caller's transaction; it is told when that is committed."""
    connection.execute(signals.insert().values(at=at, kind=kind, company_id=company_id, subject=subject, detail=detail))

    def tell(_: Connection) -> None:
        log.warning("signal", kind=str(kind), company=company_id, **detail)
        for listener in _listeners:
            listener(kind)

    event.listen(connection, "commit", tell)


def given_since(connection: Connection, kind: Kind, company_id: str, since: int) -> bool:
    """Whether there was one of this kind about this company after `since` (milliseconds since 1970)."""
    return (
        connection.execute(
            select(signals.c.seq)
            .where(signals.c.company_id == company_id, signals.c.kind == kind, signals.c.at > since)
            .limit(1)
        ).first()
        is not None
    )


def last_signals(records: Records, *, since: int = 0, most: int = 50) -> list[Signal]:
    """Newest first."""
    query = select(signals).where(signals.c.at >= since).order_by(signals.c.seq.desc()).limit(most)
    with records.reading() as connection:
        return [Signal(row.at, row.kind, row.company_id, row.subject, row.detail) for row in connection.execute(query)]
