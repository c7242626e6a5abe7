"""What an import, or the admin API, does to a company: the accounting product's data, applied once and safely again.

`visible` counts only when an id is first seen: what the company chose afterwards is never changed from here. A field
that the company edited itself is changed only when it changed at the source too, since the last import.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from directory import outbox, standing
from directory.card import folded_name, marks
from directory.companies import CARD_COLUMNS
from directory.records.tables import CURRENT_CARD, audit, card_versions, companies, now
from directory.values import CARD_FIELDS, Card, Kind, Plan, Status

IMPORTER = "import"


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One valid row. `visible` is the default of the region where the row does not say; an import says no `status`."""

    id: str
    region: str
    kind: Kind
    plan: Plan
    card: Card
    visible: bool
    status: Status | None = None


@dataclass
class _Batch:
    at: int
    by: str
    new_companies: list[dict[str, Any]] = field(default_factory=list)
    new_cards: list[dict[str, Any]] = field(default_factory=list)
    work: list[tuple[str, int]] = field(default_factory=list)
    changed: list[standing.Consequences] = field(default_factory=list)


def store(connection: Connection, rows: Sequence[CompanyRow], *, service: str | None = None) -> list[Outcome]:
    """Apply rows with different ids, in one transaction of the caller; one outcome a row, in their order.

    What a `service` of the accounting product changes is noted in the audit log of each company; an import, which names
    none, would write a row for every company there is.
    """
    existing = _existing(connection, [row.id for row in rows])
    batch = _Batch(now(), service or IMPORTER)
    outcomes = [
        _add(batch, row) if (found := existing.get(row.id)) is None else _apply(connection, batch, found, row)
        for row in rows
    ]
    if batch.new_companies:
        # In order of id, so that two imports that meet wait for each other in a line and not in a circle.
        connection.execute(insert(companies), sorted(batch.new_companies, key=itemgetter("id")))
    if batch.new_cards:
        connection.execute(insert(card_versions), batch.new_cards)
    outbox.add(connection, batch.work)
    standing.apply(connection, batch.changed)
    if service and (notes := _notes(batch)):
        connection.execute(insert(audit), notes)
    return outcomes


def _existing(connection: Connection, ids: list[str]) -> dict[str, Row[Any]]:
    """Locked first, in one order for everybody, and read then: see `directory.companies.lock_company`.

    Only what was locked is read. One that somebody adds between the two is added here, too, which fails and is tried again:
    were it changed without its lock, two could change it at once.
    """
    in_order = select(companies.c.id).where(companies.c.id.in_(ids)).order_by(companies.c.id)
    locked = list(connection.execute(in_order.with_for_update(key_share=True)).scalars())
    current = select(companies, *CARD_COLUMNS).outerjoin(card_versions, CURRENT_CARD).where(companies.c.id.in_(locked))
    return {row.id: row for row in connection.execute(current)}


def _add(batch: _Batch, row: CompanyRow) -> Outcome:
    batch.new_companies.append(
        {
            "id": row.id,
            "region": row.region,
            "kind": row.kind,
            "plan": row.plan,
            "status": row.status or Status.ACTIVE,
            "visible": row.visible,
            "visible_since": batch.at,
            **marks(row.card.name, row.card.email),
            "card_version": 1,
            "published_version": 1,
            "publication": 0,
            "canary": False,
            "index_version": 1,
            "popularity": 0,
            "erased": False,
            "imported_card": None,
            "created_at": batch.at,
            "changed_at": batch.at,
        }
    )
    batch.new_cards.append(_card_version(batch, row.id, 1, row.card))
    batch.work.append((row.id, 1))
    return Outcome.ADDED


def _apply(connection: Connection, batch: _Batch, found: Row[Any], row: CompanyRow) -> Outcome:
    if found.erased:
        return Outcome.ERASED
    current = Card.of(found._mapping)
    card, imported = _merge(found, current, row.card)
    # What a restore knows of a company by the journal alone (directory.restoring) has no subscription yet that could stay.
    status = row.status or (found.status if current.name else Status.ACTIVE)
    wanted = {"region": row.region, "kind": row.kind, "plan": row.plan, "status": status}
    follows = standing.consequences(found._asdict(), wanted, card, by=batch.by)
    if imported is not None:
        keep = update(companies).where(companies.c.id == row.id)
        connection.execute(keep.values(imported_card=imported, changed_at=batch.at))
    if follows is not None:
        batch.changed.append(follows)
    return Outcome.UNCHANGED if follows is None and imported is None else Outcome.CHANGED


def _merge(found: Row[Any], current: Card, imported: Card) -> tuple[Card, dict[str, Any] | None]:
    """The card to show, and what to keep as last imported where that is kept and has changed."""
    if found.imported_card is None:
        return imported, None
    before = Card.of(found.imported_card)
    changed_at_source = {
        name: getattr(imported, name) for name in CARD_FIELDS if getattr(imported, name) != getattr(before, name)
    }
    if not changed_at_source:
        return current, None
    return Card.of({**current.fields(), **changed_at_source}), imported.fields()


def _card_version(batch: _Batch, company_id: str, version: int, card: Card) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "version": version,
        "created_by": batch.by,
        "created_at": batch.at,
        "folded_name": folded_name(card.name),
        **card.fields(),
    }


def _notes(batch: _Batch) -> list[dict[str, Any]]:
    """Rows of the audit log: which parts of a company changed, never to what."""

    def note(action: str, company_id: str, region: str, detail: dict[str, Any]) -> dict[str, Any]:
        who = {"actor": batch.by, "action": action, "company_id": company_id, "region": region}
        return {"at": batch.at, **who, "detail": detail}

    added = [note("company_added", new["id"], new["region"], {}) for new in batch.new_companies]
    return added + [
        note("company_changed", one.company_id, one.region, {"changed": list(one.changed)}) for one in batch.changed
    ]
