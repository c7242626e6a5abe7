"""Customers and vendors."""

from typing import Any

from marshmallow import fields, validate

from api.schemas.base import Answer, ContactFields, Schema, next_page, page_length, text
from directory.contacts import Because, Outcome, Verdict
from directory.contacts.accepting import MOST_ACCEPTED
from directory.contacts.matching import MOST_NAMES
from directory.errors import Message as _
from directory.values import CONTACT_FIELDS, Origin, Relation


def _relation(**options: Any) -> fields.String:
    choices = validate.OneOf([r.value for r in Relation], error=_("Must be customer or vendor."))
    return text(validate=choices, **options)


def _field_name(**options: Any) -> fields.String:
    return text(validate=validate.OneOf(CONTACT_FIELDS, error=_("There is no such field.")), **options)


class NewContact(ContactFields):
    relation = _relation(required=True)
    link = text()


ContactEdits = Schema.from_dict(
    {
        name: text(allow_none=True, metadata={"description": "null: follow the network again"})
        for name in CONTACT_FIELDS
    },
    name="ContactEdits",
)


class Offer(Answer):
    value = text()
    at = fields.DateTime(metadata={"description": "Since when the network says so."})
    newer = fields.Boolean(metadata={"description": "Whether that came after the value that is kept here."})


class Contact(Answer, ContactFields):
    sometimes = frozenset({"notice"})

    id = fields.UUID()
    relation = text()
    linked = fields.Boolean()
    following = fields.Boolean(metadata={"description": "Whether it keeps itself up to date with the company's card."})
    opened = fields.Boolean(
        metadata={"description": "False for a match that was never read by itself: of its card only the name is shown."}
    )
    overrides = fields.List(
        fields.String(), metadata={"description": "Fields edited here; the network leaves them alone."}
    )
    offers = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(Offer),
        metadata={"description": "What the network says in fields edited here, where it says something else."},
    )
    created_at = fields.DateTime()
    unverified = fields.Boolean()
    notice = text()


class ContactsQuery(Schema):
    relation = _relation()
    q = text(
        validate=validate.Length(max=256, error=_("At most 256 characters.")),
        metadata={"description": "Only names of which a word begins so; what follows it may be typed too."},
    )
    after = text(metadata={"description": "The `next` of the page before."})
    limit = page_length()


class Contacts(Answer):
    sometimes = frozenset({"next"})

    contacts = fields.List(fields.Nested(Contact))
    next = next_page()


class HistoryQuery(Schema):
    field = _field_name()
    after = text(metadata={"description": "The `next` of the page before."})
    limit = page_length()


class HistoryEntry(Answer):
    sometimes = frozenset({"by"})

    id = text()
    field = text()
    value = text(allow_none=True, metadata={"description": "null: the field follows the network from here on."})
    at = fields.DateTime()
    origin = text(metadata={"description": ", ".join(Origin)})
    by = text(metadata={"description": "The member who did it; absent where it was the network."})


class History(Answer):
    sometimes = frozenset({"next"})

    history = fields.List(fields.Nested(HistoryEntry))
    next = text()


class Revert(Schema):
    field = _field_name(required=True)
    to = text(required=True, metadata={"description": "The id of an entry of the field's history, or network."})


class Link(Schema):
    link = text(required=True)


class DuplicatesQuery(Schema):
    relation = _relation()
    name = text(load_default="", validate=validate.Length(max=320, error=_("Longer than 320 characters.")))
    email = text(load_default="", validate=validate.Length(max=254, error=_("Longer than 254 characters.")))
    link = text(load_default="")


class Duplicate(Answer):
    id = fields.UUID()
    relation = text()
    name = text()
    city = text()
    province = text()
    because = text(metadata={"description": ", ".join(Because)})


class Duplicates(Answer):
    duplicates = fields.List(fields.Nested(Duplicate))


class NamesToMatch(Schema):
    names = fields.List(
        text(validate=validate.Length(max=320, error=_("Longer than 320 characters."))),
        required=True,
        validate=validate.Length(max=MOST_NAMES, error=_("At most 10,000 names.")),
    )
    relation = _relation(metadata={"description": "Then proposals say which contact of it is linked already."})


class Proposal(Answer):
    sometimes = frozenset({"contact_id"})

    suggestion = text(metadata={"description": "Opaque; good for one asking company and a day."})
    name = text()
    city = text()
    province = text()
    contact_id = fields.UUID(metadata={"description": "One's own contact that is linked to it already."})


class Match(Answer):
    name = text()
    verdict = text(metadata={"description": ", ".join(Verdict)})
    proposals = fields.List(fields.Nested(Proposal))


class Matches(Answer):
    matches = fields.List(fields.Nested(Match))
    unverified = fields.Boolean()


class AcceptedMatch(Schema):
    suggestion = text(required=True)
    relation = _relation(required=True)
    contact_id = fields.UUID(
        error_messages={"invalid_uuid": _("Must be the id of a contact.")},
        metadata={"description": "An existing contact to link; without it a new one is made."},
    )


class AcceptedMatches(Schema):
    accepted = fields.List(
        fields.Nested(AcceptedMatch),
        required=True,
        validate=validate.Length(max=MOST_ACCEPTED, error=_("At most 500 at a time.")),
    )


class AcceptResult(Answer):
    sometimes = frozenset({"id"})

    result = text(metadata={"description": ", ".join(Outcome)})
    id = fields.UUID(metadata={"description": "The contact."})


class AcceptResults(Answer):
    results = fields.List(fields.Nested(AcceptResult))
