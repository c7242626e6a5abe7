"""Contacts that follow a company which is being erased: they keep what they show, as values of their own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, insert, select, update

from directory.card import email_domain, folded_name
from directory.companies import CARD_COLUMNS
from directory.contacts.rows import shown_fields
from directory.records.tables import card_versions, companies, contact_edits, contacts, former_regions, now
from directory.shown_version import shown_version
from directory.values import NOBODY, Origin

BATCH = 250  # each some 10 rows to write: with 500, others waited half a second on a busy SQLite

_owners = companies.alias("owners")
_SHOWN: Select[Any] = (
    select(contacts.c.id, contacts.c.linked_version, contacts.c.own_fields, contacts.c.revealed_at, *CARD_COLUMNS)
    .join(_owners, _owners.c.id == contacts.c.company_id)
    .join(companies, companies.c.id == contacts.c.linked_company_id)
    .outerjoin(
        former_regions,
        and_(former_regions.c.company_id == companies.c.id, former_regions.c.region == _owners.c.region),
    )
    .outerjoin(
        card_versions,
        and_(
            card_versions.c.company_id == companies.c.id,
            card_versions.c.version == shown_version(_owners.c.region),
        ),
    )
)
_KEEP = (
    update(contacts)
    .where(contacts.c.id == bindparam("contact"))
    .values(
        linked_version=None,  # what makes it a link; the id alone stays, so that the feed can still say that it stopped
        resting_version=None,
        revealed_at=None,
        own_fields=bindparam("fields"),
        folded_name=bindparam("name"),
        email_domain=bindparam("domain"),
        version=contacts.c.version + 1,
        changed_at=bindparam("at"),
    )
)


def settle_links(connection: Connection, company_id: str) -> Mapping[str, int]:
    """Write into a batch of contacts what they show, and end their links."""
    ids = lock_some(connection, _following(company_id), BATCH)
    if not ids:  # the one that was waited for is no link any more; there may be others
        return {"links_reduced": 0} if connection.execute(_following(company_id).limit(1)).first() else {}
    at = now()
    rows = connection.execute(_SHOWN.where(contacts.c.id.in_(ids))).all()
    kept, edits = [], []
    for row in rows:
        fields = shown_fields(row)
        name, domain = folded_name(fields["name"]), email_domain(fields["email"])
        kept.append({"contact": row.id, "fields": fields, "name": name, "domain": domain, "at": at})
        edits += [
            {"contact_id": row.id, "field": field, "value": value, "origin": Origin.ERASED, "by": NOBODY, "at": at}
            for field, value in fields.items()
            if value and field not in row.own_fields
        ]
    connection.execute(_KEEP, kept)
    if edits:
        connection.execute(insert(contact_edits), edits)
    return {"links_reduced": len(kept)}


def lock_some(connection: Connection, wanted: Select[Any], most: int) -> list[Any]:
    """The keys of so many of the wanted rows, locked. Those that somebody else has locked are passed over: waiting for
    several, while holding others, could end in a circle. Where all are, one is waited for, and nothing else held."""
    free = list(connection.execute(wanted.limit(most).with_for_update(skip_locked=True)).scalars())
    return free or list(connection.execute(wanted.limit(1).with_for_update()).scalars())


def _following(company_id: str) -> Select[Any]:
    linked = contacts.c.linked_version.is_not(None)
    return select(contacts.c.id).where(contacts.c.linked_company_id == company_id, linked)
