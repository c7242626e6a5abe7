"""The row of a contact joined with the card version that it shows, and what that row says.

Invariant: what a contact may not show is not in what this module says of it. A contact that was linked by matching a
list and never opened shows no field of the card but the name (`revealed_at` is empty).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, select

from directory.card import marks
from directory.companies import CARD_COLUMNS
from directory.errors import NotAMember, NotFound, Stale
from directory.records.tables import card_versions, companies, contacts, former_regions
from directory.shown_version import shown_version
from directory.values import CONTACT_FIELDS, Asker, Card

# The name that a contact shows, folded: its own where it has one, else the card's.
SHOWN_NAME = case((contacts.c.folded_name != "", contacts.c.folded_name), else_=card_versions.c.folded_name)


def reading(asker: Asker) -> Select[Any]:
    """The asker's contacts, each with its company's standing and the card version that it shows."""
    return (
        select(
            contacts,
            companies.c.visible,
            companies.c.status,
            companies.c.kind,
            companies.c.region,
            companies.c.erased,
            companies.c.publication,
            card_versions.c.version.label("shown_version"),
            SHOWN_NAME.label("shown_name"),
            *CARD_COLUMNS,
        )
        .outerjoin(companies, companies.c.id == contacts.c.linked_company_id)
        .outerjoin(
            former_regions,
            and_(former_regions.c.company_id == companies.c.id, former_regions.c.region == asker.region),
        )
        .outerjoin(
            card_versions,
            and_(
                card_versions.c.company_id == companies.c.id,
                card_versions.c.version == shown_version(asker.region),
            ),
        )
        .where(contacts.c.company_id == asker.company_id)
    )


def read_row(connection: Connection, asker: Asker, contact_id: str) -> Row[Any]:
    """Raises NotFound for a contact that is absent or another company's."""
    row = connection.execute(reading(asker).where(contacts.c.id == contact_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def lock_row(connection: Connection, asker: Asker, contact_id: str, expected_version: int | None = None) -> Row[Any]:
    """The same, locked until the transaction ends. Raises Stale where it is not at `expected_version`, if one is given.

    Locked first and read then: see `directory.companies.lock_company`.
    """
    connection.execute(
        select(contacts.c.id)
        .where(contacts.c.id == contact_id, contacts.c.company_id == asker.company_id)
        .with_for_update()
    )
    row = read_row(connection, asker, contact_id)
    if expected_version is not None and row.version != expected_version:
        raise Stale
    return row


def hold_companies(connection: Connection, asker: Asker, company_ids: Iterable[str]) -> None:
    """Keep these companies and the asker's own from being erased until the transaction ends, before a contact is locked.

    Whoever changes a company locks it and then its contacts. What is written about a contact refers to companies, which
    waits for that lock: taken in this order, the two wait in a line and not in a circle. Raises NotAMember where the asker's
    own company was erased since it asked: what it adds now would be left over.
    """
    ids = {asker.company_id, *company_ids}
    held = connection.execute(
        select(companies.c.id, companies.c.erased)
        .where(companies.c.id.in_(ids))
        .order_by(companies.c.id)
        .with_for_update(read=True, key_share=True)
    ).all()
    if any(row.erased for row in held if row.id == asker.company_id):
        raise NotAMember


def hold_cards(connection: Connection, asker: Asker, company_ids: Iterable[str]) -> None:
    """The same, and their cards as they are: a change comes before, and is read here, or after, and finds the contact that is
    linked here. Not where a card is about to be noted as seen, for which one's own company is locked: two companies that
    look at one another would wait in a circle.
    """
    hold_companies(connection, asker, ())
    if ids := set(company_ids):
        these = select(companies.c.id).where(companies.c.id.in_(ids)).order_by(companies.c.id)
        connection.execute(these.with_for_update(read=True)).all()


def is_linked(row: Row[Any]) -> bool:
    """Whether a contact has a card to follow: one whose company was erased keeps that company's id and no card."""
    return row.linked_version is not None


def from_card(row: Row[Any], card: Mapping[Any, Any] | None = None) -> dict[str, str]:
    """What a contact may show of the card that it follows, or of another version of it: all, the name alone, or nothing."""
    if not is_linked(row):
        return {}
    fields = CONTACT_FIELDS if row.revealed_at is not None else ("name",)
    return {field: (card or row._mapping)[field] or "" for field in fields}


def shown_fields(row: Row[Any]) -> dict[str, str]:
    """Every field as it is shown: one's own value, else what the card says."""
    return {**dict.fromkeys(CONTACT_FIELDS, ""), **from_card(row), **row.own_fields}


def own_beside(row: Row[Any], card: Card, *, revealed: bool = True) -> dict[str, str]:
    """The values of a contact that stay its own once it follows `card`: those that say something else.

    An empty field of a contact that had no link says nothing, so it follows. While the card is not revealed, only its name
    is compared: whether a guess was right must not be seen.
    """
    said = {field: value for field, value in row.own_fields.items() if value or is_linked(row)}
    return {
        field: value
        for field, value in said.items()
        if value != getattr(card, field) or not (revealed or field == "name")
    }


def found_by(own_fields: Mapping[str, str]) -> dict[str, str]:
    """What a contact's row repeats of the values written here, to be found by equality."""
    return marks(own_fields.get("name", ""), own_fields.get("email", ""))
