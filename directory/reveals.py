"""Showing a card after a pick, and keeping count of who saw what.

Invariant: no contact data of another company is shown for the first time without `note_reveal` in the same transaction:
a line in the owner's ledger, within the quotas. Where a quota is reached nothing is written and nothing shown.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from directory.companies import shown_card
from directory.harvesting.quotas import DAY_MS, Quotas, Seen, check_company, check_firm
from directory.harvesting.signals import Kind
from directory.harvesting.watch import Counted, watch_canary, watch_unsaved
from directory.idempotency import Key, once
from directory.records import Records
from directory.records.tables import companies, contacts, now, reveals
from directory.tokens import Tokens
from directory.values import Asker, Card


@dataclass(frozen=True, slots=True)
class Revealed:
    card: Card
    link: str


def reveal(records: Records, tokens: Tokens, asker: Asker, suggestion: str, key: Key | None = None) -> Revealed:
    """The card of the company that a suggestion stands for, and a link to save it with. Written to the owner's ledger.

    Raises QuotaReached, and NotFound, the same for a suggestion that expired, is forged or was given to another company,
    and for a company that is by now hidden, elsewhere or gone.
    """
    # First, also for a pick that is repeated: nobody is to read a card for a week on one line of its owner's ledger.
    company_id = tokens.open_suggestion(suggestion, asker.company_id)

    def note(connection: Connection) -> dict[str, Any]:
        shown_card(connection, company_id, asker.region)
        note_reveal(connection, asker, company_id)
        return {"company_id": company_id}

    once(records, asker, key, note)
    with records.reading() as connection:  # last: it may have been hidden since the key was first used
        current = shown_card(connection, company_id, asker.region)
    return Revealed(current.card, tokens.link(company_id, asker.company_id, current.version))


def note_reveal(connection: Connection, asker: Asker, company_id: str) -> None:
    """Write to the ledger that the asker is shown a company's contact data, in the caller's transaction.

    Call it before any lock on contacts is taken. A company that was shown to the asker's company within a day costs
    nothing. Costs one look at the ledger of that day, at most as long as the quotas are wide and the picks repeated.
    Raises QuotaReached, and then the transaction must not be committed.
    """
    created = _lock(connection, asker)
    at, quotas = now(), quotas_of(connection)
    seen = _seen(connection, reveals.c.viewer_company_id == asker.company_id, at)
    new = company_id not in (one.company_id for one in seen)
    counted: list[Counted] = []
    if new and quotas:
        saved = _is_saved(connection, asker, company_id)
        newcomer = at < created[asker.company_id] + quotas.newcomer_days * DAY_MS
        check_company(quotas, seen, at, newcomer=newcomer, saved=saved)
        if not saved:
            quota = quotas.unsaved_in_a_day(newcomer=newcomer)
            counted = [Counted(Kind.UNSAVED, asker.company_id, _unsaved(seen) + 1, quota)]
            if asker.firm_id:
                by_firm = _seen(connection, reveals.c.firm_id == asker.firm_id, at)
                if company_id not in (one.company_id for one in by_firm if not one.saved):
                    check_firm(quotas, by_firm, at)
                    counted.append(Counted(Kind.FIRM_UNSAVED, asker.firm_id, _unsaved(by_firm) + 1, quotas.firm_day))
    connection.execute(
        reveals.insert().values(
            company_id=company_id,
            viewer_company_id=asker.company_id,
            viewer=asker.subject,
            firm_id=asker.firm_id,
            at=at,
        )
    )
    if new:
        watch_canary(connection, asker, company_id, at)
        for one in counted:
            watch_unsaved(connection, asker, one, at)


def quotas_of(connection: Connection) -> Quotas | None:
    """The quotas of the records that this connection is of; none where limits are off."""
    found: Quotas | None = connection.get_execution_options()["quotas"]
    return found


def _lock(connection: Connection, asker: Asker) -> dict[str, int]:
    """Lock the asker's company, and its firm, against other reveals by them; since when each is in the records.

    Not against what merely refers to them: two companies that look at one another at the same moment would wait in a
    circle (PostgreSQL checks a reference under a lock of its own).
    """
    ids = [asker.company_id, *([asker.firm_id] if asker.firm_id else [])]
    locked = (
        select(companies.c.id, companies.c.created_at)
        .where(companies.c.id.in_(ids))
        .order_by(companies.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row.created_at for row in connection.execute(locked)}


def _seen(connection: Connection, by: ColumnElement[bool], at: int) -> list[Seen]:
    """The different companies whose cards `by` was shown within a day. A firm's are saved where each client saved it."""
    each = (
        select(
            reveals.c.company_id,
            reveals.c.viewer_company_id,
            func.min(reveals.c.at).label("first"),
            func.max(reveals.c.at).label("last"),
        )
        .where(by, reveals.c.at > at - DAY_MS)
        .group_by(reveals.c.company_id, reveals.c.viewer_company_id)
        .subquery()
    )
    linked = (
        exists()
        .where(contacts.c.linked_company_id == each.c.company_id, contacts.c.company_id == each.c.viewer_company_id)
        .correlate(each)
    )
    merged: dict[str, Seen] = {}
    for row in connection.execute(select(each.c.company_id, each.c.first, each.c.last, linked.label("saved"))):
        one = Seen(row.company_id, row.first, row.last, bool(row.saved))
        if other := merged.get(one.company_id):
            one = Seen(
                one.company_id, min(one.first, other.first), max(one.last, other.last), one.saved and other.saved
            )
        merged[one.company_id] = one
    return list(merged.values())


def _unsaved(seen: list[Seen]) -> int:
    return sum(not one.saved for one in seen)


def _is_saved(connection: Connection, asker: Asker, company_id: str) -> bool:
    return (
        connection.execute(
            select(contacts.c.id)
            .where(contacts.c.linked_company_id == company_id, contacts.c.company_id == asker.company_id)
            .limit(1)
        ).first()
        is not None
    )
