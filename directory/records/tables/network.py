"""Companies, their cards, and who belongs to them."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, false, text

from directory.records.tables.base import ID, SERIAL, SUBJECT, metadata

companies = Table(
    "companies",
    metadata,
    Column("id", ID, primary_key=True),
    Column("region", String(2), nullable=False),
    Column("region_since", BigInteger, nullable=False, server_default="0"),  # 0: always
    Column("kind", String(20), nullable=False),
    Column("plan", String(12), nullable=False),
    Column("status", String(8), nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("visible_since", BigInteger, nullable=False),  # since when `visible` is what it is
    Column("card_version", Integer, nullable=False),
    # What linked contacts follow: card_version while the company is found, the version of that moment afterwards.
    Column("published_version", Integer, nullable=False),
    # Counts what linked contacts were told: each row of `changes` about the company carries the number that it made.
    Column("publication", Integer, nullable=False, server_default="0"),
    Column("index_version", BigInteger, nullable=False),
    Column("popularity", Integer, nullable=False),
    Column("erased", Boolean, nullable=False),
    # Of the card at `published_version`: its name, folded and joined, and the domain of its e-mail; found by equality. Where
    # an earlier release wrote them, a company that was edited while it was hidden has those of its current card.
    Column("folded_name", String(320), nullable=False, server_default=text("''")),
    Column("email_domain", String(254), nullable=False, server_default=text("''")),
    Column("canary", Boolean, nullable=False, server_default=false()),  # made up: who asks for it harvests
    # The card as last imported, kept only once the company has edited its own: see directory.importing.
    Column("imported_card", JSON(none_as_null=True)),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("ix_companies_region_id", "region", "id"),
    Index("ix_companies_region_folded_name", "region", "folded_name"),
    Index("ix_companies_region_email_domain", "region", "email_domain"),
)

card_versions = Table(
    "card_versions",
    metadata,
    Column("company_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", String(320), nullable=False),
    # What lists of contacts are ordered by.
    Column("folded_name", String(320), nullable=False, server_default=text("''")),
    Column("other_names", JSON, nullable=False),
    Column("email", String(254), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("website", String(300), nullable=False),
    Column("street", String(200), nullable=False),
    Column("city", String(100), nullable=False),
    Column("province", String(100), nullable=False),
    Column("postal_code", String(20), nullable=False),
    Column("country", String(2), nullable=False),
    Column("created_by", SUBJECT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# The card that a company has now, beside its row.
CURRENT_CARD = (card_versions.c.company_id == companies.c.id) & (card_versions.c.version == companies.c.card_version)

# Regions a company has left: their indices must hold its tombstone for ever, and contacts of members there stay at the
# version that was current then.
former_regions = Table(
    "former_regions",
    metadata,
    Column("company_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("region", String(2), primary_key=True),
    Column("published_version", Integer, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("company_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("subject", SUBJECT, primary_key=True),
    Column("role", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_members_subject", "subject"),
)

# Whose books an accounting firm's members may act in.
firm_clients = Table(
    "firm_clients",
    metadata,
    Column("firm_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("client_id", ID, ForeignKey("companies.id"), primary_key=True),
    Column("granted_by", SUBJECT, nullable=False),
    Column("granted_at", BigInteger, nullable=False),
    Index("ix_firm_clients_client_id", "client_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", SUBJECT, nullable=False),
    Column("action", String(40), nullable=False),
    Column("firm_id", ID),  # the accounting firm that the actor acted for the company with
    Column("company_id", ID),
    Column("region", String(2)),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_company_id_seq", "company_id", "seq"),
    Index("ix_audit_firm_id_seq", "firm_id", "seq"),
)
