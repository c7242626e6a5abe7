"""The tables. Times are whole milliseconds since 1970 (UTC), so that both databases compare them alike."""

import time

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

_Id = String(60)
# SQLite numbers rows by itself only where the key is spelled INTEGER.
_Serial = BigInteger().with_variant(Integer, "sqlite")


def now() -> int:
    return time.time_ns() // 1_000_000


companies = Table(
    "companies",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("region", String(2), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("plan", String(12), nullable=False),
    Column("status", String(8), nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("visible_since", BigInteger, nullable=False),  # since when `visible` is what it is
    Column("card_version", Integer, nullable=False),
    # What linked contacts follow: card_version while the company is found, the version of that moment afterwards.
    Column("published_version", Integer, nullable=False),
    Column("index_version", BigInteger, nullable=False),
    Column("popularity", Integer, nullable=False),
    Column("erased", Boolean, nullable=False),
    # The card as last imported, kept only once the company has edited its own: see directory.importing.
    Column("imported_card", JSON(none_as_null=True)),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("ix_companies_region_id", "region", "id"),
)

card_versions = Table(
    "card_versions",
    metadata,
    Column("company_id", _Id, ForeignKey("companies.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", String(320), nullable=False),
    Column("other_names", JSON, nullable=False),
    Column("email", String(254), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("website", String(300), nullable=False),
    Column("street", String(200), nullable=False),
    Column("city", String(100), nullable=False),
    Column("province", String(100), nullable=False),
    Column("postal_code", String(20), nullable=False),
    Column("country", String(2), nullable=False),
    Column("created_by", String(254), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# Regions a company has left: their indices must hold its tombstone for ever, and contacts of members there stay at the
# version that was current then.
former_regions = Table(
    "former_regions",
    metadata,
    Column("company_id", _Id, ForeignKey("companies.id"), primary_key=True),
    Column("region", String(2), primary_key=True),
    Column("published_version", Integer, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("company_id", _Id, ForeignKey("companies.id"), primary_key=True),
    Column("subject", String(254), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_members_subject", "subject"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("company_id", _Id, ForeignKey("companies.id"), nullable=False),
    Column("relation", String(10), nullable=False),
    Column("linked_company_id", _Id, ForeignKey("companies.id")),
    # The card version at the moment of linking; what a company shows afterwards is read through.
    Column("linked_version", Integer),
    # The fields written here: all of them where there is no link, local edits where there is one.
    Column("own_fields", JSON, nullable=False),
    Column("created_by", String(254), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["linked_company_id", "linked_version"], ["card_versions.company_id", "card_versions.version"]
    ),
    Index("ix_contacts_company_id_relation_id", "company_id", "relation", "id"),
    Index("ix_contacts_linked_company_id", "linked_company_id"),
)

reveals = Table(
    "reveals",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("company_id", _Id, ForeignKey("companies.id"), nullable=False),
    Column("viewer_company_id", _Id, ForeignKey("companies.id"), nullable=False),
    Column("viewer", String(254), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_reveals_company_id_seq", "company_id", "seq"),
    Index("ix_reveals_viewer_company_id_seq", "viewer_company_id", "seq"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("company_id", _Id, nullable=False),
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

audit = Table(
    "audit",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(254), nullable=False),
    Column("action", String(40), nullable=False),
    Column("company_id", _Id),
    Column("region", String(2)),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_company_id_seq", "company_id", "seq"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("company_id", _Id, ForeignKey("companies.id"), primary_key=True),
    Column("subject", String(254), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", BigInteger, nullable=False),
)
