"""A row of an import file, made into a company or into the reason why it cannot be one."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from directory.card import make_card
from directory.errors import InvalidInput, Message
from directory.importing import CompanyRow
from directory.regions import Regions
from directory.values import CARD_FIELDS, LONGEST_ID, Kind, Plan, Status, is_company_id

COLUMNS = (
    "id", "region", "plan", "kind", "name", "other_names", "email", "phone", "website",
    "street", "city", "province", "postal_code", "country", "visible",
)  # fmt: skip
REQUIRED = ("id", "region", "name")
_Choice = TypeVar("_Choice", bound=StrEnum)
_YES_NO = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def parse_row(fields: Mapping[str, Any], regions: Regions) -> CompanyRow:
    """The company that a row describes. Missing fields are empty. Raises InvalidInput naming every bad field."""
    problems: dict[str, Message] = {}
    texts: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in COLUMNS:
            problems[name] = Message("There is no such column.")
        elif name == "other_names":
            texts[name] = _other_names(value, problems)
        elif name == "visible" and isinstance(value, bool):
            texts[name] = "true" if value else "false"
        elif value is None or isinstance(value, str):
            texts[name] = value or ""
        else:
            problems[name] = Message("Must be a text.")
    company_id, region = texts.get("id", "").strip(), texts.get("region", "").strip().lower()
    if not is_company_id(company_id):
        problems["id"] = Message("Must be 1 to %(longest)s letters, digits or : . _ -", longest=LONGEST_ID)
    if not regions.serves(region):
        problems["region"] = Message("Not a region that is served here.")
    kind = _one_of(Kind, "kind", texts, Kind.BUSINESS, problems)
    plan = _one_of(Plan, "plan", texts, Plan.ESSENTIALS, problems)
    visible_text = texts.get("visible", "").strip().lower()
    if visible_text and visible_text not in _YES_NO:
        problems["visible"] = Message("Must be true, false or empty.")
    try:
        card = make_card({name: texts[name] for name in CARD_FIELDS if name in texts}, region)
    except InvalidInput as invalid:
        raise InvalidInput({**problems, **invalid.fields}) from None
    if problems:
        raise InvalidInput(problems)
    visible = _YES_NO[visible_text] if visible_text else regions.visible_by_default(region)
    return CompanyRow(company_id, region, kind, plan, card, visible)


def parse_company(fields: Mapping[str, Any], regions: Regions) -> CompanyRow:
    """The same by the admin API, which says a `status` too; where it does not, the status stays as it is.

    Raises InvalidInput naming every bad field.
    """
    said = dict(fields)
    status, problems = None, {}
    try:
        status = Status(text) if (text := said.pop("status", None)) is not None else None
    except ValueError:
        problems["status"] = Message("Must be one of: %(choices)s.", choices=", ".join(Status))
    try:
        row = parse_row(said, regions)
    except InvalidInput as invalid:
        raise InvalidInput({**problems, **invalid.fields}) from None
    if problems:
        raise InvalidInput(problems)
    return replace(row, status=status)


def _one_of(
    choices: type[_Choice], name: str, texts: Mapping[str, str], default: _Choice, problems: dict[str, Message]
) -> _Choice:
    text = texts.get(name, "").strip().lower()
    try:
        return choices(text) if text else default
    except ValueError:
        problems[name] = Message("Must be one of: %(choices)s.", choices=", ".join(choices))
        return default


def _other_names(value: Any, problems: dict[str, Message]) -> list[str]:
    names = value.split("|") if isinstance(value, str) else value if value is not None else []
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return names
    problems["other_names"] = Message("Must be a list of texts.")
    return []
