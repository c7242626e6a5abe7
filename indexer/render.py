"""What the index holds about a company: the folded texts of its names, and nothing that is not needed to find it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from indexer.engines.port import Document
from mappings import marks
from mappings.data import fingerprint as data_fingerprint
from mappings.folding import Folded, fold

# Raise it when this module renders the same row differently: older builds are then known to be of another make.
RENDERER = "2"

_LETTER_BITS = 5
_RANKED_LETTERS = 11


def fingerprint() -> str:
    """Eight hexadecimal digits for the mapping data, the folding and this renderer together."""
    return data_fingerprint(RENDERER)


def render(row: Row[Any]) -> Document:
    """The document of a company at its present version. Depends on nothing but the row: the same version, the same document."""
    names = [folded for name in (row.name, *row.other_names) if (folded := fold(name)).words]
    return Document(
        company_id=row.id,
        version=row.index_version,
        starts=_distinct(text for name in names for text in (name.spaced, " ".join(name.spelled))),
        joined=_distinct(text for name in names for text in (name.joined, "".join(name.spelled))),
        runs=_distinct(
            " ".join(words[first : name.core_end])
            for name in names
            for words in {name.words, name.spelled}
            for first in range(1, name.core_end - 1)
        ),
        words=_distinct(f"{word}{marks.WHOLE}" for name in names for word in _findable_words(name)),
        tails=_distinct(text[1:] for name in names for text in (name.joined, "".join(name.spelled))),
        exact=_distinct(text for name in names for text in (name.core_joined, name.joined)),
        marks=_distinct(mark for name in names for mark in _marks(name, row.popularity)),
        city=fold(row.city).joined,
        province=fold(row.province).joined,
        rank=rank(row.popularity, names[0]),
    )


def _findable_words(name: Folded) -> list[str]:
    words = zip(name.words, name.spelled, name.legal, strict=True)
    return [spelling for word, spelled, legal in words if not legal for spelling in (word, spelled)]


def rank(popularity: int, name: Folded) -> int:
    """Popular first, then by name: one number, so that an engine need sort by nothing else."""
    value = 15 - min(max(popularity, 0), 15)
    for letter in name.spaced[:_RANKED_LETTERS].ljust(_RANKED_LETTERS):
        value = value << _LETTER_BITS | _letter(letter)
    return value


def _marks(name: Folded, popularity: int) -> Iterator[str]:
    """Terms that say what is asked of a name as a whole: see `mappings.marks`."""
    if name.acronym:
        yield marks.acronym(name.acronym)
    if popularity > 0:
        yield marks.POPULAR
    if len(name.core) - 1 <= marks.MOST_LEFT:
        yield from (marks.beside(word, len(name.core) - 1) for word in _findable_words(name))
    for words in (name.words, name.spelled):
        for typed in range(1, len(words)):
            left = sum(not legal for legal in name.legal[typed:])
            if left <= marks.MOST_LEFT:
                yield marks.left(" ".join(words[:typed]), left)


def _letter(letter: str) -> int:
    if "a" <= letter <= "z":
        return ord(letter) - ord("a") + 2
    return 0 if letter == " " else 1 if letter.isdigit() else 31


def _distinct(texts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
