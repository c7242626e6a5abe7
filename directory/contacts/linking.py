"""Linking a contact that is there already, unlinking it, deleting it.

Unlinking keeps what the contact shows at that moment, as its own, and copies what the network said so far among its
edits: the history stays, and nothing about the company is read any more.
"""

from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row

from directory.companies import VersionedCard, shown_card
from directory.contacts.creating import link_to
from directory.contacts.editing import note, store
from directory.contacts.history import network_entries
from directory.contacts.reading import Contact, show
from directory.contacts.rows import from_card, hold_cards, is_linked, lock_row, own_beside, shown_fields
from directory.contacts.steps import LINK
from directory.look_alikes.saving import hold_what_was_seen
from directory.records import Records
from directory.records.tables import contact_edits, contacts, now
from directory.tokens import Tokens
from directory.values import CONTACT_FIELDS, NOBODY, Asker, Origin

_NOT_LINKED = dict.fromkeys(
    ("linked_company_id", "linked_version", "linked_publication", "resting_version", "revealed_at")
)
_KEPT = 1_000  # entries of what the network said, the newest, that outlive a link


def link_contact(
    records: Records, tokens: Tokens, asker: Asker, contact_id: str, link: str, expected_version: int | None = None
) -> Contact:
    """Let a contact follow the company that a link stands for; its own values that say something else stay its own.

    One that follows another company follows this one instead. Raises NotFound, also for a link that expired, is another
    company's, or whose company may no longer be shown; Stale.
    """
    company_id, seen = tokens.open_link_seen(link, asker.company_id)
    with records.writing() as connection:
        hold_cards(connection, asker, [company_id])
        current = shown_card(connection, company_id, asker.region)
        row = lock_row(connection, asker, contact_id, expected_version)
        if row.linked_company_id != company_id:
            attach(connection, asker, row, company_id, current, revealed=True)
            hold_what_was_seen(connection, asker, contact_id, company_id, seen, current)
        elif row.revealed_at is None:
            store(connection, row, own_beside(row, current.card), revealed_at=now())
            hold_what_was_seen(connection, asker, contact_id, company_id, seen, current)
    return show(records, asker, contact_id)


def unlink_contact(records: Records, asker: Asker, contact_id: str, expected_version: int | None = None) -> Contact:
    """The contact keeps what it shows, and follows nobody any more. Raises NotFound, Stale."""
    with records.writing() as connection:
        row = lock_row(connection, asker, contact_id, expected_version)
        if is_linked(row):
            detach(connection, asker, row)
    return show(records, asker, contact_id)


def delete_contact(records: Records, asker: Asker, contact_id: str, expected_version: int | None = None) -> None:
    """Delete a contact and its history. Raises NotFound, Stale."""
    with records.writing() as connection:
        lock_row(connection, asker, contact_id, expected_version)
        connection.execute(contacts.delete().where(contacts.c.id == contact_id))


def attach(
    connection: Connection, asker: Asker, row: Row[Any], company_id: str, current: VersionedCard, *, revealed: bool
) -> None:
    """Link a locked contact. `revealed`: whether the card was shown; if not, the contact shows only its name for now."""
    if is_linked(row):
        _keep_history(connection, asker, row)
    revealed_at = now() if revealed else None
    store(
        connection,
        row,
        own_beside(row, current.card, revealed=revealed),
        **link_to(company_id, current),
        revealed_at=revealed_at,
    )
    note(connection, asker, row.id, {LINK: None}, Origin.LINKED)


def detach(connection: Connection, asker: Asker, row: Row[Any]) -> None:
    """Unlink a locked contact."""
    _keep_history(connection, asker, row)
    shown, followed = shown_fields(row), from_card(row)
    store(connection, row, shown, **_NOT_LINKED)
    values = {field: shown[field] for field in followed if field not in row.own_fields and shown[field]}
    note(connection, asker, row.id, values, Origin.UNLINKED)


def _keep_history(connection: Connection, asker: Asker, row: Row[Any]) -> None:
    said = [entry for entry, _ in islice(network_entries(connection, asker, row, CONTACT_FIELDS), _KEPT)]
    connection.execute(
        contact_edits.delete().where(contact_edits.c.contact_id == row.id, contact_edits.c.field == LINK)
    )
    if said:
        connection.execute(
            contact_edits.insert(),
            [
                {
                    "contact_id": row.id,
                    "field": entry.field,
                    "value": entry.value,
                    "origin": entry.origin,
                    "by": entry.by or NOBODY,
                    "at": entry.at,
                }
                for entry in reversed(said)
            ],
        )
