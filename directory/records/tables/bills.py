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
    Column("vendor_name", String(320), nullable=False),  # as the receiver called the sender when it arrived
    Column("customer_name", String(320), nullable=False),  # as the sender called the receiver
    Column("number", String(60), nullable=False),
    Column("folded_number", String(200), nullable=False),  # see directory.bills.duplicates
    Column("issued_on", String(10), nullable=False),  # dates as YYYY-MM-DD: both databases order them alike
    Column("due_on", String(10), nullable=False),
    Column("currency", String(3), nullable=False),  # ISO 4217
    Column("total", String(30), nullable=False),  # decimal, in that currency: a float would lose cents
    Column("document", JSON, nullable=False),  # lines, taxes, net, note; the sender's card at that moment
    Column("state", String(12), nullable=False),
    Column("held", String(20)),  # why it must be looked at before it can be approved
    Column("duplicate_of", UUID),  # the earlier bill of that number
    Column("scheduled_on", String(10)),
    Column("paid_on", String(10)),
    Column("open_due_on", String(10)),  # due_on until it is paid or rejected, none from then on
    Column("version", Integer, nullable=False),
    Column("created_by", SUBJECT, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),  # when its state last changed: a release does not count
    Index("ix_bills_receiver_id_due_on_id", "receiver_id", "due_on", "id"),
    Index("ix_bills_receiver_id_state_due_on_id", "receiver_id", "state", "due_on", "id"),
    Index("ix_bills_receiver_id_open_due_on_id", "receiver_id", "open_due_on", "id"),
    Index("ix_bills_sender_id_created_at_id", "sender_id", "created_at", "id"),
    Index("ix_bills_sender_id_receiver_id_folded_number", "sender_id", "receiver_id", "folded_number"),
)

bill_events = Table(
    "bill_events",
    metadata,
    Column("seq", SERIAL, primary_key=True, autoincrement=True),
    Column("bill_id", UUID, ForeignKey("bills.id"), nullable=False),
    Column("move", String(12), nullable=False),  # what was done; "received" first
    Column("state", String(12), nullable=False),  # and what the bill was then
    Column("on_date", String(10)),  # the day that it was scheduled for, or paid
    Column("note", String(500), nullable=False),
    Column("by", SUBJECT, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_bill_events_bill_id_seq", "bill_id", "seq"),
)
