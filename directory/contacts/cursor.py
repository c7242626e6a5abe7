"""Where a page ended, as an opaque text: its holder's own data, so it is neither secret nor trusted."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from directory.errors import InvalidInput, Message

_LONGEST = 4_000  # a folded name of 320 characters, spelled as JSON escapes


def seal(place: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def unseal(cursor: str, *kinds: type) -> list[Any]:
    """The place, a value of each of these kinds. Raises InvalidInput for anything that `seal` did not make."""
    try:
        place = json.loads(base64.b64decode(cursor[:_LONGEST] + "=" * (-len(cursor) % 4), "-_", validate=True))
        if isinstance(place, list) and len(place) == len(kinds) and all(map(_fits, place, kinds)):
            return place
    except (ValueError, RecursionError):
        pass
    raise InvalidInput({"after": Message("Send the “next” of the page before.")})


def _fits(value: object, kind: type) -> bool:
    match value:
        case bool():
            return False
        case int():
            return kind is int and 0 <= value < 2**53
        case str():  # which a database can be asked with
            return kind is str and "\x00" not in value and value.encode("utf-8", "ignore").decode() == value
    return False
