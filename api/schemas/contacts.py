"""Customers and vendors."""

from marshmallow import fields, validate

from api.schemas.base import ContactFields, Schema, text
from directory.errors import Message as _
from directory.values import Relation


class NewContact(ContactFields):
    relation = text(
        required=True, validate=validate.OneOf([r.value for r in Relation], error=_("Must be customer or vendor."))
    )
    link = text()


class Contact(ContactFields):
    id = fields.UUID()
    relation = text()
    linked = fields.Boolean()
    following = fields.Boolean(metadata={"description": "Whether it keeps itself up to date with the company's card."})
    overrides = fields.List(
        fields.String(), metadata={"description": "Fields edited here; the network leaves them alone."}
    )
    created_at = fields.DateTime()
    unverified = fields.Boolean()


class ContactsQuery(Schema):
    relation = text(validate=validate.OneOf([r.value for r in Relation], error=_("Must be customer or vendor.")))
    after = fields.UUID(error_messages={"invalid_uuid": _("Must be the id of a contact.")})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500, error=_("Must be between 1 and 500.")))


class Contacts(Schema):
    contacts = fields.List(fields.Nested(Contact))
    next = text(metadata={"description": "Ask again with after=this for the next page; absent on the last."})
