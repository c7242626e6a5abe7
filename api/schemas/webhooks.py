"""Where a company wants to be told of changes."""

from marshmallow import fields

from api.schemas.base import Answer, Schema, text


class NewWebhook(Schema):
    url = text(required=True, metadata={"description": "https://…, on the public internet."})


class Nothing(Schema):
    """A body that says nothing."""


class Webhook(Answer):
    sometimes = frozenset({"switched_off_because", "failing_since", "last_failure", "next_attempt_at"})

    id = fields.UUID()
    url = text()
    active = fields.Boolean()
    switched_off_because = text(metadata={"description": "gone, failing or secret_lost; absent while it is active."})
    failures = fields.Integer(metadata={"description": "In a row."})
    failing_since = fields.DateTime()
    last_failure = text(metadata={"description": "status NNN, timeout, unreachable, tls or address."})
    next_attempt_at = fields.DateTime()
    created_at = fields.DateTime()


class CreatedWebhook(Webhook):
    secret = text(metadata={"description": "What messages are signed with. Said here and never again."})


class Webhooks(Answer):
    webhooks = fields.List(fields.Nested(Webhook))
