"""Whether a changed data file has the shape of the one that ships, so that the code can read it."""

import re
from collections.abc import Iterator
from typing import Any

# (file, where in it): what a file that was tuned for an earlier release does not have.
_MAY_LACK = {
    ("folding.json", "inner_words"),
    ("folding.json", "small_words"),
    ("query.json", "articles"),
    ("query.json", "far_candidates_per_suggestion"),
    ("query.json", "typing_candidates_per_suggestion"),
    ("query.json", "weights.known"),
}
# Objects whose keys are data: any key, and values like those that ship.
_OPEN = {
    ("folding.json", "letters"),
    ("folding.json", "conjunctions"),
    ("folding.json", "inner_words"),
    ("provinces.json", ""),
}
# What OpenSearch reads, and judges itself; and what the code reads of it.
_FREE = {
    ("opensearch.json", "settings"): ("refresh_interval",),
    ("opensearch.json", "starts_of_a_text"): (),
}
_KINDS = {dict: "an object {…}", list: "a list […]", str: 'a text "…"', int: "a whole number", float: "a number"}
_MOST = 1_000_000
_NEVER = {bool: "true or false", type(None): "null"}


def faults(file: str, data: Any, ships: Any, at: str = "") -> Iterator[str]:
    """What is wrong in the parsed `data` of `file`, beside the data that `ships`: a clause each. `at`: where in the file."""
    here = f'"{at}"' if at else "the whole"
    if (file, at) in _FREE or (file == "opensearch.json" and at.startswith("fields.")):
        missing = [key for key in _FREE.get((file, at), ()) if key not in data] if isinstance(data, dict) else []
        yield from (f'"{at}.{key}" is missing' for key in missing)
        if isinstance(data, dict):
            return
    if type(data) is not type(ships) and not (type(data) is int and type(ships) is float):
        yield f"{here} must be {_KINDS[type(ships)]}, not {(_KINDS | _NEVER)[type(data)]}"
    elif isinstance(data, dict):
        yield from _in_object(file, data, ships, at)
    elif isinstance(data, list):
        for number, value in enumerate(data, 1):
            yield from faults(file, value, ships[0], f"{at} {number}".strip())
        if (file, at) == ("folding.json", "dropped_marks"):
            yield from (f"{here} must be pairs like {ships[0]}" for pair in data if not _is_range(pair))
    elif isinstance(data, str):
        in_a_list, is_equivalent = " " in at, at.startswith(("conjunctions.", "inner_words."))
        if not data.strip() and (in_a_list or is_equivalent):
            yield f"{here} is empty"
    elif not (least := 1 if type(ships) is int else 0) <= data <= _MOST:
        yield f"{here} must be from {least} to {_MOST}"


def _in_object(file: str, data: dict[str, Any], ships: dict[str, Any], at: str) -> Iterator[str]:
    is_open = (file, at) in _OPEN
    for key, value in data.items():
        if key.startswith("_") and not is_open:  # a remark
            continue
        within = f"{at}.{key}" if at else key
        if key not in ships and not is_open:
            yield f'there is no "{within}": there are {", ".join(ships)}'
        elif is_open and not key.strip():
            yield f'an entry of "{at}" is empty'
        else:
            yield from faults(file, value, ships.get(key, next(iter(ships.values()))), within)
    if not is_open:
        missing = [f"{at}.{key}" if at else key for key in ships if key not in data]
        yield from (f'"{within}" is missing' for within in missing if (file, within) not in _MAY_LACK)
    if file == "index.json" and at and not data.get("min", 1) <= data.get("max", 1):
        yield f'"{at}.min" is more than its max'


def _is_range(pair: Any) -> bool:
    if not (isinstance(pair, list) and len(pair) == 2):
        return False
    return all(re.fullmatch("[0-9a-fA-F]{1,6}", str(one)) for one in pair) and int(pair[0], 16) <= int(pair[1], 16)
