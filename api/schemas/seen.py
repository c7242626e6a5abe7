"""How others see one's company: who looked at its card, and what finds it."""

from marshmallow import fields, validate

from api.schemas.base import Answer, CardOfOthers, Schema, next_page, text
from directory.as_others import Because, Way
from directory.errors import Message as _
from directory.matching import Tier

_PLACE = validate.Length(max=100, error=_("At most 100 characters."))


class LedgerQuery(Schema):
    after = text()
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200, error=_("Must be between 1 and 200.")))


class Look(Answer):
    at = fields.DateTime()
    viewer = text(metadata={"description": "The company that saw the card; “a member” where it is not visible to you."})


class Ledger(Answer):
    sometimes = frozenset({"next"})

    reveals = fields.List(fields.Nested(Look))
    next = next_page()


class AsOthersQuery(Schema):
    q = text(
        validate=validate.Length(max=256, error=_("At most 256 characters.")),
        metadata={"description": "A text of one's own, in place of those that come from the card."},
    )
    city = text(load_default="", validate=_PLACE, metadata={"description": "As somebody in that city sees it."})
    province = text(load_default="", validate=_PLACE)


class Before(Answer):
    sometimes = frozenset({"because", "why"})

    name = text()
    city = text()
    province = text()
    fits = text(validate=validate.OneOf([tier.name.lower() for tier in Tier]))
    because = text(validate=validate.OneOf([one.value for one in Because]))
    why = text(metadata={"description": "The same in words."})


class Found(Answer):
    sometimes = frozenset({"place", "fits"})

    text = fields.String()
    way = fields.String(validate=validate.OneOf([one.value for one in Way]))
    place = fields.Integer(metadata={"description": "From 1; absent where the company is not among those shown."})
    fits = fields.String(metadata={"description": "How the text fits the company's names; absent where it does not."})
    summary = fields.String()
    before = fields.List(fields.Nested(Before))


class AsOthersSeeIt(Answer):
    card = fields.Nested(CardOfOthers)
    findable = fields.Boolean()
    why_not = fields.List(fields.String())
    remarks = fields.List(fields.String())
    texts = fields.List(fields.Nested(Found))
    unverified = fields.Boolean()
