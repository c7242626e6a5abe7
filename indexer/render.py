"""What the index holds about a company: the folded texts of its names, and nothing that is not needed to find it."""

from collections import defaultdict
from string import ascii_lowercase, digits
from typing import Any

from sqlalchemy import Row

from directory.popularity import step
from indexer.engines.port import Document
from mappings.as_said import COMPOUND, acronyms, begun, compounds
from mappings.data import fingerprint as data_fingerprint
from mappings.data import load
from mappings.folding import WORD_END, Folded, fold
from mappings.gaps import gaps
from mappings.places import city_of, province_of

# Raise it when the same row is rendered differently, by this module or by code that it uses (gaps, places, legal forms): older
# builds are then known to be of another make. Data files count by themselves, folding.py and as_said.py by their text.
RENDERER = "12"

_LONGEST_RUN: int = load("index.json")["runs"]["max"]
_KNOWN_FROM = step(10)  # connected companies

_LETTER_BITS = 5
_RANKED_LETTERS = 11
_DIGITS = "0123456789abcdefghijklmnopqrstuv"  # of a number to the base 32: one a letter
# Where a letter stands in the alphabet: the space before the digits, and what is no letter of ours last.
_PLACES = defaultdict(
    lambda: _DIGITS[-1],
    {
        ord(letter): _DIGITS[place]
        for letter, place in (
            (" ", 0),
            *((digit, 1) for digit in digits),
            *((letter, 2 + at) for at, letter in enumerate(ascii_lowercase)),
        )
    },
)


def fingerprint() -> str:
    """Eight hexadecimal digits for the mapping data, the folding and this renderer together."""
    return data_fingerprint(RENDERER)


def render(row: Row[Any]) -> Document:
    """The document of a company at its present version. Depends on nothing but the row: the same version, the same document.

    A rebuild spends most of its own time here, so each text of a name is made once, and each name folded past the cache
    of `fold`, as what follows from it: it comes once, and would push out what comes often.
    """
    names = [folded for name in (row.name, *row.other_names) if (folded := _fold_anew(name)).words]
    texts = _Texts()
    for name in names:
        _add(texts, name)
    return Document(
        company_id=row.id,
        version=row.index_version,
        starts=tuple(texts.starts),
        joined=tuple(texts.joined),
        runs=tuple(texts.runs),
        words=tuple(texts.words),
        gaps=tuple(text for joined in texts.joined for text in gaps(joined)),
        exact=tuple(texts.exact),
        acronyms=tuple(texts.acronyms),
        city=city_of(row.city),
        province=province_of(row.province),
        rank=rank(row.popularity, names[0]),
        known=row.popularity >= _KNOWN_FROM,
    )


_fold_anew, _compounds_anew = fold.__wrapped__, compounds.__wrapped__


class _Texts:
    """What a document holds, each text once, in the order in which it came."""

    __slots__ = ("acronyms", "exact", "joined", "runs", "starts", "words")

    def __init__(self) -> None:
        self.starts: dict[str, None] = {}
        self.joined: dict[str, None] = {}
        self.runs: dict[str, None] = {}
        self.words: dict[str, None] = {}
        self.exact: dict[str, None] = {}
        self.acronyms: dict[str, None] = {}


def _add(texts: _Texts, name: Folded) -> None:
    words, spelled, legal, core, core_end = name.words, name.spelled, name.legal, name.core, name.core_end
    texts.joined.update((whole, None) for whole, _, _ in name.joined_ways)
    for way in name.ways:
        texts.starts[" ".join(way)] = None
        for first in range(1, core_end - 1):
            # As far as it is indexed: whole runs of a name of many words would be the square of it.
            texts.runs[" ".join(way[first : min(core_end, first + _LONGEST_RUN)])[:_LONGEST_RUN]] = None
    texts.exact["".join(core)] = texts.exact["".join(words)] = None
    single = dict.fromkeys(one for pair in zip(words, spelled, legal, strict=True) if not pair[2] for one in pair[:2])
    texts.words.update((one + WORD_END, None) for one in single)
    if written_as_one := _compounds_anew(name):  # with its other words: all that is typed can be asked for alike
        texts.words.update((COMPOUND + one + WORD_END, None) for one in (*written_as_one, *single))
    for initials in acronyms(name):
        texts.acronyms.update(dict.fromkeys((initials, *begun(initials))))


def rank(popularity: int, name: Folded) -> int:
    """Popular first, then by name: one number, so that an engine need sort by nothing else."""
    letters = name.spaced[:_RANKED_LETTERS].ljust(_RANKED_LETTERS).translate(_PLACES)
    return (15 - min(max(popularity, 0), 15)) << _LETTER_BITS * _RANKED_LETTERS | int(letters, 1 << _LETTER_BITS)
