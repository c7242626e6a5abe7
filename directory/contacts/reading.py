"""What a contact says to its owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from directory.companies import why_not_shown
from directory.contacts.offers import Offer, offers
from directory.contacts.rows import is_linked, read_row, shown_fields
from directory.records import Records
from directory.values import CONTACT_FIELDS, Asker, Relation


@dataclass(frozen=True, slots=True)
class Contact:
    """`fields` are what is shown; `own_fields` names those written here, which the network does not touch.

    `following` is true while the linked company's card is read through; otherwise it stays at what was current when that
    ended, and nothing says why. `opened` is false for one that was linked by matching a list until it is read by itself:
    until then it shows of the card no more than the name. `version` counts what was written here.
    """

    id: str
    relation: Relation
    linked: bool
    following: bool
    opened: bool
    fields: Mapping[str, str]
    own_fields: tuple[str, ...]
    offers: Mapping[str, Offer]
    version: int
    created_at: int
    changed_at: int


def show(records: Records, asker: Asker, contact_id: str) -> Contact:
    """A contact as it is, without opening it. Raises NotFound for one that is absent or another company's."""
    with records.reading() as connection:
        return compose(connection, asker, read_row(connection, asker, contact_id))


def compose(connection: Connection, asker: Asker, row: Row[Any]) -> Contact:
    linked = is_linked(row)
    return Contact(
        id=row.id,
        relation=Relation(row.relation),
        linked=linked,
        following=linked and not why_not_shown(row, asker.region),
        opened=not linked or row.revealed_at is not None,
        fields=shown_fields(row),
        own_fields=tuple(field for field in CONTACT_FIELDS if field in row.own_fields) if linked else (),
        offers=offers(connection, asker, row),
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
