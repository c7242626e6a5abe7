"""Invoices between companies: what the sender calls an invoice is the receiver's bill, and one row here."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table

from directory.records.tables.base import ID, SERIAL, SUBJECT, UUID, metadata

bills = Table(
    "bills",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("sender_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("receiver_id", ID, ForeignKey("companies.id"), nullable=False),
    Column("customer_contact_id", UUID, nullable=False),  # the receiver, in the sender's list
    Column("vendor_contact_id", UUID, nullable=False),  # the sender, in the receiver's list
    Column("number", String(60), nullable=False),
    Column("issued_on", String(10), nullable=False),  # dates as YYYY-MM-DD: both databases order them alike
    Column("due_on", String(10), nullable=False),
    Column("currency", String(3), nullable=False),  # ISO 4217
    Column("total", String(30), nullable=False),  # decimal, in that currency: a float would lose cents
    Column("document", JSON, nullable=False),  # lines, taxes, net, note
    Column("state", String(12), nullable=False),
    Column("held", String(20)),  # why it must be looked at before it can be approved
    Column("scheduled_on", String(10)),
    Column("version", Integer, nullable=False),
    Column("created_by", SUBJECT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("ix_bills_receiver_id_due_on_id", "receiver_id", "due_on", "id"),
    Index("ix_bills_sender_id_id", "sender_id", "id"),
    Index("ix_bills_sender_id_receiver_id_number", "sender_id", "receiver_id", "number"),
)

bill_events = Table(
    "bill_events",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("bill_id", UUID, ForeignKey("bills.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("note", String(500), nullable=False),
    Column("by", SUBJECT, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_bill_events_bill_id_seq", "bill_id", "seq"),
)
