"""Watching for those who collect cards: what is given to the operator as a signal when a card is shown."""

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from directory.harvesting.quotas import DAY_MS
from directory.harvesting.signals import Kind, give_signal, given_since
from directory.records.tables import companies, contacts, reveals
from directory.values import Asker

DAYS_LOOKED_AT, SUSPICIOUS_DAYS = 30, 3


@dataclass(frozen=True, slots=True)
class Counted:
    """How many companies a company or a firm was shown within a day and has not saved, this one included."""

    kind: Kind
    by: str
    unsaved: int
    quota: int


def watch_canary(connection: Connection, asker: Asker, company_id: str, at: int) -> None:
    """Nobody does business with a company that does not exist: whoever asks for its card is going through all of them."""
    canary = select(companies.c.id).where(companies.c.id == company_id, companies.c.canary)
    if connection.execute(canary).first():
        give_signal(
            connection,
            Kind.CANARY,
            at,
            company_id=asker.company_id,
            subject=asker.subject,
            canary=company_id,
            firm=asker.firm_id,
        )


def watch_unsaved(connection: Connection, asker: Asker, counted: Counted, at: int) -> None:
    """Half the daily quota without a save, on a third day of a month: no signal on the way there, one a day afterwards.

    Looks at the ledger of those days only at picks beyond the half, and no more once the signal of the day was given.
    """
    half = (counted.quota + 1) // 2
    if counted.unsaved < half or given_since(connection, counted.kind, counted.by, at - DAY_MS):
        return
    days = _days_with(connection, counted, half, at)
    if days >= SUSPICIOUS_DAYS:
        give_signal(
            connection,
            counted.kind,
            at,
            company_id=counted.by,
            subject=asker.subject,
            days=days,
            today=counted.unsaved,
        )


def _days_with(connection: Connection, counted: Counted, half: int, at: int) -> int:
    """Days (UTC) of the last month with at least so many different companies that are not saved now."""
    by = reveals.c.firm_id if counted.kind is Kind.FIRM_UNSAVED else reveals.c.viewer_company_id
    day = reveals.c.at // DAY_MS
    saved = exists().where(
        contacts.c.linked_company_id == reveals.c.company_id, contacts.c.company_id == reveals.c.viewer_company_id
    )
    days = (
        select(day)
        .where(by == counted.by, reveals.c.at > at - DAYS_LOOKED_AT * DAY_MS, ~saved)
        .group_by(day)
        .having(func.count(reveals.c.company_id.distinct()) >= half)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(days)).scalar_one()
