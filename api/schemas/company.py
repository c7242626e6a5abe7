"""One's own company."""

from marshmallow import fields

from api.schemas.base import Answer, CardFields, Schema, TrueOrFalse


class OwnCard(Answer, CardFields):
    version = fields.Integer()
    unverified = fields.Boolean()


class VisibilityChange(Schema):
    visible = TrueOrFalse(required=True)


class Visibility(Answer):
    visible = fields.Boolean()
    index_version = fields.Integer()
    effective_at = fields.DateTime(metadata={"description": "UTC"})
    index_confirmed = fields.Boolean(metadata={"description": "Whether the index was seen to agree already."})
