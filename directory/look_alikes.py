"""A card that comes to look like somebody else's: the invoice trick that begins with a changed name or address.

When a company's card comes to bear the name or the e-mail domain of a *vendor* of a connected company, that company's
contacts keep what they show now: the old values become local edits (origin `held`), the new ones stand beside them, and
the operator hears of it. Nothing is taken over before somebody there has looked.

This runs in the transaction that changes the card, before anything of it is written, so there is no moment at which a
contact shows the new values: a reader sees the card and the held values of one commit, or neither. It starts from the
vendors that look alike, by index, and never goes through the links: an editor with 100,000 of them and no look-alike
costs four index probes. What is held is written in set-based statements, however many contacts that are.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from directory.records.tables import card_versions, companies, contact_edits, contacts, former_regions
from directory.signals import Kind, give_signal
from directory.values import CARD_FIELDS, Card, Relation
from mappings.folding import fold
from mappings.free_mail import is_free_mail

HELD = "held"
NETWORK = "network"  # who wrote it: whose edit it was is not for the connected company to read
_HELD_FIELDS = ("name", "email", "phone", "website")


@dataclass(frozen=True, slots=True)
class Edited:
    """A company whose contacts in `region` come to see `card`, and where it was until now, and at which version."""

    company_id: str
    region_before: str
    published_before: int
    region: str
    card: Card
    by: str


def folded_name(name: str) -> str:
    return fold(name).core_joined[:320]


def email_domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def hold_look_alikes(connection: Connection, edited: Edited, at: int) -> int:
    """How many contacts keep the old values. The company is locked by the caller, and its row not changed yet."""
    name, domain = folded_name(edited.card.name), email_domain(edited.card.email)
    marks = [("folded_name", name), ("email_domain", "" if is_free_mail(domain) else domain)]
    held = 0
    reasons = set()
    for column, value in marks:
        if not value or not _any(connection, edited, column, value):
            continue
        for version, old in _versions(connection, edited, column, value):
            was = folded_name(old.name) if column == "folded_name" else email_domain(old.email)
            if was != value and (found := _hold(connection, edited, column, value, version, old, at)):
                held += found
                reasons.add(column)
    if held:
        give_signal(
            connection,
            Kind.LOOK_ALIKE,
            at,
            company_id=edited.company_id,
            subject=edited.by,
            contacts=held,
            by=sorted(reasons),
        )
    return held


def _alike(edited: Edited, column: str, value: str) -> tuple[Select[Any], Select[Any]]:
    """Companies with a vendor of that name or domain: written into the contact, or on the card that it follows."""
    vendor = contacts.alias("vendor")
    others = (vendor.c.relation == Relation.VENDOR) & (
        vendor.c.linked_company_id.is_(None) | (vendor.c.linked_company_id != edited.company_id)
    )
    written = select(vendor.c.company_id).where(others, vendor.c[column] == value)
    followed = (
        select(vendor.c.company_id)
        .join(companies, companies.c.id == vendor.c.linked_company_id)
        .where(
            others,
            vendor.c[column] == "",
            companies.c.region == edited.region,
            companies.c[column] == value,
            companies.c.id != edited.company_id,
        )
    )
    return written, followed


def _any(connection: Connection, edited: Edited, column: str, value: str) -> bool:
    return any(connection.execute(query.limit(1)).first() for query in _alike(edited, column, value))


def _holders(edited: Edited, column: str, value: str) -> Select[Any]:
    """The contacts to hold, and the version of the card that each shows until now: see directory.contacts."""
    owner = companies.alias("owner")
    version = case(
        (owner.c.region == edited.region_before, edited.published_before),
        else_=func.coalesce(contacts.c.resting_version, former_regions.c.published_version, contacts.c.linked_version),
    )
    return (
        select(contacts.c.id, version.label("version"))
        .join(owner, owner.c.id == contacts.c.company_id)
        .outerjoin(
            former_regions,
            and_(former_regions.c.company_id == edited.company_id, former_regions.c.region == edited.region),
        )
        .where(
            contacts.c.linked_company_id == edited.company_id,
            owner.c.region == edited.region,
            contacts.c.company_id.in_(union_all(*_alike(edited, column, value))),
        )
    )


def _versions(connection: Connection, edited: Edited, column: str, value: str) -> list[tuple[int, Card]]:
    """The versions that those contacts show: one, but where the company moves between regions."""
    shown = _holders(edited, column, value).subquery()
    old = select(card_versions.c.version, *(card_versions.c[field] for field in CARD_FIELDS)).where(
        card_versions.c.company_id == edited.company_id, card_versions.c.version.in_(select(shown.c.version))
    )
    return [(row.version, Card.of(row._mapping)) for row in connection.execute(old)]


def _hold(connection: Connection, edited: Edited, column: str, value: str, version: int, old: Card, at: int) -> int:
    changed = {
        field: getattr(old, field) for field in _HELD_FIELDS if getattr(old, field) != getattr(edited.card, field)
    }
    holders = _holders(edited, column, value).subquery()
    free = or_(*(_is_free(field) for field in changed))
    these = and_(contacts.c.id.in_(select(holders.c.id).where(holders.c.version == version)), free)
    in_order = select(contacts.c.id).where(these).order_by(contacts.c.id).with_for_update().subquery()
    connection.execute(select(func.count()).select_from(in_order))  # edits of them wait from here on
    for field, kept in changed.items():
        edit = select(contacts.c.id, literal(field), literal(kept), literal(HELD), literal(NETWORK), literal(at)).where(
            these, _is_free(field)
        )
        connection.execute(
            insert(contact_edits).from_select(["contact_id", "field", "value", "origin", "by", "at"], edit)
        )
    values: dict[str, Any] = {
        "own_fields": _merged(connection, changed),
        "version": contacts.c.version + 1,
        "changed_at": at,
    }
    for field, mark, of in (("name", "folded_name", folded_name), ("email", "email_domain", email_domain)):
        if field in changed:
            values[mark] = case((_is_free(field), of(changed[field])), else_=contacts.c[mark])
    return connection.execute(update(contacts).where(these).values(values)).rowcount


def _is_free(field: str) -> ColumnElement[bool]:
    """Whether the field still follows the card: one that was edited there stays as it is anyway."""
    written: ColumnElement[Any] = contacts.c.own_fields[field].as_string()
    return written.is_(None)


def _merged(connection: Connection, held: dict[str, str]) -> ColumnElement[Any]:
    """The contact's own fields with those held, its own winning, merged by the database."""
    if connection.dialect.name == "sqlite":
        return func.json_patch(bindparam("held", held, JSON()), contacts.c.own_fields)
    return cast(cast(literal(held, JSONB()), JSONB()).concat(cast(contacts.c.own_fields, JSONB())), JSON())
