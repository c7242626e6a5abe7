"""The index as the records know it: work that waits, and the builds that there are."""

from sqlalchemy import BigInteger, Column, Index, String, Table

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
    Index("ix_index_builds_region_state", "region", "state"),
)
