"""The feed of changes."""

from marshmallow import fields

from api.schemas.base import Answer, Schema, page_length, text
from directory.updates.feed import Type


class ChangesQuery(Schema):
    after = text(
        metadata={"description": "A cursor, as `next` said it; left out: from the oldest change that is kept."}
    )
    limit = page_length()


class Change(Answer):
    id = fields.UUID(metadata={"description": "Always the same for this change of this contact."})
    contact = fields.UUID()
    type = text(metadata={"enum": [kind.value for kind in Type]})
    at = fields.DateTime()


class Changes(Answer):
    changes = fields.List(fields.Nested(Change))
    next = text(metadata={"description": "The cursor to go on from; always there, also when nothing is new."})
    more = fields.Boolean(metadata={"description": "Whether there is more to read already."})


class Cursor(Answer):
    next = text(metadata={"description": "The cursor after everything that happened until now."})
