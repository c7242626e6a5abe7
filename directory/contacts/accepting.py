"""Proposals for a list, accepted: each becomes a contact that follows the company, and each has its own result.

Such a contact shows the company's name and nothing else of its card until it is opened: see directory.contacts.opening.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from directory.companies import VersionedCard, shown_cards
from directory.contacts.creating import add, link_to
from directory.contacts.linking import attach
from directory.contacts.rows import hold_companies, is_linked, lock_row
from directory.errors import NotFound
from directory.idempotency import Key, once
from directory.records import Records
from directory.records.tables import contacts
from directory.tokens import Tokens
from directory.values import Asker, Relation

MOST_ACCEPTED = 500


class Outcome(StrEnum):
    CREATED = "created"
    LINKED = "linked"
    ALREADY_LINKED = "already_linked"  # the contact, to this company or to another: nothing was changed
    # The proposal expired or is another company's, its company is gone, or there is no such contact.
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Accepted:
    """`contact_id`: an existing contact to link; a new one where it is empty."""

    suggestion: str
    relation: Relation
    contact_id: str = ""


def accept_matches(
    records: Records, tokens: Tokens, asker: Asker, accepted: Sequence[Accepted], key: Key | None = None
) -> list[tuple[Outcome, str | None]]:
    """What became of each, in order, with the id of its contact. One transaction; one that fails stops no other."""
    meant = [_company_of(tokens, asker, one) for one in accepted]

    def work(connection: Connection) -> dict[str, Any]:
        hold_companies(connection, asker, {company_id for company_id in meant if company_id})
        cards = shown_cards(connection, {company_id for company_id in meant if company_id}, asker.region)
        # Contacts are locked in one order by everybody, so the existing ones first, by id.
        connection.execute(
            select(contacts.c.id)
            .where(
                contacts.c.company_id == asker.company_id,
                contacts.c.id.in_({one.contact_id for one in accepted if one.contact_id}),
            )
            .order_by(contacts.c.id)
            .with_for_update()
        )
        pairs = zip(accepted, meant, strict=True)
        return {"results": [_accept(connection, asker, one, company_id, cards) for one, company_id in pairs]}

    results = once(records, asker, key, work)["results"]
    return [(Outcome(outcome), contact_id) for outcome, contact_id in results]


def _company_of(tokens: Tokens, asker: Asker, one: Accepted) -> str | None:
    try:
        return tokens.open_match(one.suggestion, asker.company_id)
    except NotFound:
        return None


def _accept(
    connection: Connection, asker: Asker, one: Accepted, company_id: str | None, cards: Mapping[str, VersionedCard]
) -> tuple[Outcome, str | None]:
    if company_id is None or company_id not in cards:
        return Outcome.NOT_FOUND, None
    if not one.contact_id:
        link = link_to(company_id, cards[company_id])
        return Outcome.CREATED, add(connection, asker, one.relation, {}, **link, revealed_at=None)
    try:
        row = lock_row(connection, asker, one.contact_id)
    except NotFound:
        return Outcome.NOT_FOUND, None
    if row.relation != one.relation:
        return Outcome.NOT_FOUND, None
    if is_linked(row):
        return Outcome.ALREADY_LINKED, row.id
    attach(connection, asker, row, company_id, cards[company_id], revealed=False)
    return Outcome.LINKED, row.id
