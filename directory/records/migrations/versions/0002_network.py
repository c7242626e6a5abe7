"""The network: what was edited in contacts, the feed of changes, firms' clients, bills, signals."""

import secrets

import sqlalchemy as sa
from alembic import op

from mappings.folding import fold

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PAGE = 5_000


def upgrade() -> None:
    op.create_table(
        "signals",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=True),
        sa.Column("subject", sa.String(length=254), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_signals")),
    )
    op.create_index("ix_signals_company_id_kind_at", "signals", ["company_id", "kind", "at"], unique=False)
    op.create_table(
        "bills",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sender_id", sa.String(length=60), nullable=False),
        sa.Column("receiver_id", sa.String(length=60), nullable=False),
        sa.Column("customer_contact_id", sa.String(length=36), nullable=False),
        sa.Column("vendor_contact_id", sa.String(length=36), nullable=False),
        sa.Column("vendor_name", sa.String(length=320), nullable=False),
        sa.Column("customer_name", sa.String(length=320), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("folded_number", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.String(length=30), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("held", sa.String(length=20), nullable=True),
        sa.Column("duplicate_of", sa.String(length=36), nullable=True),
        sa.Column("scheduled_on", sa.String(length=10), nullable=True),
        sa.Column("paid_on", sa.String(length=10), nullable=True),
        sa.Column("open_due_on", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["receiver_id"], ["companies.id"], name=op.f("fk_bills_receiver_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["companies.id"], name=op.f("fk_bills_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
    )
    op.create_index("ix_bills_receiver_id_due_on_id", "bills", ["receiver_id", "due_on", "id"], unique=False)
    op.create_index(
        "ix_bills_receiver_id_state_due_on_id", "bills", ["receiver_id", "state", "due_on", "id"], unique=False
    )
    op.create_index("ix_bills_receiver_id_open_due_on_id", "bills", ["receiver_id", "open_due_on", "id"], unique=False)
    op.create_index("ix_bills_sender_id_created_at_id", "bills", ["sender_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_bills_sender_id_receiver_id_folded_number",
        "bills",
        ["sender_id", "receiver_id", "folded_number"],
        unique=False,
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("card_version", sa.Integer(), nullable=True),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_changes_company_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_company_id_number", "changes", ["company_id", "number"], unique=False)
    op.create_index("ix_changes_company_id_publication", "changes", ["company_id", "publication"], unique=False)
    op.create_index("ix_changes_number", "changes", ["number"], unique=True)
    unnumbered = sa.text("number IS NULL")
    op.create_index(
        "ix_changes_unnumbered", "changes", ["seq"], sqlite_where=unnumbered, postgresql_where=unnumbered, unique=False
    )
    feed = op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("woken", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.bulk_insert(feed, [{"id": 1, "last": 0, "woken": 0, "salt": secrets.token_hex(32)}])
    op.create_table(
        "firm_clients",
        sa.Column("firm_id", sa.String(length=60), nullable=False),
        sa.Column("client_id", sa.String(length=60), nullable=False),
        sa.Column("granted_by", sa.String(length=254), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["companies.id"], name=op.f("fk_firm_clients_client_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["companies.id"], name=op.f("fk_firm_clients_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "client_id", name=op.f("pk_firm_clients")),
    )
    op.create_index("ix_firm_clients_client_id", "firm_clients", ["client_id"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("company_id", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("switched_off_because", sa.String(length=40), nullable=True),
        sa.Column("cursor", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_webhooks_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index("ix_webhooks_active_next_at", "webhooks", ["active", "next_at"], unique=False)
    op.create_index("ix_webhooks_company_id", "webhooks", ["company_id"], unique=False)
    op.create_table(
        "bill_events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("bill_id", sa.String(length=36), nullable=False),
        sa.Column("move", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("on_date", sa.String(length=10), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bills.id"], name=op.f("fk_bill_events_bill_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bill_events")),
    )
    op.create_index("ix_bill_events_bill_id_seq", "bill_events", ["bill_id", "seq"], unique=False)
    op.create_table(
        "contact_edits",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_edits_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_contact_edits")),
    )
    op.create_index("ix_contact_edits_contact_id_seq", "contact_edits", ["contact_id", "seq"], unique=False)
    op.add_column("audit", sa.Column("firm_id", sa.String(length=60), nullable=True))
    op.create_index("ix_audit_firm_id_seq", "audit", ["firm_id", "seq"], unique=False)
    op.add_column("companies", sa.Column("publication", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "companies", sa.Column("folded_name", sa.String(length=320), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "companies", sa.Column("email_domain", sa.String(length=254), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("companies", sa.Column("region_since", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("companies", sa.Column("canary", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_companies_region_email_domain", "companies", ["region", "email_domain"], unique=False)
    op.create_index("ix_companies_region_folded_name", "companies", ["region", "folded_name"], unique=False)
    op.add_column(
        "card_versions", sa.Column("folded_name", sa.String(length=320), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("contacts", sa.Column("linked_publication", sa.Integer(), nullable=True))
    op.add_column("contacts", sa.Column("resting_version", sa.Integer(), nullable=True))
    op.add_column("contacts", sa.Column("revealed_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "contacts", sa.Column("folded_name", sa.String(length=320), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "contacts", sa.Column("email_domain", sa.String(length=254), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("contacts", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.drop_index(op.f("ix_contacts_linked_company_id"), table_name="contacts")
    op.create_index("ix_contacts_company_id_folded_name", "contacts", ["company_id", "folded_name"], unique=False)
    op.create_index("ix_contacts_email_domain", "contacts", ["email_domain"], unique=False)
    op.create_index("ix_contacts_folded_name", "contacts", ["folded_name"], unique=False)
    op.create_index(
        "ix_contacts_linked_company_id_company_id", "contacts", ["linked_company_id", "company_id"], unique=False
    )
    op.create_index(
        "ix_contacts_linked_company_id_resting",
        "contacts",
        ["linked_company_id"],
        unique=False,
        sqlite_where=sa.text("resting_version IS NOT NULL"),
        postgresql_where=sa.text("resting_version IS NOT NULL"),
    )
    op.add_column("reveals", sa.Column("firm_id", sa.String(length=60), nullable=True))
    op.drop_index(op.f("ix_reveals_viewer_company_id_seq"), table_name="reveals")
    op.create_index("ix_reveals_firm_id_at", "reveals", ["firm_id", "at"], unique=False)
    op.create_index("ix_reveals_viewer_company_id_at", "reveals", ["viewer_company_id", "at"], unique=False)

    _fold_current_cards()
    _fold_card_versions()
    op.execute(
        "UPDATE contacts SET linked_publication = 0, revealed_at = created_at WHERE linked_company_id IS NOT NULL"
    )


def _fold_current_cards() -> None:
    connection = op.get_bind()
    page = sa.text(
        "SELECT c.id, v.name, v.email FROM companies c JOIN card_versions v ON v.company_id = c.id AND "
        "v.version = c.card_version WHERE c.id > :after ORDER BY c.id LIMIT :page"
    )
    write = sa.text("UPDATE companies SET folded_name = :name, email_domain = :domain WHERE id = :id")
    after = ""
    while rows := connection.execute(page, {"after": after, "page": _PAGE}).all():
        connection.execute(
            write,
            [
                {"id": row.id, "name": fold(row.name).core_joined[:320], "domain": row.email.rpartition("@")[2].lower()}
                for row in rows
            ],
        )
        after = rows[-1].id


def _fold_card_versions() -> None:
    connection = op.get_bind()
    page = sa.text(
        "SELECT company_id, version, name FROM card_versions WHERE company_id > :company OR "
        "(company_id = :company AND version > :version) ORDER BY company_id, version LIMIT :page"
    )
    write = sa.text("UPDATE card_versions SET folded_name = :name WHERE company_id = :company AND version = :version")
    company, version = "", 0
    while rows := connection.execute(page, {"company": company, "version": version, "page": _PAGE}).all():
        connection.execute(
            write,
            [
                {"company": row.company_id, "version": row.version, "name": fold(row.name).core_joined[:320]}
                for row in rows
            ],
        )
        company, version = rows[-1].company_id, rows[-1].version


def downgrade() -> None:
    op.drop_index("ix_reveals_viewer_company_id_at", table_name="reveals")
    op.drop_index("ix_reveals_firm_id_at", table_name="reveals")
    op.create_index(op.f("ix_reveals_viewer_company_id_seq"), "reveals", ["viewer_company_id", "seq"], unique=False)
    op.drop_column("reveals", "firm_id")
    op.drop_index("ix_contacts_linked_company_id_resting", table_name="contacts")
    op.drop_index("ix_contacts_linked_company_id_company_id", table_name="contacts")
    op.drop_index("ix_contacts_folded_name", table_name="contacts")
    op.drop_index("ix_contacts_email_domain", table_name="contacts")
    op.drop_index("ix_contacts_company_id_folded_name", table_name="contacts")
    op.create_index(op.f("ix_contacts_linked_company_id"), "contacts", ["linked_company_id"], unique=False)
    op.drop_column("contacts", "version")
    op.drop_column("contacts", "email_domain")
    op.drop_column("contacts", "folded_name")
    op.drop_column("contacts", "revealed_at")
    op.drop_column("contacts", "resting_version")
    op.drop_column("contacts", "linked_publication")
    op.drop_index("ix_companies_region_folded_name", table_name="companies")
    op.drop_index("ix_companies_region_email_domain", table_name="companies")
    op.drop_column("card_versions", "folded_name")
    op.drop_column("companies", "canary")
    op.drop_column("companies", "region_since")
    op.drop_column("companies", "email_domain")
    op.drop_column("companies", "folded_name")
    op.drop_column("companies", "publication")
    op.drop_index("ix_audit_firm_id_seq", table_name="audit")
    op.drop_column("audit", "firm_id")
    op.drop_index("ix_contact_edits_contact_id_seq", table_name="contact_edits")
    op.drop_table("contact_edits")
    op.drop_index("ix_bill_events_bill_id_seq", table_name="bill_events")
    op.drop_table("bill_events")
    op.drop_index("ix_webhooks_company_id", table_name="webhooks")
    op.drop_index("ix_webhooks_active_next_at", table_name="webhooks")
    op.drop_table("webhooks")
    op.drop_index("ix_firm_clients_client_id", table_name="firm_clients")
    op.drop_table("firm_clients")
    op.drop_table("feed")
    op.drop_index("ix_changes_unnumbered", table_name="changes")
    op.drop_index("ix_changes_number", table_name="changes")
    op.drop_index("ix_changes_company_id_publication", table_name="changes")
    op.drop_index("ix_changes_company_id_number", table_name="changes")
    op.drop_table("changes")
    op.drop_index("ix_bills_sender_id_receiver_id_folded_number", table_name="bills")
    op.drop_index("ix_bills_sender_id_created_at_id", table_name="bills")
    op.drop_index("ix_bills_receiver_id_state_due_on_id", table_name="bills")
    op.drop_index("ix_bills_receiver_id_open_due_on_id", table_name="bills")
    op.drop_index("ix_bills_receiver_id_due_on_id", table_name="bills")
    op.drop_table("bills")
    op.drop_index("ix_signals_company_id_kind_at", table_name="signals")
    op.drop_table("signals")
