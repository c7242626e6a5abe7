"""One's own values in a contact: edited, given back to the network, reverted.

Invariant: the row is locked while it is read and written, and only the fields that were sent change, so two members who
edit different fields both keep theirs. A value that says what the card says follows the card.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from directory.card import make_card
from directory.contacts.history import value_of
from directory.contacts.offers import offers
from directory.contacts.reading import Contact, show
from directory.contacts.rows import found_by, from_card, is_linked, lock_row, shown_fields
from directory.errors import InvalidInput, Message
from directory.records import Records
from directory.records.tables import contact_edits, contacts, now
from directory.values import Asker, Origin

NETWORK = "network"  # what to revert to for a field to follow the card again


def edit_contact(
    records: Records,
    asker: Asker,
    contact_id: str,
    fields: Mapping[str, str | None],
    expected_version: int | None = None,
) -> Contact:
    """Set these fields; None lets a field follow the network again, and empties it where there is no link.

    Raises NotFound, InvalidInput, and Stale where the contact is not at `expected_version`, if one is given.
    """
    with records.writing() as connection:
        row = lock_row(connection, asker, contact_id, expected_version)
        write_values(connection, asker, row, _normalised(row, fields, asker.region), Origin.LOCAL)
    return show(records, asker, contact_id)


def revert_contact(
    records: Records, asker: Asker, contact_id: str, field: str, to: str, expected_version: int | None = None
) -> Contact:
    """Take back the value that an entry of the field's history holds, or with "network" let it follow the card again.

    Raises NotFound, Stale, and InvalidInput where the field's history has no such entry, or there is no card to follow.
    """
    with records.writing() as connection:
        row = lock_row(connection, asker, contact_id, expected_version)
        value = None if to == NETWORK else value_of(connection, asker, row, field, to)
        if value is None and not is_linked(row):
            raise InvalidInput({"to": Message("This contact is not linked: there is no card to follow.")})
        write_values(connection, asker, row, {field: value}, Origin.REVERT)
    return show(records, asker, contact_id)


def write_values(
    connection: Connection, asker: Asker, row: Row[Any], values: Mapping[str, str | None], origin: Origin
) -> None:
    """Write values into a locked contact, and note them in its history. One that changes nothing is passed over.

    Sending an own value again, after the card has changed, says that it is kept: the offer is no longer newer.
    """
    card, own = from_card(row), dict(row.own_fields)
    offered = offers(connection, asker, row)
    edits: dict[str, str | None] = {}
    for field, value in values.items():
        if is_linked(row) and (value is None or value == card.get(field)):
            if own.pop(field, None) is not None:
                edits[field] = None
        elif value != own.get(field) or (field in offered and offered[field].newer):
            own[field] = value or ""
            edits[field] = own[field]
    if edits:
        store(connection, row, own)
        note(connection, asker, row.id, edits, origin)


def store(connection: Connection, row: Row[Any], own_fields: Mapping[str, str], **values: Any) -> None:
    connection.execute(
        contacts.update()
        .where(contacts.c.id == row.id)
        .values(
            own_fields=dict(own_fields),
            **found_by(own_fields),
            version=row.version + 1,
            changed_at=now(),
            **values,
        )
    )


def note(
    connection: Connection, asker: Asker, contact_id: str, values: Mapping[str, str | None], origin: Origin
) -> None:
    """Rows of a contact's history, for what is written into it now."""
    at = now()
    rows = [
        {"contact_id": contact_id, "field": field, "value": value, "origin": origin, "by": asker.subject, "at": at}
        for field, value in values.items()
    ]
    if rows:
        connection.execute(contact_edits.insert(), rows)


def _normalised(row: Row[Any], fields: Mapping[str, str | None], region: str) -> dict[str, str | None]:
    """In the one normal form of cards, judged beside the name and the country that the contact has."""
    given_back = {field for field, value in fields.items() if value is None and is_linked(row)}
    shown = shown_fields(row)
    sent = {field: value for field, value in fields.items() if field not in given_back}
    card = make_card({"name": shown["name"], "country": shown["country"], **sent}, region)
    return {field: None if field in given_back else getattr(card, field) for field in fields}
