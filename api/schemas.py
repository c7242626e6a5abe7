"""The shapes of requests and answers, one class a shape. Unknown fields are an error.

What a value may be is decided by the rules in `directory`; a schema says only its type, so that there is one judge.
"""

from typing import Any

from marshmallow import Schema as BaseSchema
from marshmallow import fields, validate

from directory.errors import Message as _
from directory.values import Relation

fields.Field.default_error_messages = {
    "required": _("This is needed."),
    "null": _("This may not be null."),
    "validator_failed": _("Not valid."),
}
fields.String.default_error_messages = {"invalid": _("Must be a text."), "invalid_utf8": _("Must be a text.")}
fields.Integer.default_error_messages = {
    "invalid": _("Must be a whole number."),
    "too_large": _("Must be a whole number."),
}
fields.Boolean.default_error_messages = {"invalid": _("Must be true or false.")}
fields.List.default_error_messages = {"invalid": _("Must be a list of texts.")}


class Schema(BaseSchema):
    error_messages = {"unknown": _("There is no such field."), "type": _("The body must be a JSON object.")}  # noqa: RUF012


def _text(**options: Any) -> fields.String:
    return fields.String(**options)


class _Boolean(fields.Boolean):
    """true or false; marshmallow's own takes 1 and 0 for them, which are equal to them in Python."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class TypeaheadQuery(Schema):
    q = _text(
        required=True,
        validate=validate.Length(max=256, error=_("At most 256 characters.")),
        metadata={"description": "What was typed so far.", "example": "bitf"},
    )
    limit = fields.Integer(load_default=8, validate=validate.Range(1, 8, error=_("Must be between 1 and 8.")))


class Suggestion(Schema):
    suggestion = _text(metadata={"description": "Opaque; good for one asking company and five minutes."})
    name = _text()
    matched_name = _text(metadata={"description": "Another name of the company, where that is the one that fits."})
    matched = fields.List(
        fields.List(fields.Integer(), validate=validate.Length(equal=2)),
        metadata={
            "description": "Half-open ranges, in UTF-16 units, of matched_name where there is one, else of name."
        },
    )
    city = _text()
    province = _text()


class Suggestions(Schema):
    suggestions = fields.List(fields.Nested(Suggestion))
    unverified = fields.Boolean()
    degraded = fields.Boolean()


class Pick(Schema):
    suggestion = _text(required=True)


class ContactFields(Schema):
    """What a card and a contact both hold."""

    name = _text()
    email = _text()
    phone = _text(metadata={"description": "E.164 in answers; as people write it in requests."})
    website = _text()
    street = _text()
    city = _text()
    province = _text()
    postal_code = _text()
    country = _text(metadata={"description": "ISO 3166-1 alpha-2"})


class CardFields(ContactFields):
    other_names = fields.List(fields.String())


class OwnCard(CardFields):
    version = fields.Integer()
    unverified = fields.Boolean()


class Reveal(Schema):
    card = fields.Nested(CardFields)
    link = _text(metadata={"description": "Save the contact with it within a day, and it follows the card."})
    unverified = fields.Boolean()
    notice = _text()


class VisibilityChange(Schema):
    visible = _Boolean(required=True)


class Visibility(Schema):
    visible = fields.Boolean()
    index_version = fields.Integer()
    effective_at = fields.DateTime(metadata={"description": "UTC"})
    index_confirmed = fields.Boolean(metadata={"description": "Whether the index was seen to agree already."})


class NewContact(ContactFields):
    relation = _text(
        required=True, validate=validate.OneOf([r.value for r in Relation], error=_("Must be customer or vendor."))
    )
    link = _text()


class Contact(ContactFields):
    id = fields.UUID()
    relation = _text()
    linked = fields.Boolean()
    following = fields.Boolean(metadata={"description": "Whether it keeps itself up to date with the company's card."})
    overrides = fields.List(
        fields.String(), metadata={"description": "Fields edited here; the network leaves them alone."}
    )
    created_at = fields.DateTime()
    unverified = fields.Boolean()


class ContactsQuery(Schema):
    relation = _text(validate=validate.OneOf([r.value for r in Relation], error=_("Must be customer or vendor.")))
    after = fields.UUID(error_messages={"invalid_uuid": _("Must be the id of a contact.")})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500, error=_("Must be between 1 and 500.")))


class Contacts(Schema):
    contacts = fields.List(fields.Nested(Contact))
    next = _text(metadata={"description": "Ask again with after=this for the next page; absent on the last."})


class Problem(Schema):
    """RFC 9457, with a stable `code`."""

    type = _text()
    title = _text()
    status = fields.Integer()
    code = _text()
    detail = _text()
    part = _text()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
