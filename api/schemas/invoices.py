"""Invoices, and what became of them. Amounts are texts: a JSON number would lose cents."""

from typing import Any

from marshmallow import fields, validate

from api.schemas.base import Answer, Schema, next_page, page_length, text
from directory.bills.states import State
from directory.errors import Message as _

AMOUNT = {"description": "Decimal, as a text.", "example": "12.50"}
DAY = {"description": "YYYY-MM-DD", "example": "2026-11-30"}


class Decimal(fields.String):
    """A decimal number as a text; anything else is refused, with a sentence that says why."""

    default_error_messages = {  # noqa: RUF012
        "invalid": _("Write amounts as texts, such as “12.50”: a JSON number loses cents.")
    }


def decimal(**options: Any) -> Decimal:
    return Decimal(metadata=AMOUNT, **options)


def day(**options: Any) -> fields.String:
    return text(metadata=DAY, **options)


class Objects(fields.List[Any]):
    default_error_messages = {"invalid": _("Must be a list of objects.")}  # noqa: RUF012


class InvoiceLine(Schema):
    description = text(required=True)
    quantity = decimal(required=True)
    unit = text(metadata={"description": "UN/ECE Recommendation 20: C62 one, HUR hour, KGM kilogram. C62 if left out."})
    unit_price = decimal(required=True)
    amount = decimal(required=True)
    taxes = fields.List(
        fields.String(), metadata={"description": "Names of the taxes that apply to it; all of them if left out."}
    )


class InvoiceTax(Schema):
    name = text(required=True)
    rate = Decimal(required=True, metadata={"description": "In percent.", "example": "9.975"})
    base = decimal(required=True)
    amount = decimal(required=True)


class InvoiceHead(Schema):
    number = text(required=True)
    issued_on = day(required=True)
    due_on = day(required=True)
    currency = text(required=True, metadata={"description": "ISO 4217", "example": "CAD"})
    total = decimal(required=True)


class InvoiceBody(InvoiceHead):
    lines = Objects(fields.Nested(InvoiceLine), required=True)
    taxes = Objects(fields.Nested(InvoiceTax), load_default=list)
    net = decimal(required=True)
    tax = decimal(required=True)
    note = text()


class NewInvoice(InvoiceBody):
    customer = text(required=True, metadata={"description": "Id of the contact, a linked customer."})


class InvoiceQuery(Schema):
    customer = text(metadata={"description": "Id of the contact, where the invoice is sent as UBL."})


class Party(Answer):
    contact = text()
    name = text()


class InvoiceSummary(Answer, InvoiceHead):
    id = fields.UUID()
    customer = fields.Nested(Party)
    state = text()
    scheduled_on = day(allow_none=True)
    paid_on = day(allow_none=True)
    sent_at = fields.DateTime()
    changed_at = fields.DateTime(metadata={"description": "When its state last changed."})


class _Became(Answer):
    state = text()
    at = fields.DateTime()


class Invoice(InvoiceSummary, InvoiceBody):
    sometimes = frozenset({"reason"})

    became = fields.List(fields.Nested(_Became))
    reason = text(metadata={"description": "Why it was rejected, where the receiver said so."})


class Invoices(Answer):
    sometimes = frozenset({"next"})

    invoices = fields.List(fields.Nested(InvoiceSummary))
    next = next_page()


class Page(Schema):
    after = text(metadata={"description": "The `next` of the page before."})
    limit = page_length()


class InvoicesQuery(Page):
    state = text(validate=validate.OneOf([state.value for state in State], error=_("Not a state of a bill.")))
