"""The tables, a module a room."""

from directory.records.tables.base import metadata, now
from directory.records.tables.bills import bill_events, bills
from directory.records.tables.contacts import OPENED, changes, contact_edits, contacts, feed, reveals, webhooks
from directory.records.tables.index import index_builds, index_checks, index_events, leases, outbox
from directory.records.tables.network import (
    CURRENT_CARD,
    audit,
    card_versions,
    companies,
    firm_clients,
    former_regions,
    members,
)
from directory.records.tables.running import erasures, idempotency_keys, signals

__all__ = [
    "CURRENT_CARD",
    "OPENED",
    "audit",
    "bill_events",
    "bills",
    "card_versions",
    "changes",
    "companies",
    "contact_edits",
    "contacts",
    "erasures",
    "feed",
    "firm_clients",
    "former_regions",
    "idempotency_keys",
    "index_builds",
    "index_checks",
    "index_events",
    "leases",
    "members",
    "metadata",
    "now",
    "outbox",
    "reveals",
    "signals",
    "webhooks",
]
