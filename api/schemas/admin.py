"""The accounting product's own: companies, members, firms' clients."""

from typing import Any

from marshmallow import fields, validate

from api.schemas.base import Answer, CardFields, Schema, TrueOrFalse, text
from directory.errors import Message as _
from directory.product.enrolment import MOST_AT_ONCE
from directory.values import KEPT_ROLES

_A_LIST: dict[str, Any] = {"invalid": _("Must be a list.")}
_SEVERAL = validate.Length(1, MOST_AT_ONCE, error=_("Between 1 and 500 at once."))


class CompanyFields(CardFields):
    """The columns of an import, and `status`."""

    id = text(metadata={"description": "May be left out; else the one in the address."})
    region = text(metadata={"description": "ISO 3166-1 alpha-2, lower case"})
    plan = text(metadata={"description": "starter, essentials, plus or advanced; essentials where left out"})
    kind = text(metadata={"description": "business or accounting_firm; business where left out"})
    status = text(metadata={"description": "active or ended; stays as it is where left out"})
    visible = TrueOrFalse(metadata={"description": "Counts only when the id is first seen."})


class Written(Answer):
    id = text()
    outcome = text(metadata={"description": "added, changed or unchanged"})
    index_confirmed = fields.Boolean(metadata={"description": "Whether the index was seen to agree already."})


class CompanyBatch(Schema):
    companies = fields.List(
        fields.Raw(allow_none=True, metadata={"description": "As in PUT, with `id`."}),
        required=True,
        validate=_SEVERAL,
        error_messages=_A_LIST,
    )


class ItemResult(Answer):
    """`outcome` where it was done; else `code` and `detail`, and `errors` by field."""

    sometimes = frozenset({"id", "company", "subject", "firm", "client", "outcome", "code", "detail", "errors"})

    id = text()
    company = text()
    subject = text()
    firm = text()
    client = text()
    outcome = text()
    code = text()
    detail = text()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class BatchResults(Answer):
    sometimes = frozenset({"index_confirmed"})

    results = fields.List(fields.Nested(ItemResult), metadata={"description": "In the order of the request."})
    index_confirmed = fields.Boolean()


class Company(Answer, CardFields):
    id = text()
    region = text()
    plan = text()
    kind = text()
    status = text()
    visible = fields.Boolean()
    card_version = fields.Integer()
    index_version = fields.Integer()
    created_at = fields.DateTime()
    changed_at = fields.DateTime()


class MemberRole(Schema):
    role = text(required=True, metadata={"enum": [role.value for role in KEPT_ROLES]})


class Member(Schema):
    company = text(required=True)
    subject = text(required=True, metadata={"description": "As tokens say it in `sub`."})
    role = text(required=True, allow_none=True, metadata={"description": "null: no member any more"})


class MemberBatch(Schema):
    members = fields.List(fields.Nested(Member), required=True, validate=_SEVERAL, error_messages=_A_LIST)


class FirmClient(Answer):
    firm = text()
    client = text()


class GrantChange(Schema):
    firm = text(required=True)
    client = text(required=True)
    granted = TrueOrFalse(load_default=True, metadata={"description": "false: the firm may not act for it any more"})


class GrantBatch(Schema):
    clients = fields.List(fields.Nested(GrantChange), required=True, validate=_SEVERAL, error_messages=_A_LIST)


class Certificate(Answer):
    """What was removed where: rows by table. `reduced` rows stay without persons and free text; docs/adr/0007 says why."""

    id = text()
    erased_at = fields.DateTime()
    index_version = fields.Integer()
    index_confirmed = fields.Boolean()
    complete = fields.Boolean(metadata={"description": "Where it is false, call again to go on."})
    removed = fields.Dict(keys=fields.String(), values=fields.Integer())
    reduced = fields.Dict(keys=fields.String(), values=fields.Integer())
