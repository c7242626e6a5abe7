"""Entries of word lists that could never match anything, since they are not written as names are folded or compared."""

from collections.abc import Iterator
from typing import Any

from mappings.folding import fold

# Lists of single words: what a name is compared with word by word.
_SINGLE = ("conjunctions", "inner_words", "small_words", "articles", "common")
_LISTS = {
    "folding.json": ("small_words",),
    "query.json": ("articles",),
    "legal_forms.json": ("anywhere", "end", "start"),
    "common_words.json": ("common",),
}
_EQUIVALENTS = ("conjunctions", "inner_words")


def never_met(file: str, data: Any) -> Iterator[str]:
    """A clause on each in the parsed data file `file`, which has the shape of the one that ships."""
    if file == "free_mail.json":
        yield from _domains(data)
    if file == "folding.json":
        yield from _letters(data.get("letters", {}))
        yield from _equivalents(*(data.get(which, {}) for which in _EQUIVALENTS))
    entries = [(where, entry) for where in _LISTS.get(file, ()) for entry in data.get(where, ())]
    listed = {entry for _, entry in entries}
    for where, entry in entries:
        faults = list(_unfolded(where, entry))
        yield from faults
        met = " ".join(fold(entry).words)
        if not faults and met not in listed:
            yield f'"{entry}" would never be met, since names are compared with equivalent words unified: write "{met}"'


def _unfolded(where: str, entry: str) -> Iterator[str]:
    # As it is spelled: a conjunction is an entry by which it is known for one.
    spelled = fold(entry).spelled
    if not spelled:
        yield f'"{entry}" would never be met, since nothing is left of it when names are folded'
    elif " ".join(spelled) != entry:
        yield f'"{entry}" would never be met, since names are folded: write "{" ".join(spelled)}"'
    elif len(spelled) > 1 and where in _SINGLE:
        yield f'"{entry}" would never be met, since {where} are compared word by word'


def _equivalents(conjunctions: dict[str, str], inner_words: dict[str, str]) -> Iterator[str]:
    for which, pairs in zip(_EQUIVALENTS, (conjunctions, inner_words), strict=True):
        for entry, other in pairs.items():
            for word in (entry, other):
                yield from _unfolded(which, word)
            if (third := conjunctions.get(other, pairs.get(other, other))) != other:
                yield f'"{entry}" is to be "{other}", which is itself to be "{third}": one of them must stay as it is'
    for entry in inner_words.keys() & conjunctions.keys():
        yield f'"{entry}" of inner_words would never be met, since conjunctions have it, too'


def _letters(letters: dict[str, str]) -> Iterator[str]:
    for letter, other in letters.items():
        if len(letter) > 1:
            yield f'"{letter}" would never be met, since letters are compared one by one'
        plain = "".join(filter(str.isalnum, other))
        if (folded := fold(plain).joined) != plain:
            yield f'"{other}" would never be met, since names are folded: write "{folded}"'


def _domains(domains: list[str]) -> Iterator[str]:
    for domain in domains:
        written = domain.strip().casefold()
        if "@" in written or "/" in written or "." not in written:
            yield f'"{domain}" would never be met, since it is no domain: write what stands after the @'
        elif written != domain:
            yield f'"{domain}" would never be met, since domains are compared in lower case: write "{written}"'
