"""What all shapes share. Unknown fields are an error.

What a value may be is decided by the rules in `directory`; a schema says only its type, so that there is one judge.
"""

from typing import Any, ClassVar

from marshmallow import Schema as BaseSchema
from marshmallow import ValidationError, fields, validate

from directory.errors import Message as _

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


class Answer(Schema):
    """What is answered: a field of it is always there, but for those that are there `sometimes`.

    That is for the description, so that programs made from it need not look; nothing that is answered is checked for it.
    """

    sometimes: ClassVar[frozenset[str]] = frozenset()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = field_name not in self.sometimes


def text(**options: Any) -> fields.String:
    return fields.String(**options)


def page_length() -> fields.Integer:
    """How long a page of a list may be."""
    return fields.Integer(load_default=100, validate=validate.Range(1, 500, error=_("Must be between 1 and 500.")))


def next_page() -> fields.String:
    """In an answer: where the next page begins."""
    return text(metadata={"description": "Ask again with after=this for the next page; absent on the last."})


class TrueOrFalse(fields.Boolean):
    """true or false; marshmallow's own takes 1 and 0 for them, which are equal to them in Python."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class FewTexts(fields.List[Any]):
    """A mistake in any of them is one of the field, as the rules have it: pages have one field for all of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(fields.String(), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            by_item = error.messages
            reasons = [said for one in by_item.values() for said in one] if isinstance(by_item, dict) else by_item
            raise ValidationError(list(dict.fromkeys(reasons))) from error


class ContactFields(Schema):
    """What a card and a contact both hold."""

    name = text()
    email = text()
    phone = text(metadata={"description": "E.164 in answers; as people write it in requests."})
    website = text()
    street = text()
    city = text()
    province = text()
    postal_code = text()
    country = text(metadata={"description": "ISO 3166-1 alpha-2"})


class CardFields(ContactFields):
    other_names = FewTexts()


class CardOfOthers(Answer, CardFields):
    """A card as it is shown to anybody but its owner."""

    notice = text(metadata={"description": "What whoever reads it must know: no unsolicited commercial messages."})


class Problem(Answer):
    """RFC 9457, with a stable `code`."""

    sometimes = frozenset({"part", "errors"})

    type = text()
    title = text()
    status = fields.Integer()
    code = text()
    detail = text()
    part = text()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
