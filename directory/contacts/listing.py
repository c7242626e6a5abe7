"""One's own list, by name, a page at a time.

A linked contact's name stands on the card version that it follows, so the order cannot come from an index over contacts:
each page joins the whole list with its cards by primary key, sorts the folded names (kept with each immutable card
version) and takes its part. That grows with one's own list and with nothing else; docs/api.md has the figures. A copy of
the name in each contact would make a card's edit cost as many writes as it has contacts, which is what the link avoids.
A list that is searched is read name by name in that order, until a page is full.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_

from directory.contacts.reading import Contact, compose
from directory.contacts.rows import SHOWN_NAME, reading
from directory.cursor import from_cursor, name_and_id, to_cursor
from directory.records import Records
from directory.records.tables import card_versions, contacts
from directory.sought import sought
from directory.values import Asker, Relation


def list_contacts(
    records: Records, asker: Asker, relation: Relation | None = None, *, q: str = "", after: str = "", limit: int = 100
) -> tuple[list[Contact], str | None]:
    """One page of the company's own list, in order of the folded name shown, and where the next one begins, if any.

    `q`: only names that it finds, see `directory.sought`. A contact whose name changes between two pages may be missed or seen
    twice; no other is. Raises InvalidInput for an `after` that is no page's end.
    """
    name = _in_bytes(records)
    page = reading(asker).order_by(name, contacts.c.id)
    if relation:
        page = page.where(contacts.c.relation == relation)
    if after:
        last_name, last_id = from_cursor(after, name_and_id)
        page = page.where(or_(name > last_name, and_(name == last_name, contacts.c.id > last_id)))
    with records.reading() as connection:
        if fits := sought(q):
            page = page.where(contacts.c.id.in_(list(islice(_found(connection, page, fits), limit + 1))))
        rows = connection.execute(page.limit(limit + 1)).all()
        shown = [compose(connection, asker, row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return shown, to_cursor((last.shown_name, last.id)) if last else None


def _found(connection: Connection, page: Select[Any], fits: Callable[[str], bool]) -> Iterator[str]:
    """The ids of the contacts whose name fits, in the page's order."""
    named = page.with_only_columns(
        contacts.c.id, contacts.c.own_fields["name"].as_string(), card_versions.c.name, maintain_column_froms=True
    )
    with connection.execute(named) as rows:
        for contact_id, own, of_card in rows:
            if fits(own or of_card or ""):
                yield contact_id


def _in_bytes(records: Records) -> ColumnElement[Any]:
    """SQLite compares texts by their bytes; PostgreSQL is told to, whatever the collation of the database."""
    return func.coalesce(SHOWN_NAME, "") if records.is_sqlite else func.coalesce(SHOWN_NAME, "").collate("C")
