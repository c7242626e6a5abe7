"""How a typed text fits a name, decided from the confirmed row: the tier, and the part of the name to mark.

The engines only propose; the order that an answer is in, and what it highlights, come from here, so that both engines
answer alike and no typo can ever stand above a true match.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from rapidfuzz.distance import OSA

from mappings.folding import Folded, fold
from mappings.reading import WORD_TYPO_FROM, Typed


class Tier(IntEnum):
    """Why a name fits, best first. The order is strict: nothing else about a company lifts it over a better tier."""

    EXACT = 1  # the whole name, give or take its legal form
    START = 2  # the start of the whole name
    RUN = 3  # several words, in a row, from a later word on
    WORDS = 4  # every typed word starts a word
    JOINED = 5  # the start of the name if nobody had put spaces
    ACRONYM = 6  # the first letters of its words
    TYPO = 7  # the joined name's start, with one letter wrong, missing, extra or swapped
    TWO_TYPOS = 8  # that, with two
    FAR = 9  # every typed word starts a word with one typo, or the first letter is the one that is wrong


@dataclass(frozen=True, slots=True)
class Match:
    """`ranges` are half-open, in UTF-16 units of `name` as it is written, in order and without overlap.

    `unfinished`: how many typed words are no whole words of the name. While any is still growing, how many words are
    untyped says nothing about what is meant. `untyped_words` leaves legal forms out. `other_form`: the whole name was
    typed, but without its legal form or with another, so that a homonym whose form was typed is meant rather.
    """

    tier: Tier
    name: str
    ranges: tuple[tuple[int, int], ...]
    unfinished: int
    untyped_words: int
    other_form: bool = False

    @property
    def order(self) -> tuple[int, int, bool]:
        """What is left to type, the least first: for matches of one tier that nothing else tells apart."""
        return (self.unfinished, 0 if self.unfinished else self.untyped_words, self.other_form)


def best_match(names: Iterable[str], typed: Typed) -> Match | None:
    """The best fit among a company's names; the first of them where several fit alike. None if none fits."""
    found = [match for name in names if (match := match_name(fold(name), typed))]
    return min(found, key=lambda match: match.tier, default=None)


def match_name(name: Folded, typed: Typed) -> Match | None:
    if typed.blank or not name.words:
        return None
    if typed.exact == name.core_joined or name.joined in typed.joined:
        whole = name.joined in typed.joined
        letters = len(name.joined if whole else typed.joined[0])
        parts = _from_start(name, min(letters, len(name.joined)))
        return replace(_result(Tier.EXACT, name, parts), other_form=not whole)
    return _as_typed(name, typed) or _with_typos(name, typed)


def _as_typed(name: Folded, typed: Typed) -> Match | None:
    """Fits that take every typed letter as it is."""
    for start in typed.starts:
        for words in (name.words, name.spelled):
            spaced = " ".join(words)
            if spaced.startswith(start):
                parts = _from_start(name, len(start.replace(" ", "")), words=words)
                return _result(Tier.START, name, parts, unfinished=not f"{spaced} ".startswith(f"{start} "))
    if typed.many_words:
        for start in typed.starts:
            for first in range(1, name.core_end - 1):  # a legal form is no word of a run: `hotels l` is not Hotels Ltd.
                for words in (name.words, name.spelled):
                    rest = " ".join(words[first : name.core_end])
                    if rest.startswith(start):
                        parts = _from_start(name, len(start.replace(" ", "")), first, words)
                        return _result(Tier.RUN, name, parts, unfinished=not f"{rest} ".startswith(f"{start} "))
    for reading in typed.readings:
        parts = _starts_of_words(name, reading)
        if parts:
            unfinished = sum(letters < len(name.words[word]) for word, letters in parts)
            return _result(Tier.WORDS, name, parts, unfinished=unfinished)
    for joined in typed.joined:
        # "freresetsoeurs" has no word by which to see that et is a conjunction, so both spellings count.
        for words in (name.words, name.spelled):
            if "".join(words).startswith(joined):
                return _result(Tier.JOINED, name, _from_start(name, len(joined), words=words), unfinished=True)
    if typed.acronym and typed.acronym == name.acronym:
        parts = [(word, 1) for word, legal in enumerate(name.legal) if not legal]
        return _result(Tier.ACRONYM, name, parts)
    return None


def _with_typos(name: Folded, typed: Typed) -> Match | None:
    if not typed.typo:
        return None
    if letters := letters_with_typos(name.joined, typed.typo, 1):
        tier = Tier.TYPO if name.joined[0] == typed.typo[0] else Tier.FAR
        return _result(tier, name, _from_start(name, letters), unfinished=True)
    two = typed.two_typos and name.joined[:1] == typed.typo[0]
    if two and (letters := letters_with_typos(name.joined, typed.typo, 2)):
        return _result(Tier.TWO_TYPOS, name, _from_start(name, letters), unfinished=True)
    for reading in typed.readings:
        if parts := _starts_of_words(name, reading, typos=1):
            return _result(Tier.FAR, name, parts, unfinished=True)
    return None


def _starts_of_words(name: Folded, reading: tuple[str, ...], typos: int = 0) -> list[tuple[int, int]]:
    """(word, letters) for each typed word, each starting a word of the name that is no legal form; empty if one does not."""
    parts: dict[int, int] = {}
    for typed in reading:
        for at, (word, spelled, legal) in enumerate(zip(name.words, name.spelled, name.legal, strict=True)):
            if at in parts or legal:
                continue
            if word.startswith(typed) or spelled.startswith(typed):
                parts[at] = len(typed)
                break
            if typos and len(typed) >= WORD_TYPO_FROM and (letters := letters_with_typos(word, typed, typos)):
                parts[at] = letters
                break
        else:
            return []
    return sorted(parts.items())


def letters_with_typos(whole: str, typed: str, most: int) -> int:
    """How many letters of `whole` the typed ones stand for, with at most so many mistakes; 0 if they do not.

    Every digit must be right: 9123 and 9124 are two companies.
    """
    digits = [c for c in typed if c.isdigit()]
    fits = [
        (distance, abs(length - len(typed)), length)
        for length in range(len(typed) - most, len(typed) + most + 1)
        if (distance := OSA.distance(typed, whole[:length], score_cutoff=most)) <= most
        and [c for c in whole[:length] if c.isdigit()] == digits
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


def _result(tier: Tier, name: Folded, parts: list[tuple[int, int]], *, unfinished: int = 0) -> Match:
    typed_words = {word for word, _ in parts}
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
        int(unfinished),
        sum(not legal and word not in typed_words for word, legal in enumerate(name.legal)),
    )


def _utf16(text: str, start: int, end: int) -> tuple[int, int]:
    before = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    return before, before + len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
