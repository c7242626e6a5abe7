"""What keeps the service honest: requests that were answered, erasures to be finished, what an operator must hear of."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from directory.records.tables.base import ID, SERIAL, SUBJECT, metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("company_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("subject", SUBJECT, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_idempotency_keys_at", "at"),
)

# Companies that were erased while something of them is left; `journaled`: the journal has it.
erasures = Table(
    "erasures",
    metadata,
    Column("company_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("journaled", Boolean, nullable=False),
)

signals = Table(
    "signals",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("company_id", ID),  # about whom
    Column("subject", SUBJECT),
    Column("detail", JSON, nullable=False),
    Index("ix_signals_company_id_kind_at", "company_id", "kind", "at"),
)
