"""What companies keep of one another: contacts, what was edited in them, what was looked at, and news of it."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    text,
)

from directory.records.tables.base import ID, SERIAL, SUBJECT, UUID, metadata

contacts = Table(
    "contacts",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("company_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("relation", String(10), nullable=False),
    Column("linked_company_id", ID, ForeignKey("companies.id")),
    # The card version at the moment of linking; what a company shows afterwards is read through.
    Column("linked_version", Integer),
    # The company's `publication` at that moment: what it published later is news to this contact.
    Column("linked_publication", Integer),
    # What is shown since the contact's owner moved, until the company is shown where it is now; see directory.standing.
    Column("resting_version", Integer),
    # When contact data of the linked card was first shown here; none yet for one that was linked by matching a list.
    Column("revealed_at", BigInteger),
    # The fields written here: all of them where there is no link, local edits where there is one.
    Column("own_fields", JSON, nullable=False),
    # The name and e-mail domain written here, folded, for finding duplicates and look-alikes; "" where the card says them.
    Column("folded_name", String(320), nullable=False, server_default=text("''")),
    Column("email_domain", String(254), nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", SUBJECT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["linked_company_id", "linked_version"], ["card_versions.company_id", "card_versions.version"]
    ),
    Index("ix_contacts_company_id_relation_id", "company_id", "relation", "id"),
    Index("ix_contacts_linked_company_id_company_id", "linked_company_id", "company_id"),
    Index(
        "ix_contacts_linked_company_id_resting",
        "linked_company_id",
        sqlite_where=text("resting_version IS NOT NULL"),
        postgresql_where=text("resting_version IS NOT NULL"),
    ),
    Index("ix_contacts_company_id_folded_name", "company_id", "folded_name"),
    Index("ix_contacts_folded_name", "folded_name"),
    Index("ix_contacts_email_domain", "email_domain"),
)

# One that was linked by matching a list shows of the card the name and nothing else, until it is opened.
OPENED = contacts.c.revealed_at.is_not(None)

# What was written into a contact, field by field; what the network wrote is in `changes` and `card_versions`.
contact_edits = Table(
    "contact_edits",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("contact_id", UUID, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("field", String(20), nullable=False),
    Column("value", String(400)),  # none: the field follows the network again
    Column("origin", String(12), nullable=False),  # see directory.values.Origin
    Column("by", SUBJECT, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_contact_edits_contact_id_seq", "contact_id", "seq"),
)

reveals = Table(
    "reveals",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("company_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("viewer_company_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("viewer", SUBJECT, nullable=False),
    Column("firm_id", ID),  # the accounting firm that the viewer acted with
    Column("at", BigInteger, nullable=False),
    Index("ix_reveals_company_id_seq", "company_id", "seq"),
    Index("ix_reveals_viewer_company_id_at", "viewer_company_id", "at"),
    Index("ix_reveals_firm_id_at", "firm_id", "at"),
)

# What happened to a company that its contacts must hear of, in one row however many they are.
changes = Table(
    "changes",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("number", BigInteger),  # its place in the feed, given only once it is committed
    Column("company_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("region", String(2), nullable=False),  # whose members it is for
    Column("kind", String(8), nullable=False),  # card, stopped, resumed
    Column("card_version", Integer),
    Column("publication", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_changes_number", "number", unique=True),
    Index("ix_changes_company_id_number", "company_id", "number"),
    Index("ix_changes_company_id_publication", "company_id", "publication"),
    Index("ix_changes_unnumbered", "seq", sqlite_where=text("number IS NULL"), postgresql_where=text("number IS NULL")),
)

# One row. Whoever gives numbers to changes locks it first.
feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("last", BigInteger, nullable=False),  # the last number that was given
    Column("woken", BigInteger, nullable=False),  # up to which number webhooks were woken
    Column("salt", String(64), nullable=False),  # keeps the ids of changes from telling how many there are
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("company_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("url", String(500), nullable=False),
    Column("secret", String(300), nullable=False),  # encrypted with CARNET_SECRET
    Column("active", Boolean, nullable=False),
    Column("switched_off_because", String(40)),
    Column("cursor", String(80), nullable=False),  # how far in the feed of changes it has been told
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", BigInteger),
    Column("trouble", String(20)),  # what the last failure was
    Column("next_at", BigInteger, nullable=False),  # not before
    Column("leased_until", BigInteger, nullable=False),  # one process at a time delivers
    Column("created_by", SUBJECT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_webhooks_company_id", "company_id"),
    Index("ix_webhooks_active_next_at", "active", "next_at"),
)
