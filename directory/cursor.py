"""Where a page begins, as an opaque text that a client hands back: its holder's own data, neither secret nor trusted."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import TypeVar

from directory.errors import InvalidInput, Message
from directory.values import is_company_id

_LONGEST = 4_000  # a folded name of 320 characters, each of four bytes, and more
_Place = TypeVar("_Place")


def to_cursor(place: object) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":"), ensure_ascii=False).encode())
        .decode()
        .rstrip("=")
    )


def from_cursor(cursor: str, place: Callable[[object], _Place]) -> _Place:
    """The place that a cursor stands for, as `place` reads it. Raises InvalidInput for any text that is no cursor."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        return place(json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)))
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise InvalidInput({"after": Message("Must be what an earlier page said as next.")}) from None


def name_and_id(place: object) -> tuple[str, str]:
    name, company = place if isinstance(place, list) and len(place) == 2 else (None, None)
    if not isinstance(name, str) or not name.isprintable():  # NUL, or half a character: no place in any database
        raise ValueError
    return name, company_id(company)


def company_id(place: object) -> str:
    if not isinstance(place, str) or not is_company_id(place):
        raise ValueError
    return place
