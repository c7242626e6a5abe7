"""The index as the records know it: work that waits, the builds that there are, whose turn it is, and what was done."""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from directory.records.tables.base import ID, SERIAL, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("company_id", ID, nullable=False),
    Column("index_version", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_outbox_company_id_index_version", "company_id", "index_version"),
)

index_builds = Table(
    "index_builds",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("region", String(2), nullable=False),
    Column("fingerprint", String(8), nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    # Since when it holds every company, so that look-ups may come to read it at any moment; null while it is filled.
    Column("filled_at", BigInteger),
    Index("ix_index_builds_region_state", "region", "state"),
)

# Who may do a thing that one process at a time may do. `number` rises with every holder: see indexer.lease.
leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("holder", String(80), nullable=False),
    Column("until", BigInteger, nullable=False),
)

index_events = Table(
    "index_events",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("region", String(2), nullable=False),
    Column("event", String(20), nullable=False),
    Column("build", String(80)),
    Column("detail", JSON, nullable=False),
    Index("ix_index_events_region_seq", "region", "seq"),
)

# How each region's live build was found the last time that it was compared with the records.
index_checks = Table(
    "index_checks",
    metadata,
    Column("region", String(2), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("build", String(80), nullable=False),
    Column("compared", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("stale", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("orphan", Integer, nullable=False),
    Column("ahead", Integer, nullable=False),
    Column("left", Integer, nullable=False),  # of all these, how many could not be repaired
    Column("took_ms", Integer, nullable=False),
)
