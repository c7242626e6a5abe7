"""An accounting firm and its clients, from both sides."""

from marshmallow import fields, validate

from api.schemas.base import Answer, Schema, TrueOrFalse, next_page, page_length, text
from directory.accountants.clients import MOST_AT_ONCE
from directory.errors import Message as _


class ClientsQuery(Schema):
    q = text(
        load_default="",
        validate=validate.Length(max=256, error=_("At most 256 characters.")),
        metadata={"description": "How a word of a client's name begins, and what follows it."},
    )
    after = text()
    limit = page_length()


class Client(Answer):
    id = text()
    name = text()
    city = text()
    province = text()
    visible = fields.Boolean()
    plan = text()
    status = text()


class Clients(Answer):
    sometimes = frozenset({"next"})

    clients = fields.List(fields.Nested(Client))
    next = next_page()


class ClientsVisibility(Schema):
    clients = fields.List(
        text(),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE, error=_("Between 1 and 500 at once.")),
    )
    visible = TrueOrFalse(required=True)


class ClientReceipt(Answer):
    """The receipt of one client, as by /v1/company/visibility; or `code` and `detail`."""

    sometimes = frozenset({"visible", "index_version", "effective_at", "index_confirmed", "code", "detail"})

    client = text()
    visible = fields.Boolean()
    index_version = fields.Integer()
    effective_at = fields.DateTime(metadata={"description": "UTC"})
    index_confirmed = fields.Boolean()
    code = text()
    detail = text()


class ClientReceipts(Answer):
    results = fields.List(fields.Nested(ClientReceipt), metadata={"description": "In the order of the request."})


class FirmsQuery(Schema):
    after = text()
    limit = page_length()


class Firm(Answer):
    id = text()
    name = text()
    city = text()
    province = text()
    status = text()
    granted_at = fields.DateTime()


class Firms(Answer):
    sometimes = frozenset({"next"})

    firms = fields.List(fields.Nested(Firm))
    next = text()


class AuditQuery(Schema):
    after = text()
    limit = page_length()


class AuditFirm(Answer):
    id = text()
    name = text(allow_none=True)


class AuditEntry(Answer):
    sometimes = frozenset({"firm"})

    at = fields.DateTime()
    actor = text()
    action = text()
    firm = fields.Nested(AuditFirm, metadata={"description": "The accounting firm that the actor acted with."})
    detail = fields.Dict()


class Audit(Answer):
    sometimes = frozenset({"next"})

    entries = fields.List(fields.Nested(AuditEntry), metadata={"description": "The newest first."})
    next = text()
