"""What a fit is: its tier, what orders it within one, and the part of the name to mark."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from mappings.folding import Folded


class Tier(IntEnum):
    """Why a name fits, best first. The order is strict: nothing else about a company lifts it over a better tier."""

    EXACT = 1  # the whole name, give or take its legal form
    START = 2  # the start of the whole name
    RUN = 3  # several words, in a row, from a later word on
    WORDS = 4  # every typed word starts a word
    JOINED = 5  # the start of the name if nobody had put spaces, or words of which some are so written
    ACRONYM = 6  # the first letters of its words
    TYPO = 7  # the joined name's start, with one letter wrong, missing, extra or swapped
    TWO_TYPOS = 8  # that, with two
    FAR = 9  # every typed word starts a word with one typo, or the first letter is the one that is wrong
    # It begins alike, or has most of the words that tell names apart; the rest of what was typed is not there.
    PARTLY = 10


class Match(NamedTuple):
    """One is made for each name that is looked at: a named tuple takes a third of the time of a frozen dataclass.

    `parts`: (word, letters) of the folded name, each a start of a word, that the typed text stands for, in order.

    `unfinished`: how many typed words are no whole words of the name. While any is still growing, how many words are
    untyped says nothing about what is meant.
    `other_form`: of a whole name, 0 where its legal form was typed as it is, 1 where it goes on (s.r.l./S.E.N.C.R.L.), 2 where
    none was typed or another, so that a homonym of a lower one is meant rather.
    `respelled`: of a whole name, whether it is written otherwise than what was typed (St for Saint, Goldcorp).
    `missing`: typed letters that are not in the name, where that is allowed at all.
    `doubtful`: of a name's start with a typo, how many typed letters stand from the first wrong one on; 0 where all of them do.
    `word_typos`: whether typos were forgiven in words, each by itself.
    """

    tier: Tier
    folded: Folded
    parts: tuple[tuple[int, int], ...]
    unfinished: int
    other_form: int = 0
    respelled: bool = False
    missing: int = 0
    doubtful: int = 0
    word_typos: bool = False

    @property
    def name(self) -> str:
        return self.folded.text

    @property
    def untyped_words(self) -> int:
        """Without legal forms."""
        typed = {word for word, _ in self.parts}
        return sum(not legal and word not in typed for word, legal in enumerate(self.folded.legal))

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Half-open, in UTF-16 units of `name` as it is written, in order and without overlap. Worked out when asked for:
        of the companies that fit, most are not shown.
        """
        ranges: list[tuple[int, int]] = []
        for start, end in self.folded.places(self.parts):
            if ranges and start <= ranges[-1][1]:
                ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
            elif start < end:
                ranges.append((start, end))
        if self.name.isascii():
            return tuple(ranges)
        return tuple(_utf16(self.name, start, end) for start, end in ranges)

    @property
    def order(self) -> tuple[int, int, int, int, bool]:
        """What is in doubt and what is left to type, the least first: for matches of one tier that nothing else tells apart."""
        untyped = 0 if self.unfinished else self.untyped_words
        return (self.doubtful, self.unfinished, untyped, self.other_form, self.respelled)


def from_start(
    name: Folded, letters: int, first: int = 0, words: tuple[str, ...] | None = None, *, legal: bool = True
) -> list[tuple[int, int]]:
    """(word, letters) for so many letters from the start of word number `first` on, of legal forms or of none."""
    words = words or name.words
    counted = (word for word in range(first, len(words)) if legal or not name.legal[word])
    return spread(letters, ((word, len(words[word])) for word in counted))


def spread(letters: int, words: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(word, letters) for so many letters from the start of these (word, its letters) on."""
    parts = []
    for word, length in words:
        if letters <= 0:
            break
        parts.append((word, min(letters, length)))
        letters -= length
    return parts


def result(tier: Tier, name: Folded, parts: list[tuple[int, int]], *, unfinished: int = 0, missing: int = 0) -> Match:
    """A match that marks these (word, letters) of the name."""
    return Match(tier, name, tuple(parts), int(unfinished), missing=missing)


def shared_start(one: str, other: str) -> int:
    """How many letters both begin with."""
    differs = (at for at, (own, theirs) in enumerate(zip(one, other, strict=False)) if own != theirs)
    return next(differs, min(len(one), len(other)))


def _utf16(text: str, start: int, end: int) -> tuple[int, int]:
    before = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    return before, before + len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
