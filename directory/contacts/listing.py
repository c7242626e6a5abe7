"""One's own list, by name, a page at a time.

A linked contact's name stands on the card version that it follows, so the order cannot come from an index over contacts:
each page joins the whole list with its cards by primary key, sorts the folded names (kept with each immutable card
version) and takes its part. That grows with one's own list and with nothing else; docs/api.md has the figures. A copy of
the name in each contact would make a card's edit cost as many writes as it has contacts, which is what the link avoids.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_

from directory.contacts.reading import Contact, compose
from directory.contacts.rows import SHOWN_NAME, reading
from directory.cursor import from_cursor, name_and_id, to_cursor
from directory.records import Records
from directory.records.tables import contacts
from directory.values import Asker, Relation
from mappings.folding import fold


def list_contacts(
    records: Records, asker: Asker, relation: Relation | None = None, *, q: str = "", after: str = "", limit: int = 100
) -> tuple[list[Contact], str | None]:
    """One page of the company's own list, in order of the folded name shown, and where the next one begins, if any.

    `q`: only names that start so, folded. A contact whose name changes between two pages may be missed or seen twice; no
    other is. Raises InvalidInput for an `after` that is no page's end.
    """
    name = _in_bytes(records)
    page = reading(asker).order_by(name, contacts.c.id).limit(limit + 1)
    if relation:
        page = page.where(contacts.c.relation == relation)
    if start := fold(q).core_joined:
        page = page.where(func.substr(SHOWN_NAME, 1, len(start)) == start)
    if after:
        last_name, last_id = from_cursor(after, name_and_id)
        page = page.where(or_(name > last_name, and_(name == last_name, contacts.c.id > last_id)))
    with records.reading() as connection:
        rows = connection.execute(page).all()
        shown = [compose(connection, asker, row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return shown, to_cursor((last.shown_name, last.id)) if last else None


def _in_bytes(records: Records) -> ColumnElement[Any]:
    """SQLite compares texts by their bytes; PostgreSQL is told to, whatever the collation of the database."""
    return func.coalesce(SHOWN_NAME, "") if records.is_sqlite else func.coalesce(SHOWN_NAME, "").collate("C")
