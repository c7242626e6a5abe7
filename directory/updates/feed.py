"""What happened to the companies that one's contacts are linked to, in the order in which it was committed.

Nothing is written per contact: a page joins the changes with one's own contacts, so that a card's edit costs the same
whether nobody follows it or 100,000 do. A change says which contact and what kind of news, and nothing else; the contact
itself says the rest, to whoever may read it.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, literal_column, not_, select

from directory.records.tables import changes, contacts
from directory.standing import News
from directory.updates.numbering import Head

_NEAR = 2_000  # numbers behind the head; see `numbered`


class Type(StrEnum):
    UPDATED = "contact.updated"
    STOPPED = "contact.stopped"
    RESUMED = "contact.resumed"


_TYPES = {News.CARD: Type.UPDATED, News.STOPPED: Type.STOPPED, News.RESUMED: Type.RESUMED}


@dataclass(frozen=True, slots=True)
class Place:
    """How far in the feed: all of what was numbered before `number`, and of that one the contacts up to `contact`;
    all of that one, too, where `contact` is "".
    """

    epoch: str
    region: str
    number: int
    contact: str = ""

    def __str__(self) -> str:
        return f"{self.epoch}:{self.region}:{self.number}:{self.contact}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        epoch, region, number, contact = text.split(":")
        return cls(epoch, region, int(number), contact)


@dataclass(frozen=True, slots=True)
class Change:
    """`id` is always the same for this change of this contact; `place` is the cursor right after it."""

    id: str
    contact: str
    type: Type
    at: int
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    changes: Sequence[Change]
    next: Place
    more: bool


def page_after(
    connection: Connection, upto: Head, company_id: str, place: Place, limit: int, *, since: int = 0
) -> Page:
    """At most `limit` changes after a place, for the contacts that the company has now, up to the feed's head."""
    numbers = numbered(connection, place.number if place.contact else place.number + 1, upto.last)
    rows = connection.execute(_page(company_id, place, numbers, since).limit(limit + 1)).all()
    found = [
        Change(
            id=change_id(upto.salt, row.seq, row.contact),
            contact=row.contact,
            type=_TYPES[News(row.kind)],
            at=row.at,
            place=Place(place.epoch, place.region, row.number, row.contact),
        )
        for row in rows[:limit]
    ]
    more = len(rows) > limit
    # With nothing left, go on from the head: what did not concern this company need not be passed over again.
    return Page(found, found[-1].place if more else Place(place.epoch, place.region, upto.last), more)


def _page(company_id: str, place: Place, numbers: Iterable[ColumnElement[bool]], since: int) -> Select[Any]:
    return (
        select(changes.c.seq, changes.c.number, changes.c.kind, changes.c.at, contacts.c.id.label("contact"))
        .select_from(changes.join(contacts, contacts.c.linked_company_id == changes.c.company_id))
        .where(
            *numbers,
            changes.c.region == place.region,
            changes.c.publication > contacts.c.linked_publication,
            changes.c.at >= since,
            contacts.c.company_id == literal(company_id),
            not_((changes.c.number == place.number) & (contacts.c.id <= place.contact)),
        )
        .order_by(changes.c.number, contacts.c.id)
    )


def numbered(connection: Connection, first: int, last: int) -> list[ColumnElement[bool]]:
    """Changes with these numbers, so said that the database walks along the shorter of two ways: the changes that the whole
    network made, or the contacts that are asked for.

    PostgreSQL knows which is shorter where it is told the values themselves (literals): a plan made for any value always
    walks along the contacts. So does SQLite, which is told where the changes are few.
    """
    bounds = (changes.c.number >= literal(first), changes.c.number <= literal(last))
    if connection.dialect.name == "sqlite" and last - first <= _NEAR:
        return [func.likelihood(bound, literal_column("0.000001")) for bound in bounds]
    return list(bounds)


def literal(value: str | int) -> BindParameter[Any]:
    return bindparam(None, value, literal_execute=True)


def change_id(salt: str, seq: int, contact: str) -> str:
    """Stable, and without the salt nobody can tell from it how many changes there are in the network."""
    digest = hmac.digest(salt.encode(), f"{seq} {contact}".encode(), hashlib.sha256)
    return str(UUID(bytes=digest[:16], version=4))
