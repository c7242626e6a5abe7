"""Bills, what to remember of them, and what is to be paid when."""

from marshmallow import fields, validate

from api.schemas.base import Answer, Schema, next_page, text
from api.schemas.invoices import InvoiceBody, InvoiceHead, InvoicesQuery, Page, Party, day, decimal
from directory.bills.states import Move
from directory.errors import Message as _


class BillSummary(Answer, InvoiceHead):
    id = fields.UUID()
    vendor = fields.Nested(Party)
    state = text()
    held = text(allow_none=True, metadata={"description": "duplicate, number_reused, or null."})
    duplicate_of = text(allow_none=True, metadata={"description": "The earlier bill of that number."})
    scheduled_on = day(allow_none=True)
    paid_on = day(allow_none=True)
    received_at = fields.DateTime()
    version = fields.Integer()


class _Event(Answer):
    move = text()
    state = text()
    on = day(allow_none=True)
    note = text()
    by = text(metadata={"description": "Empty where it was the sender's doing."})
    at = fields.DateTime()


class Bill(BillSummary, InvoiceBody):
    history = fields.List(fields.Nested(_Event))
    moves = fields.List(
        fields.String(validate=validate.OneOf([move.value for move in Move])),
        metadata={"description": "What the asker may do with it now."},
    )


class Bills(Answer):
    sometimes = frozenset({"next"})

    bills = fields.List(fields.Nested(BillSummary))
    next = next_page()


class BillsQuery(InvoicesQuery):
    due_before = day()


class RemindersQuery(Page):
    within = fields.Integer(load_default=7, validate=validate.Range(0, 366, error=_("Must be between 0 and 366.")))
    today = day()


class Reminder(BillSummary):
    reasons = fields.List(fields.String(), metadata={"description": "overdue, due, scheduled: one or more."})


class Reminders(Answer):
    sometimes = frozenset({"next"})

    today = day()
    reminders = fields.List(fields.Nested(Reminder))
    next = next_page()


class CashFlowQuery(Schema):
    weeks = fields.Integer(load_default=8, validate=validate.Range(1, 53, error=_("Must be between 1 and 53.")))
    today = day()


class _Flow(Answer):
    currency = text()
    due = decimal()
    scheduled = decimal()
    overdue = decimal()


class _Week(Answer):
    week = text(metadata={"description": "ISO 8601", "example": "2026-W48"})
    starts_on = day()
    currencies = fields.List(fields.Nested(_Flow))


class CashFlow(Answer):
    today = day()
    weeks = fields.List(fields.Nested(_Week))


class Schedule(Schema):
    on = day(required=True)


class Payment(Schema):
    on = day()


class Rejection(Schema):
    reason = text()
