"""Reading one contact, which opens it: only then does one that was linked by matching a list show the card's data."""

from sqlalchemy import Connection

from directory.companies import shown_card
from directory.contacts.reading import Contact, compose, show
from directory.contacts.rows import found_by, hold_companies, lock_row, own_beside, read_row
from directory.errors import NotFound, QuotaReached
from directory.records import Records
from directory.records.tables import contacts, now
from directory.reveals import note_reveal
from directory.values import Asker


def read_contact(records: Records, asker: Asker, contact_id: str) -> Contact:
    """A contact; opened first, and written to the ledger of the card's owner, where it was not yet.

    A company that may not be shown now was never shown here, and is not now: the contact stays unopened, and so it does
    where the day's quota of cards is used up. Raises NotFound for a contact that is absent or another company's.
    """
    with records.reading() as connection:
        row = read_row(connection, asker, contact_id)
        contact = compose(connection, asker, row)
    if contact.opened or not contact.following:
        return contact
    try:
        with records.writing() as connection:
            _open(connection, asker, contact_id, row.linked_company_id)
    except (NotFound, QuotaReached):
        pass  # hidden at this moment; or unlinked, deleted, opened; or too many were opened today
    return show(records, asker, contact_id)


def _open(connection: Connection, asker: Asker, contact_id: str, company_id: str) -> None:
    hold_companies(connection, asker, [company_id])
    current = shown_card(connection, company_id, asker.region)
    note_reveal(connection, asker, company_id)  # locks the asker's company, so before any contact
    row = lock_row(connection, asker, contact_id)
    if row.linked_company_id != company_id or row.revealed_at is not None:
        raise NotFound  # somebody else was quicker: what was noted here is undone
    own = own_beside(row, current.card)
    connection.execute(
        contacts.update()
        .where(contacts.c.id == contact_id)
        .values(own_fields=own, **found_by(own), revealed_at=now(), version=row.version + (own != row.own_fields))
    )
