"""Entries of word lists that could never match anything, since they are not written as names are folded."""

from collections.abc import Iterator
from typing import Any

from mappings.folding import fold

# Lists of single words: what a name is compared with word by word.
_SINGLE = ("conjunctions", "inner_words", "small_words", "common")


def never_met(file: str, data: Any) -> Iterator[str]:
    """A clause on each in the parsed data file `file`, which has the shape of the one that ships."""
    for where, entry in _entries(file, data):
        # As it is spelled: a conjunction is an entry by which it is known for one.
        spelled = fold(entry).spelled
        if not spelled:
            yield f'"{entry}" would never be met, since nothing is left of it when names are folded'
        elif " ".join(spelled) != entry:
            yield f'"{entry}" would never be met, since names are folded: write "{" ".join(spelled)}"'
        elif len(spelled) > 1 and where in _SINGLE:
            yield f'"{entry}" would never be met, since {where} are compared word by word'


def _entries(file: str, data: Any) -> Iterator[tuple[str, str]]:
    """(list, entry)"""
    if file == "folding.json":
        pairs = [(which, pair) for which in ("conjunctions", "inner_words") for pair in data.get(which, {}).items()]
        yield from ((which, entry) for which, pair in pairs for entry in pair)
    wheres = {
        "folding.json": ["small_words"],
        "legal_forms.json": ["anywhere", "end", "start"],
        "common_words.json": ["common"],
    }
    yield from ((where, entry) for where in wheres.get(file, ()) for entry in data.get(where, ()))
