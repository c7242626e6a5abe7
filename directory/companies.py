"""A company's own card: immutable versions, and the counters that contacts and the index follow; and companies locked, in the one
order that everybody keeps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from directory import standing
from directory.auditing import note
from directory.card import make_card
from directory.errors import CarnetError, Erased, NotFound, Stale
from directory.permissions import Action, require
from directory.ports import Publisher
from directory.records import Records
from directory.records.tables import CURRENT_CARD, card_versions, companies
from directory.values import CARD_FIELDS, Asker, Card, Kind, Status, is_company_id

INDEX_WAIT_S = 0.4  # of the 500 ms in which an opt-out is answered while the index is away


@dataclass(frozen=True, slots=True)
class VersionedCard:
    """`publication` counts what linked contacts were told so far."""

    card: Card
    version: int
    publication: int


CARD_COLUMNS = [card_versions.c[field] for field in CARD_FIELDS]

_CURRENT = select(companies, *CARD_COLUMNS).join(card_versions, CURRENT_CARD)


def why_not_shown(row: Row[Any], region: str) -> str:
    """Why a company may not be shown to members of `region` now; "" if it may. For counting, never for an answer."""
    if row.erased:
        return "erased"
    if not row.visible:
        return "hidden"
    if row.status != Status.ACTIVE:
        return "ended"
    if row.region != region:
        return "elsewhere"
    if row.kind != Kind.BUSINESS:
        return "firm"
    return ""


def shown_card(connection: Connection, company_id: str, region: str) -> VersionedCard:
    """The latest card of a company that may be shown in `region`. Raises NotFound, whatever the reason why not."""
    found = shown_cards(connection, [company_id], region)
    if company_id not in found:
        raise NotFound
    return found[company_id]


def shown_cards(connection: Connection, company_ids: Iterable[str], region: str) -> dict[str, VersionedCard]:
    """Of at most some hundreds of companies, the latest cards of those that may be shown in `region`."""
    rows = connection.execute(_CURRENT.where(companies.c.id.in_(set(company_ids))))
    return {
        row.id: VersionedCard(Card.of(row._mapping), row.card_version, row.publication)
        for row in rows
        if not why_not_shown(row, region)
    }


def read_own_card(records: Records, company_id: str) -> VersionedCard:
    """Raises NotFound where there is no such company."""
    with records.reading() as connection:
        row = connection.execute(_CURRENT.where(companies.c.id == company_id, ~companies.c.erased)).one_or_none()
    if row is None:
        raise NotFound
    return VersionedCard(Card.of(row._mapping), row.card_version, row.publication)


def edit_own_card(
    records: Records, publisher: Publisher, asker: Asker, fields: dict[str, Any], expected_version: int
) -> VersionedCard:
    """Replace the card by the one in `fields`; a card that says the same makes no new version.

    Raises NotAllowed, InvalidInput, and Stale where somebody saved another version since `expected_version`.
    """
    require(asker, Action.EDIT_CARD)
    card = make_card(fields, asker.region)
    with records.writing() as connection:
        row = lock_company(connection, asker.company_id)
        if row.card_version != expected_version:
            raise Stale
        before = Card.of(row._mapping)
        if card == before:
            return VersionedCard(card, row.card_version, row.publication)
        if row.imported_card is None:  # from now on an import changes only what changed at its source
            connection.execute(
                update(companies).where(companies.c.id == asker.company_id).values(imported_card=before.fields())
            )
        after = standing.change(connection, row, {}, card, by=asker.subject)
        note(connection, asker, "card_edited", {"card_version": row.card_version + 1})
    if card.indexed != before.indexed:
        publisher.publish([asker.company_id], within=INDEX_WAIT_S)
    return VersionedCard(card, after["card_version"], after["publication"])


def lock_company(connection: Connection, company_id: str) -> Row[Any]:
    """The company with its card, locked until the transaction ends. Raises NotFound.

    Locked first and read then, in two statements: one that waits for the lock would join the row as it is afterwards with
    the cards as they were before, and find none (PostgreSQL, READ COMMITTED). Its key does not change, so rows that refer
    to it may be written meanwhile (`key_share`): else an import and a reveal could wait for one another in a circle.
    """
    connection.execute(select(companies.c.id).where(companies.c.id == company_id).with_for_update(key_share=True))
    row = connection.execute(_CURRENT.where(companies.c.id == company_id, ~companies.c.erased)).one_or_none()
    if row is None:
        raise NotFound
    return row


def lock_companies(connection: Connection, company_ids: Iterable[str]) -> Mapping[str, Any]:
    """Those of these companies that there are, erased ones too, locked in the one order that everybody keeps.

    Rows that refer to them may be written meanwhile (`key_share`), as `lock_company` has it.
    """
    ids = sorted(filter(is_company_id, company_ids))
    locking = select(companies.c.id, companies.c.kind, companies.c.region, companies.c.status, companies.c.erased)
    locked = locking.where(companies.c.id.in_(ids)).order_by(companies.c.id).with_for_update(key_share=True)
    return {str(row.id): row for row in connection.execute(locked)}


def absent(company: Any) -> CarnetError | None:
    """What the accounting product is told of a company that is not there any more, or never was."""
    if company is None:
        return NotFound()
    return Erased() if company.erased else None
