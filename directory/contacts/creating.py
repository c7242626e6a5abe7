"""Adding a contact, by hand or after a pick."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from directory.card import make_card
from directory.companies import VersionedCard, shown_card
from directory.contacts.editing import note
from directory.contacts.reading import Contact, show
from directory.contacts.rows import found_by, hold_cards
from directory.contacts.steps import LINK
from directory.idempotency import Key, once
from directory.look_alikes.saving import hold_what_was_seen
from directory.records import Records
from directory.records.tables import contacts, now
from directory.tokens import Tokens
from directory.values import CONTACT_FIELDS, Asker, Card, Origin, Relation


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
    NotFound for a link that expired, is another company's, or whose company may no longer be shown, and NotAMember.
    """

    def work(connection: Connection) -> dict[str, Any]:
        linked_id, seen = tokens.open_link_seen(link, asker.company_id) if link else ("", None)
        hold_cards(connection, asker, [linked_id] if linked_id else [])
        if linked_id:
            current = shown_card(connection, linked_id, asker.region)
            own = _local_edits(current.card, fields, asker.region)
            contact_id = add(connection, asker, relation, own, **link_to(linked_id, current), revealed_at=now())
            hold_what_was_seen(connection, asker, contact_id, linked_id, seen, current)
            return {"id": contact_id}
        card = make_card(fields, asker.region)
        return {"id": add(connection, asker, relation, {field: getattr(card, field) for field in CONTACT_FIELDS})}

    return show(records, asker, once(records, asker, key, work)["id"])


def link_to(company_id: str, current: VersionedCard) -> dict[str, Any]:
    """The columns of a contact that follows the company from this card on."""
    return {
        "linked_company_id": company_id,
        "linked_version": current.version,
        "linked_publication": current.publication,
        "resting_version": None,
    }


def add(connection: Connection, asker: Asker, relation: Relation, own_fields: Mapping[str, str], **link: Any) -> str:
    """A new contact with these values of its own, and with the columns of its link if it has one; its id."""
    contact_id, at = str(uuid.uuid4()), now()
    connection.execute(
        contacts.insert().values(
            id=contact_id,
            company_id=asker.company_id,
            relation=relation,
            own_fields=dict(own_fields),
            **found_by(own_fields),
            version=1,
            created_by=asker.subject,
            created_at=at,
            changed_at=at,
            **link,
        )
    )
    if link:
        note(connection, asker, contact_id, {LINK: None}, Origin.LINKED)
    written = own_fields if link else {field: value for field, value in own_fields.items() if value}
    note(connection, asker, contact_id, written, Origin.LOCAL)
    return contact_id


def _local_edits(card: Card, fields: Mapping[str, str], region: str) -> dict[str, str]:
    edited = make_card({**card.fields(), **{name: fields[name] for name in CONTACT_FIELDS if name in fields}}, region)
    return {name: getattr(edited, name) for name in CONTACT_FIELDS if getattr(edited, name) != getattr(card, name)}
