"""What each field of a contact said, newest first, and where that came from.

Two streams are merged: what members wrote (`contact_edits`) and what the network said since the contact was linked
(`steps`). What the network said under an earlier link was copied among the edits when that link ended. Reading a page
costs what the page holds and the steps passed over, not what the history holds.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select

from directory.contacts.entry_ids import WRITTEN, EntryIds, EntryKey
from directory.contacts.rows import read_row
from directory.contacts.steps import LINK, Step, step, steps
from directory.errors import InvalidInput, Message, NotFound
from directory.records import Records
from directory.records.tables import contact_edits
from directory.tokens import Tokens
from directory.values import CONTACT_FIELDS, Asker, Origin

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one field. `value` None: the field follows the network again; `by` None: it was the network."""

    key: EntryKey
    field: str
    value: str | None
    at: int
    origin: str
    by: str | None
    id: str = ""  # the key sealed, where it is shown


@dataclass(frozen=True, slots=True)
class _Ended:
    """Where a page ended, in each of the two streams: (at, seq), and (publication, the field's number)."""

    edit: tuple[int, int] | None
    step: tuple[int, int] | None

    def sealed(self, tokens: Tokens, contact_id: str) -> str:
        publication, field = self.step or (-1, 0)
        return tokens.places((*(self.edit or (0, 0)), publication + 1, field), contact_id)

    @classmethod
    def opened(cls, tokens: Tokens, contact_id: str, cursor: str) -> "_Ended":
        if not cursor:
            return cls(None, None)
        try:
            at, seq, publication, field = tokens.open_places(cursor, contact_id)
        except NotFound:
            raise InvalidInput({"after": Message("Must be what an earlier page said as next.")}) from None
        return cls((at, seq) if seq else None, (publication - 1, field) if publication else None)


def read_history(
    records: Records,
    tokens: Tokens,
    asker: Asker,
    contact_id: str,
    field: str | None = None,
    *,
    after: str = "",
    limit: int = 100,
) -> tuple[list[Entry], str | None]:
    """A page of entries, newest first, and where the next one begins, if any. Raises NotFound, InvalidInput."""
    ended = _Ended.opened(tokens, contact_id, after)
    with records.reading() as connection:
        row = read_row(connection, asker, contact_id)
        ids = EntryIds.of(connection, row.id)
        wanted = CONTACT_FIELDS if field is None else (field,)
        edits = _edits(connection, row, wanted, ended.edit)
        network = network_entries(connection, asker, row, wanted, ended.step)
        # Of the same millisecond, what a member wrote comes after what the card said: it was written over it.
        merged = heapq.merge(edits, network, key=lambda found: found[0].at, reverse=True)
        page: list[Entry] = []
        for entry, place in merged:
            if len(page) == limit:
                return page, ended.sealed(tokens, contact_id)
            page.append(replace(entry, id=ids.seal(entry.key)))
            ended = replace(ended, **{"edit" if entry.key.position == WRITTEN else "step": place})
    return page, None


def network_entries(
    connection: Connection, asker: Asker, row: Row[Any], wanted: tuple[str, ...], after: tuple[int, int] | None = None
) -> Iterator[tuple[Entry, tuple[int, int]]]:
    """What the network changed, newest first: each step beside the one before it, and all that the first one says."""
    found = steps(connection, asker, row, after[0] if after else None)
    newer = next(found, None)
    while newer is not None:
        older = next(found, None)
        for position, field in enumerate(CONTACT_FIELDS):
            place = (newer.publication, position)
            passed = after is not None and place[0] == after[0] and position <= after[1]
            if field not in wanted or field not in newer.fields or passed:
                continue
            if newer.fields[field] != (older.fields[field] if older else ""):
                yield _network_entry(newer, field, Origin.NETWORK if older else Origin.LINKED), place
        newer = older


def value_of(connection: Connection, asker: Asker, row: Row[Any], field: str, entry_id: str) -> str | None:
    """What an entry of this field's history says. Raises InvalidInput where there is no such entry."""
    no_such_entry = InvalidInput({"to": Message("The history of this field has no such entry.")})
    try:
        key = EntryIds.of(connection, row.id).open(entry_id)
    except NotFound:
        raise no_such_entry from None
    if key.position == WRITTEN:
        edit = connection.execute(
            select(contact_edits.c.value).where(
                contact_edits.c.contact_id == row.id,
                contact_edits.c.field == field,
                contact_edits.c.seq == key.number,
            )
        ).one_or_none()
        if edit is not None:
            value: str | None = edit.value
            return value
    elif CONTACT_FIELDS[key.position] == field:
        said = step(connection, asker, row, key.number, key.publication)
        if said is not None and field in said.fields:
            return said.fields[field]
    raise no_such_entry


def _edits(
    connection: Connection, row: Row[Any], wanted: tuple[str, ...], after: tuple[int, int] | None
) -> Iterator[tuple[Entry, tuple[int, int]]]:
    while True:
        batch = connection.execute(_written(row, wanted, after)).all()
        for edit in batch:
            after = (edit.at, edit.seq)
            yield Entry(EntryKey(edit.seq), edit.field, edit.value, edit.at, edit.origin, edit.by or None), after
        if len(batch) < _BATCH:
            return


def _written(row: Row[Any], wanted: tuple[str, ...], after: tuple[int, int] | None) -> Select[Any]:
    edits = contact_edits.c
    written = select(contact_edits).where(edits.contact_id == row.id, edits.field.in_(wanted), edits.field != LINK)
    if after:
        at, seq = after
        written = written.where(or_(edits.at < at, and_(edits.at == at, edits.seq < seq)))
    return written.order_by(edits.at.desc(), edits.seq.desc()).limit(_BATCH)


def _network_entry(said: Step, field: str, origin: Origin) -> Entry:
    key = EntryKey(said.link, said.publication, CONTACT_FIELDS.index(field))
    return Entry(key, field, said.fields[field], said.at, origin, said.by)
