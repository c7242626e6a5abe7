"""What is held about a company beside its row, and how each part of it goes: a batch a call, until a call finds nothing.

Order: the contacts that follow it keep what they show, which they read from its cards, so the cards go last.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, tuple_, update

from directory.erasure.acting import unname_who_acted
from directory.erasure.bills import reduce_bills
from directory.erasure.links import settle_links
from directory.records.tables import (
    audit,
    card_versions,
    contact_edits,
    contacts,
    firm_clients,
    former_regions,
    idempotency_keys,
    members,
    reveals,
    signals,
    webhooks,
)
from directory.values import NOBODY

BATCH = 500
Step = Callable[[Connection, str], Mapping[str, int]]


def _contacts(connection: Connection, company_id: str) -> Mapping[str, int]:
    """Its own lists. Bills name contacts by id and outlive them."""
    ids = (
        connection.execute(select(contacts.c.id).where(contacts.c.company_id == company_id).limit(BATCH))
        .scalars()
        .all()
    )
    if not ids:
        return {}
    edits = connection.execute(delete(contact_edits).where(contact_edits.c.contact_id.in_(ids))).rowcount
    gone = connection.execute(delete(contacts).where(contacts.c.id.in_(ids))).rowcount
    return {"contacts": gone, "contact_edits": edits}


def _former_regions(connection: Connection, company_id: str) -> Mapping[str, int]:
    """Where it was stays, for its tombstones; what was seen of it there does not."""
    here = (former_regions.c.company_id == company_id) & (former_regions.c.published_version != 0)
    reduced = connection.execute(update(former_regions).where(here).values(published_version=0)).rowcount
    return {"former_regions_reduced": reduced} if reduced else {}


def _removing(table: Table, *columns: ColumnElement[Any]) -> Step:
    """Rows of a table in which one of these columns names the company."""
    keys = list(table.primary_key.columns)

    def step(connection: Connection, company_id: str) -> Mapping[str, int]:
        some = select(*keys).where(or_(*(column == company_id for column in columns))).limit(BATCH)
        gone = connection.execute(delete(table).where(tuple_(*keys).in_(some))).rowcount
        return {table.name: gone} if gone else {}

    return step


def _unnaming(
    table: Table,
    column: ColumnElement[Any],
    person: ColumnElement[Any],
    but: ColumnElement[bool] | None = None,
    also: Mapping[str, Any] | None = None,
) -> Step:
    """Rows that stay, without the person that they name, `but` for some."""

    def step(connection: Connection, company_id: str) -> Mapping[str, int]:
        named = (column == company_id) & (person != NOBODY)
        if but is not None:
            named &= ~but
        some = select(table.c.seq).where(named).limit(BATCH)
        said: dict[str, Any] = {str(person.key): NOBODY, **(also or {})}
        reduced = connection.execute(update(table).where(table.c.seq.in_(some)).values(said)).rowcount
        return {f"{table.name}_reduced": reduced} if reduced else {}

    return step


STEPS: tuple[Step, ...] = (
    _removing(members, members.c.company_id),
    _removing(webhooks, webhooks.c.company_id),
    _removing(idempotency_keys, idempotency_keys.c.company_id),
    _removing(firm_clients, firm_clients.c.firm_id, firm_clients.c.client_id),
    settle_links,
    _contacts,
    reduce_bills,
    _removing(reveals, reveals.c.company_id),
    _unnaming(reveals, reveals.c.viewer_company_id, reveals.c.viewer),
    _unnaming(reveals, reveals.c.firm_id, reveals.c.viewer),
    _removing(signals, signals.c.company_id),
    _unnaming(audit, audit.c.company_id, audit.c.actor, but=audit.c.action == "erased", also={"detail": {}}),
    unname_who_acted,
    _former_regions,
    _removing(card_versions, card_versions.c.company_id),
)
