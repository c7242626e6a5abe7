"""Old values of a card, written into contacts that must not take the new ones over: local edits of origin `held`."""

from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from directory.card import email_domain, folded_name
from directory.records.tables import OPENED, contact_edits, contacts
from directory.values import NOBODY, Card, Origin

_FIELDS = ("name", "email", "phone", "website")


def hold(connection: Connection, ids: list[str], old: Card, new: Card, at: int) -> int:
    """Write the old values into those of the contacts that show them, locked in order of id."""
    changed = {field: getattr(old, field) for field in _FIELDS if getattr(old, field) != getattr(new, field)}
    these = contacts.c.id.in_(ids) & or_(*(_follows(field) for field in changed))
    connection.execute(select(contacts.c.id).where(these).order_by(contacts.c.id).with_for_update()).all()
    for field, kept in changed.items():
        said = (field, kept, Origin.HELD.value, NOBODY, at)  # whose edit of the card it was is not told there
        edit = select(contacts.c.id, *map(literal, said)).where(these, _follows(field))
        columns = ["contact_id", "field", "value", "origin", "by", "at"]
        connection.execute(insert(contact_edits).from_select(columns, edit))
    values: dict[str, Any] = {
        "own_fields": _merged(connection, changed),
        "version": contacts.c.version + 1,
        "changed_at": at,
    }
    for field, mark, of in (("name", "folded_name", folded_name), ("email", "email_domain", email_domain)):
        if field in changed:
            values[mark] = case((_follows(field), of(changed[field])), else_=contacts.c[mark])
    return connection.execute(update(contacts).where(these).values(values)).rowcount


def _follows(field: str) -> ColumnElement[bool]:
    """Whether what the field shows is the card's: one that was edited there stays as it is anyway."""
    written: ColumnElement[Any] = contacts.c.own_fields[field].as_string()
    return written.is_(None) if field == "name" else written.is_(None) & OPENED


def _merged(connection: Connection, held: dict[str, str]) -> ColumnElement[Any]:
    """The contact's own fields with those held that it shows."""
    name = {field: kept for field, kept in held.items() if field == "name"}
    return case((OPENED, _beneath_own(connection, held)), else_=_beneath_own(connection, name))


def _beneath_own(connection: Connection, held: dict[str, str]) -> ColumnElement[Any]:
    """Merged by the database, the contact's own winning."""
    if connection.dialect.name == "sqlite":
        return func.json_patch(bindparam(None, held, JSON()), contacts.c.own_fields)
    return cast(cast(literal(held, JSONB()), JSONB()).concat(cast(contacts.c.own_fields, JSONB())), JSON())
