"""How a typed text fits a name, decided from the confirmed row: the tier, and the part of the name to mark.

The engines only propose; the order that an answer is in, and what it highlights, come from here, so that both engines
answer alike and no typo can ever stand above a true match.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from mappings.folding import Folded, fold
from mappings.reading import Typed


class Tier(IntEnum):
    """Why a name fits, best first. The order is strict: nothing else about a company lifts it over a better tier."""

    EXACT = 1  # the whole name, give or take its legal form
    START = 2  # the start of the whole name
    RUN = 3  # several words, in a row, from a later word on
    WORDS = 4  # every typed word starts a word
    JOINED = 5  # the start of the name if nobody had put spaces
    TYPO = 6  # that, with one letter wrong, missing, extra or swapped


@dataclass(frozen=True, slots=True)
class Match:
    """`ranges` are half-open, in UTF-16 units of `name` as it is written, in order and without overlap."""

    tier: Tier
    name: str
    ranges: tuple[tuple[int, int], ...]
    untyped_words: int


def best_match(names: Iterable[str], typed: Typed) -> Match | None:
    """The best fit among a company's names; the first of them where several fit alike. None if none fits."""
    found = [match for name in names if (match := match_name(fold(name), typed))]
    return min(found, key=lambda match: match.tier, default=None)


def match_name(name: Folded, typed: Typed) -> Match | None:
    if typed.blank or not name.words:
        return None
    if typed.exact == name.core_joined or name.joined in typed.joined:
        letters = len(name.joined) if name.joined in typed.joined else len(typed.joined[0])
        return _result(Tier.EXACT, name, _from_start(name, min(letters, len(name.joined))), len(name.words))
    spelled = " ".join(name.spelled)
    for start in typed.starts:
        if name.spaced.startswith(start) or spelled.startswith(start):
            return _result(Tier.START, name, _from_start(name, len(start.replace(" ", ""))), start.count(" ") + 1)
    if typed.many_words:
        for start in typed.starts:
            for first in range(1, len(name.words)):
                for words in (name.words, name.spelled):
                    if " ".join(words[first:]).startswith(start):
                        parts = _from_start(name, len(start.replace(" ", "")), first)
                        return _result(Tier.RUN, name, parts, start.count(" ") + 1)
    for reading in typed.readings:
        parts = _starts_of_words(name, reading)
        if parts:
            return _result(Tier.WORDS, name, parts, len(reading))
    for joined in typed.joined:
        # "freresetsoeurs" has no word by which to see that et is a conjunction, so both spellings count.
        for words in (name.words, name.spelled):
            if "".join(words).startswith(joined):
                parts = _from_start(name, len(joined), words=words)
                return _result(Tier.JOINED, name, parts, len(typed.readings[0]))
    letters = _letters_with_one_typo(name.joined, typed.typo)
    if letters:
        return _result(Tier.TYPO, name, _from_start(name, letters), len(typed.readings[0]))
    return None


def _starts_of_words(name: Folded, reading: tuple[str, ...]) -> list[tuple[int, int]]:
    """(word, letters) for each typed word, each starting a word of the name that is no legal form; empty if one does not."""
    parts = {}
    for typed in reading:
        at = next(
            (
                n
                for n, (word, spelled, legal) in enumerate(zip(name.words, name.spelled, name.legal, strict=True))
                if n not in parts and not legal and (word.startswith(typed) or spelled.startswith(typed))
            ),
            None,
        )
        if at is None:
            return []
        parts[at] = len(typed)
    return sorted(parts.items())


def _letters_with_one_typo(joined: str, typo: str) -> int:
    """How many letters of the joined name the typed ones stand for, with one mistake; 0 if they do not.

    The first letter must be right, and so must every digit: 9123 and 9124 are two companies.
    """
    if not typo or joined[:1] != typo[:1]:
        return 0
    digits = [c for c in typo if c.isdigit()]
    fits = [
        (distance, abs(length - len(typo)), length)
        for length in (len(typo), len(typo) + 1, len(typo) - 1)
        if (distance := OSA.distance(typo, joined[:length], score_cutoff=1)) <= 1
        and [c for c in joined[:length] if c.isdigit()] == digits
    ]
    return min(fits, default=(0, 0, 0))[2]


def _from_start(
    name: Folded, letters: int, first: int = 0, words: tuple[str, ...] | None = None
) -> list[tuple[int, int]]:
    words = words or name.words
    parts = []
    for word in range(first, len(words)):
        if letters <= 0:
            break
        parts.append((word, min(letters, len(words[word]))))
        letters -= len(words[word])
    return parts


def _result(tier: Tier, name: Folded, parts: list[tuple[int, int]], typed_words: int) -> Match:
    ranges: list[tuple[int, int]] = []
    for word, letters in parts:
        start, end = name.place(word, letters)
        if ranges and start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        elif start < end:
            ranges.append((start, end))
    return Match(
        tier,
        name.text,
        tuple(_utf16(name.text, start, end) for start, end in ranges),
        max(0, len(name.words) - typed_words),
    )


def _utf16(text: str, start: int, end: int) -> tuple[int, int]:
    before = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    return before, before + len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
