"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=True),
        sa.Column("region", sa.String(length=2), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_company_id_seq", "audit", ["company_id", "seq"], unique=False)
    op.create_table(
        "companies",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("plan", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("visible_since", sa.BigInteger(), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.Column("index_version", sa.BigInteger(), nullable=False),
        sa.Column("popularity", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("imported_card", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_index("ix_companies_region_id", "companies", ["region", "id"], unique=False)
    op.create_table(
        "index_builds",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("fingerprint", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_index_builds")),
    )
    op.create_index("ix_index_builds_region_state", "index_builds", ["region", "state"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("index_version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_company_id_index_version", "outbox", ["company_id", "index_version"], unique=False)
    op.create_table(
        "card_versions",
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("province", sa.String(length=100), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_card_versions_company_id")),
        sa.PrimaryKeyConstraint("company_id", "version", name=op.f("pk_card_versions")),
    )
    op.create_table(
        "former_regions",
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_former_regions_company_id")),
        sa.PrimaryKeyConstraint("company_id", "region", name=op.f("pk_former_regions")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_idempotency_keys_company_id")),
        sa.PrimaryKeyConstraint("company_id", "subject", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "members",
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_members_company_id")),
        sa.PrimaryKeyConstraint("company_id", "subject", name=op.f("pk_members")),
    )
    op.create_index("ix_members_subject", "members", ["subject"], unique=False)
    op.create_table(
        "reveals",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("viewer_company_id", sa.String(length=60), nullable=False),
        sa.Column("viewer", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_reveals_company_id")),
        sa.ForeignKeyConstraint(["viewer_company_id"], ["companies.id"], name=op.f("fk_reveals_viewer_company_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reveals")),
    )
    op.create_index("ix_reveals_company_id_seq", "reveals", ["company_id", "seq"], unique=False)
    op.create_index("ix_reveals_viewer_company_id_seq", "reveals", ["viewer_company_id", "seq"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("linked_company_id", sa.String(length=60), nullable=True),
        sa.Column("linked_version", sa.Integer(), nullable=True),
        sa.Column("own_fields", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_contacts_company_id")),
        sa.ForeignKeyConstraint(
            ["linked_company_id", "linked_version"],
            ["card_versions.company_id", "card_versions.version"],
            name=op.f("fk_contacts_linked_company_id_linked_version"),
        ),
        sa.ForeignKeyConstraint(["linked_company_id"], ["companies.id"], name=op.f("fk_contacts_linked_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_company_id_relation_id", "contacts", ["company_id", "relation", "id"], unique=False)
    op.create_index("ix_contacts_linked_company_id", "contacts", ["linked_company_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_contacts_linked_company_id", table_name="contacts")
    op.drop_index("ix_contacts_company_id_relation_id", table_name="contacts")
    op.drop_table("contacts")
    op.drop_index("ix_reveals_viewer_company_id_seq", table_name="reveals")
    op.drop_index("ix_reveals_company_id_seq", table_name="reveals")
    op.drop_table("reveals")
    op.drop_index("ix_members_subject", table_name="members")
    op.drop_table("members")
    op.drop_table("idempotency_keys")
    op.drop_table("former_regions")
    op.drop_table("card_versions")
    op.drop_index("ix_outbox_company_id_index_version", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_index_builds_region_state", table_name="index_builds")
    op.drop_table("index_builds")
    op.drop_index("ix_companies_region_id", table_name="companies")
    op.drop_table("companies")
    op.drop_index("ix_audit_company_id_seq", table_name="audit")
    op.drop_table("audit")
