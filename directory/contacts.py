"""A company's customer and vendor lists.

A contact stores its link and the fields written here, and nothing else: reading it composes the card version that it
follows with those fields. So a card's update reaches any number of contacts at once and at no cost.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from directory import standing
from directory.card import make_card
from directory.companies import CARD_COLUMNS, shown_card, why_not_shown
from directory.errors import InvalidInput, Message, NotFound
from directory.idempotency import Key, once
from directory.records import Records
from directory.records.tables import card_versions, companies, contacts, former_regions, now
from directory.tokens import Tokens
from directory.values import CARD_FIELDS, CONTACT_FIELDS, Asker, Card, Relation


@dataclass(frozen=True, slots=True)
class Contact:
    """`fields` are what is shown; `own_fields` names those written here, which the network does not touch.

    `following` is true while the linked company's card is read through; otherwise it stays at what was current when that
    ended, and nothing says why.
    """

    id: str
    relation: Relation
    linked: bool
    following: bool
    fields: Mapping[str, str]
    own_fields: tuple[str, ...]
    card_version: int | None
    created_at: int
    changed_at: int


def create_contact(
    records: Records,
    tokens: Tokens,
    asker: Asker,
    relation: Relation,
    fields: Mapping[str, str],
    link: str | None = None,
    key: Key | None = None,
) -> Contact:
    """Add a contact; with a `link`, one that follows that company's card.

    Beside a link, a field that says what the card says follows it; one that differs is a local edit. Raises InvalidInput,
    and NotFound for a link that expired, is another company's, or whose company may no longer be shown.
    """
    linked_id = tokens.open_link(link, asker.company_id) if link else None

    def work(connection: Connection) -> dict[str, Any]:
        contact_id = str(uuid.uuid4())
        values: dict[str, Any]
        if linked_id:
            current = shown_card(connection, linked_id, asker.region)
            values = {
                "linked_company_id": linked_id,
                "linked_version": current.version,
                "linked_publication": current.publication,
                "revealed_at": now(),
                "own_fields": _local_edits(current.card, fields, asker.region),
            }
        else:
            if not fields.get("name"):
                raise InvalidInput({"name": Message("A name is needed.")})
            card = make_card(fields, asker.region)
            values = {"own_fields": {field: getattr(card, field) for field in CONTACT_FIELDS}}
        at = now()
        connection.execute(
            contacts.insert().values(
                id=contact_id,
                company_id=asker.company_id,
                relation=relation,
                folded_name=standing.folded_name(values["own_fields"].get("name", "")),
                email_domain=standing.email_domain(values["own_fields"].get("email", "")),
                version=1,
                created_by=asker.subject,
                created_at=at,
                changed_at=at,
                **values,
            )
        )
        return {"id": contact_id}

    return read_contact(records, asker, once(records, asker, key, work)["id"])


def read_contact(records: Records, asker: Asker, contact_id: str) -> Contact:
    """Raises NotFound for a contact that is absent or another company's."""
    with records.reading() as connection:
        row = connection.execute(_reading(asker).where(contacts.c.id == contact_id)).one_or_none()
    if row is None:
        raise NotFound
    return _compose(row, asker)


def list_contacts(
    records: Records, asker: Asker, relation: Relation | None = None, *, after: str = "", limit: int = 100
) -> list[Contact]:
    """One page of the company's own list, in order of id, from the one after `after`."""
    page = _reading(asker).where(contacts.c.id > after).order_by(contacts.c.id).limit(limit)
    if relation:
        page = page.where(contacts.c.relation == relation)
    with records.reading() as connection:
        return [_compose(row, asker) for row in connection.execute(page)]


def _local_edits(card: Card, fields: Mapping[str, str], region: str) -> dict[str, str]:
    edited = make_card({**card.fields(), **{name: fields[name] for name in CONTACT_FIELDS if name in fields}}, region)
    return {name: getattr(edited, name) for name in CONTACT_FIELDS if getattr(edited, name) != getattr(card, name)}


def _reading(asker: Asker) -> Select[Any]:
    return (
        select(
            contacts,
            companies.c.visible,
            companies.c.status,
            companies.c.kind,
            companies.c.region,
            companies.c.erased,
            card_versions.c.version.label("shown_version"),
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
                card_versions.c.version == standing.shown_version(asker.region),
            ),
        )
        .where(contacts.c.company_id == asker.company_id)
    )


def _compose(row: Row[Any], asker: Asker) -> Contact:
    linked = row.linked_company_id is not None
    card = {field: row._mapping[field] or "" for field in CARD_FIELDS if field in CONTACT_FIELDS}
    return Contact(
        id=row.id,
        relation=Relation(row.relation),
        linked=linked,
        following=linked and not why_not_shown(row, asker.region),
        fields={**card, **row.own_fields},
        own_fields=tuple(field for field in CONTACT_FIELDS if field in row.own_fields) if linked else (),
        card_version=row.shown_version,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
