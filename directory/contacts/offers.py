"""What the network says where a contact has a value of its own: offered beside it, never written over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, func, select

from directory.contacts.rows import from_card
from directory.contacts.steps import steps
from directory.records.tables import contact_edits
from directory.values import CONTACT_FIELDS, Asker, Origin

_FROM_NETWORK = (Origin.LINKED, Origin.NETWORK)
# A company that edits its card all day must not slow down whoever reads a contact: further back, `at` is a lower bound.
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """The network's `value`, since `at`; `newer` where that came after the value that is kept here."""

    value: str
    at: int
    newer: bool


def offers(connection: Connection, asker: Asker, row: Row[Any]) -> dict[str, Offer]:
    """By field, for those whose own value is not what the card says. Asks the records only where there are any."""
    said = from_card(row)
    differing = [
        field for field in CONTACT_FIELDS if field in said and row.own_fields.get(field, said[field]) != said[field]
    ]
    if not differing:
        return {}
    since = _since(connection, asker, row, {field: said[field] for field in differing})
    edited = _last_edits(connection, row)
    return {field: _offer(said[field], since[field], *edited.get(field, (row.created_at, ""))) for field in differing}


def _offer(value: str, at: int, edited_at: int, origin: str) -> Offer:
    return Offer(value, at, newer=at > edited_at or origin == Origin.HELD)


def _since(connection: Connection, asker: Asker, row: Row[Any], values: Mapping[str, str]) -> dict[str, int]:
    """Since when the network says these values."""
    since = dict.fromkeys(values, row.created_at)
    open_fields = set(values)
    for step in islice(steps(connection, asker, row), _LOOKED_AT):
        open_fields = {field for field in open_fields if step.fields[field] == values[field]}
        since |= dict.fromkeys(open_fields, step.at)
        if not open_fields:
            break
    return since


def _last_edits(connection: Connection, row: Row[Any]) -> dict[str, tuple[int, str]]:
    last = (
        select(func.max(contact_edits.c.seq))
        .where(contact_edits.c.contact_id == row.id, contact_edits.c.origin.not_in(_FROM_NETWORK))
        .group_by(contact_edits.c.field)
    )
    found = select(contact_edits.c.field, contact_edits.c.at, contact_edits.c.origin).where(
        contact_edits.c.seq.in_(last)
    )
    return {edit.field: (edit.at, edit.origin) for edit in connection.execute(found)}
