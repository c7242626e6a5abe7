"""Looking a company up, and its card after a pick."""

from marshmallow import fields, validate

from api.schemas.base import Answer, CardOfOthers, Schema, text
from directory.errors import Message as _


class TypeaheadQuery(Schema):
    q = text(
        required=True,
        validate=validate.Length(max=256, error=_("At most 256 characters.")),
        metadata={"description": "What was typed so far.", "example": "bitf"},
    )
    limit = fields.Integer(load_default=8, validate=validate.Range(1, 8, error=_("Must be between 1 and 8.")))


class Suggestion(Answer):
    sometimes = frozenset({"matched_name"})

    suggestion = text(metadata={"description": "Opaque; good for one asking company and five minutes."})
    name = text()
    matched_name = text(metadata={"description": "Another name of the company, where that is the one that fits."})
    matched = fields.List(
        fields.List(fields.Integer(), validate=validate.Length(equal=2)),
        metadata={
            "description": "Half-open ranges, in UTF-16 units, of matched_name where there is one, else of name."
        },
    )
    city = text()
    province = text()


class Suggestions(Answer):
    sometimes = frozenset({"degraded"})

    suggestions = fields.List(fields.Nested(Suggestion))
    unverified = fields.Boolean()
    degraded = fields.Boolean(
        metadata={"description": "True where the index had no time left for all that it could be asked; else left out."}
    )


class Pick(Schema):
    suggestion = text(required=True)


class Reveal(Answer):
    card = fields.Nested(CardOfOthers)
    link = text(metadata={"description": "Save the contact with it within a day, and it follows the card."})
    unverified = fields.Boolean()
    notice = text()
