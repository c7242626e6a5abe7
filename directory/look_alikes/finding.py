"""A card that comes to look like somebody else's: the invoice trick that begins with a changed name or address.

When a company's card comes to bear the name or the e-mail domain of a *vendor* of a connected company, that company's
contacts keep what they show now: the old values become local edits (origin `held`), the new ones stand beside them, and
the operator hears of it. Nothing is taken over before somebody there has looked.

This runs in the transaction that changes the card, before anything of it is written, so there is no moment at which a
contact shows the new values: a reader sees the card and the held values of one commit, or neither. It starts from the
vendors that look alike, by index, and never goes through the links: an editor with 100,000 of them and no look-alike
costs four index probes. What is held is written by statements for a thousand contacts each: bench/look_alikes.py.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, and_, func, select, union

from directory.card import marks
from directory.harvesting.signals import Kind, give_signal
from directory.look_alikes.holding import hold
from directory.records.tables import OPENED, card_versions, companies, contacts, former_regions
from directory.shown_version import shown_version
from directory.values import CARD_FIELDS, Card, Relation
from mappings.free_mail import is_free_mail

_DOMAIN = "email_domain"  # a column of companies and of contacts, as the other of `marks`
_BATCH = 1_000
_PUBLISHED = (card_versions.c.company_id == companies.c.id) & (card_versions.c.version == companies.c.published_version)


@dataclass(frozen=True, slots=True)
class Edited:
    """A company whose contacts in `region` come to see `card`, and where it was until now, and at which version."""

    company_id: str
    region_before: str
    published_before: int
    region: str
    card: Card
    by: str


def hold_look_alikes(connection: Connection, edited: Edited, at: int, contact_id: str = "") -> int:
    """How many contacts keep the old values; of all, or this one. The company is locked by the caller, and its row not changed
    yet."""
    held, reasons = 0, list[str]()
    for mark, value in marks(edited.card.name, edited.card.email).items():
        tells = value and not (mark == _DOMAIN and is_free_mail(value))
        found = _hold_by(connection, edited, mark, value, at, contact_id) if tells else 0
        held, reasons = held + found, reasons + [mark] * bool(found)
    if held:
        give_signal(
            connection, Kind.LOOK_ALIKE, at, company_id=edited.company_id, subject=edited.by, contacts=held, by=reasons
        )
    return held


def _hold_by(connection: Connection, edited: Edited, mark: str, value: str, at: int, contact_id: str) -> int:
    with_vendor = _companies_with_vendor(connection, edited, mark, value)
    if with_vendor is None:
        return 0
    showing: dict[int, list[str]] = {}  # one version, but where the company moves between regions
    holders = _holders(edited, with_vendor)
    for row in connection.execute(holders.where(contacts.c.id == contact_id) if contact_id else holders):
        showing.setdefault(row.version, []).append(row.id)
    held = 0
    for version, ids in showing.items():
        old = _card(connection, edited.company_id, version)
        if marks(old.name, old.email)[mark] == value:
            continue  # it looked like that before
        for start in range(0, len(ids), _BATCH):
            held += hold(connection, ids[start : start + _BATCH], old, edited.card, at)
    return held


def _companies_with_vendor(connection: Connection, edited: Edited, mark: str, value: str) -> CompoundSelect[Any] | None:
    """Companies with a vendor of that name or domain: written into the contact, or on the card that it follows. What a contact
    does not show is not compared: who sees that something is held would learn it.

    None where there are none, as nearly always. The bearers of the name are read first, in a statement of their own, so
    that no database comes to think of going through all contacts.
    """
    bearers = (
        select(companies.c.id, card_versions.c.name, card_versions.c.email)
        .join(card_versions, _PUBLISHED)  # not what they say of themselves while they are hidden
        .where(companies.c.region == edited.region, companies.c[mark] == value, companies.c.id != edited.company_id)
    )
    ids = [row.id for row in connection.execute(bearers) if marks(row.name, row.email)[mark] == value]
    vendors = contacts.c.relation == Relation.VENDOR
    another = contacts.c.linked_company_id.is_(None) | (contacts.c.linked_company_id != edited.company_id)
    follows = func.coalesce(contacts.c[mark], "") == ""  # spelled so that it is not looked up by index: most are
    written = select(contacts.c.company_id).where(contacts.c[mark] == value, vendors, another)
    followed = select(contacts.c.company_id).where(contacts.c.linked_company_id.in_(ids), vendors, follows)
    if mark == _DOMAIN:
        followed = followed.where(OPENED)  # until it is opened it shows the name alone
    if not any(connection.execute(query.limit(1)).first() for query in ([written, followed] if ids else [written])):
        return None
    return union(written, followed)


def _holders(edited: Edited, with_vendor: CompoundSelect[Any]) -> Select[Any]:
    """The contacts to hold, and the version of the card that each shows until now: see directory.contacts."""
    version = shown_version(edited.region_before, edited.published_before)
    return (
        select(contacts.c.id, version.label("version"))
        .join(companies, companies.c.id == contacts.c.company_id)
        .outerjoin(
            former_regions,
            and_(former_regions.c.company_id == edited.company_id, former_regions.c.region == edited.region),
        )
        .where(
            contacts.c.linked_company_id == edited.company_id,
            companies.c.region == edited.region,
            contacts.c.company_id.in_(with_vendor),
        )
        .order_by(contacts.c.id)
    )


def _card(connection: Connection, company_id: str, version: int) -> Card:
    of = (card_versions.c.company_id == company_id) & (card_versions.c.version == version)
    return Card.of(
        connection.execute(select(*(card_versions.c[field] for field in CARD_FIELDS)).where(of)).one()._mapping
    )
