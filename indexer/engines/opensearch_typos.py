"""Typos as terms to look up: what a name's start may be, or lack, for a typed text to be one typo away from it."""

from typing import Any

from mappings.data import load
from mappings.gaps import LETTERS, gap

_Query = dict[str, Any]
_GRAMS: dict[str, dict[str, int]] = load("index.json")


def one_typo(text: str) -> _Query:
    """Starts with one letter wrong or missing (of the first LETTERS), too many or swapped; the first letter is right."""
    missing = [gap(at, text) for at in range(1, min(len(text), LETTERS))]
    wrong = [gap(at, _without(text, at)) for at in range(1, min(len(text), LETTERS)) if not text[at].isdigit()]
    extra = [_without(text, at) for at in range(1, len(text)) if not text[at].isdigit()]
    swapped = [_swapped(text, at) for at in range(1, len(text) - 1)]
    return _any(gaps=missing + wrong, joined=extra + swapped)


def wrong_first_letter(text: str) -> _Query:
    """Wrong, missing, too many, or in the second's place."""
    return _any(gaps=[gap(0, text[1:]), gap(0, text)], joined=[text[1:], _swapped(text, 0)])


def _any(**texts: list[str]) -> _Query:
    asked: list[_Query] = []
    for field, found in texts.items():
        lengths = _GRAMS[field]
        if cut := list(dict.fromkeys(text[: lengths["max"]] for text in found if len(text) >= lengths["min"])):
            asked.append({"terms": {field: cut}})
    return {"bool": {"should": asked}}


def _without(text: str, at: int) -> str:
    return text[:at] + text[at + 1 :]


def _swapped(text: str, at: int) -> str:
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
