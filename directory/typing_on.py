"""What the index proposed for the letters so far, for members who type on: fewer companies fit more letters, and those are
among them, so the index need not be asked again.

Kept for five seconds, and only where the index says that those were all that fit. As what it proposes is, this is a guess:
the records confirm it with each letter. So who opts out is gone at the next letter, as ever; who has just become visible may
come to somebody in the middle of a word five seconds later than to others. The same text asked again asks the index again.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cachetools import TTLCache

from directory.lookup import Suggestion, candidates
from directory.matching import Tier
from directory.ports import Index, Near, Reach, nothing
from mappings.narrowing import narrows, narrows_by_words
from mappings.reading import Typed

_AT_ONCE, _KEPT_S = 10_000, 5.0
# What names begin with, or are found behind, is not among it: a letter more may well find another one.
_NARROWS: dict[Reach, Callable[[Typed, Typed], bool]] = {Reach.NEAR: narrows, Reach.FARTHEST: narrows_by_words}


class _Kept(NamedTuple):
    where: tuple[str, Near]
    typed: Typed
    company_ids: list[str]


class TypingOn:
    """Safe for threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._kept: TTLCache[tuple[Hashable, Reach], _Kept] = TTLCache(_AT_ONCE, _KEPT_S, now)
        self._lock = threading.Lock()

    def kept(self, who: Hashable, reach: Reach) -> _Kept | None:
        with self._lock:
            return self._kept.get((who, reach))

    def keep(self, who: Hashable, reach: Reach, kept: _Kept) -> None:
        with self._lock:
            self._kept[who, reach] = kept


@dataclass(slots=True)
class Proposals:
    """What is proposed for one text that `who` types. `kept`: how far from it that was proposed some letters ago, so that some
    may not fit any more.
    """

    typing_on: TypingOn
    index: Index
    who: Hashable
    region: str
    typed: Typed
    near: Near
    kept: set[Reach] = field(default_factory=set)

    def propose(self, reach: Reach, spent_s: float = 0.0, meanwhile: Callable[[], None] = nothing) -> list[str]:
        """As `directory.lookup.propose`. `meanwhile` is called only where the index is asked."""
        where = (self.region, self.near)
        kept = self.typing_on.kept(self.who, reach)
        if kept and kept.where == where and _NARROWS[reach](self.typed, kept.typed):
            self.kept.add(reach)
            return kept.company_ids
        room = candidates(reach)
        found = self.index.propose(
            self.region, self.typed, self.near, room, reach=reach, spent_s=spent_s, meanwhile=meanwhile
        )
        if reach in _NARROWS and self.index.were_all(len(found), room):
            self.typing_on.keep(self.who, reach, _Kept(where, self.typed, found))
        return found

    def sifted(self, reach: Reach, fitting: list[Suggestion]) -> list[Suggestion]:
        """What counts of those that fit."""
        return _without_guesses(fitting, self.typed) if reach is Reach.NEAR and reach in self.kept else fitting


def _without_guesses(fitting: Sequence[Suggestion], typed: Typed) -> list[Suggestion]:
    """What counts of those that were proposed near fewer letters, and may have two typos by now, or one in each of several words.
    They are nobody to show where a name has no more than one; and where what was typed begins with an article or a legal form
    they would end the look-up before the question that finds names without it (Fintex by `les fintex`, not Les Intérieurs).
    """
    near = any(map(_is_near, fitting))
    guesses = not near and typed.words[0] in typed.telling
    return [one for one in fitting if guesses or _is_near(one) or one.match.tier is Tier.PARTLY]


def _is_near(one: Suggestion) -> bool:
    """With one typo, were it in the first letter, or none."""
    return one.match.tier <= Tier.TYPO or (one.match.tier is Tier.FAR and not one.match.word_typos)
