"""Entries of word lists that could never match anything, since they are not written as names are folded."""

from collections.abc import Iterator
from typing import Any

from mappings.folding import fold


def unfolded(file: str, data: Any) -> Iterator[tuple[str, str]]:
    """(entry, how it is folded) of each in the parsed data file `file`."""
    for entry in _entries(file, data):
        # As it is spelled: a conjunction is an entry by which it is known for one.
        if (folded := " ".join(fold(entry).spelled)) != entry:
            yield entry, folded


def _entries(file: str, data: Any) -> list[str]:
    if file == "folding.json":
        pairs = [pair for which in ("conjunctions", "inner_words") for pair in data.get(which, {}).items()]
        return [*(word for pair in pairs for word in pair), *data.get("small_words", ())]
    if file == "legal_forms.json":
        return [form for where in ("anywhere", "end", "start") for form in data.get(where, ())]
    return list(data.get("common", ())) if file == "common_words.json" else []
