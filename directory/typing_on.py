"""What the index proposed for the letters so far, for members who type on: fewer companies fit more letters, and those are
among them, so the index need not be asked again.

Kept for five seconds, and only where the index says that those were all that fit. As what it proposes is, this is a guess:
the records confirm it with each letter. So who opts out is gone at the next letter, as ever; who has just become visible may
come to somebody in the middle of a word five seconds later than to others. The same text asked again asks the index again.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cachetools import TLRUCache

from directory.lookup import MOST_SUGGESTIONS, Suggestion, best_first, candidates, candidates_to_type_on
from directory.matching import Tier
from directory.ports import Index, Near, Reach, nothing
from mappings.narrowing import initials_go_on, narrows, narrows_by_words
from mappings.reading import Typed

_AT_ONCE, _KEPT_S = 10_000, 5.0
# What names begin with, or are found behind, is not among it: a letter more may well find another one.
_NARROWS: dict[Reach, Callable[[Typed, Typed], bool]] = {Reach.NEAR: narrows, Reach.FARTHEST: narrows_by_words}


class _Kept(NamedTuple):
    where: tuple[str, Near]
    typed: Typed
    company_ids: list[str]
    until: float  # five seconds after the index was asked
    fitted: Typed | None = None  # letters of since then that some fitted in no way
    fitting: Sequence[str] = ()  # the others

    def that_may_fit(self, typed: Typed) -> Sequence[str]:
        """Whom to confirm for letters that narrow what this was kept for."""
        fewer = self.fitted and (typed == self.fitted or narrows(typed, self.fitted))
        return self.fitting if fewer else self.company_ids


class TypingOn:
    """Safe for threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: TLRUCache[tuple[Hashable, Reach], _Kept] = TLRUCache(_AT_ONCE, _until, now)
        self._lock = threading.Lock()

    def from_now(self) -> float:
        """Until when what the index proposes now is kept."""
        return self._now() + _KEPT_S

    def kept(self, who: Hashable, reach: Reach) -> _Kept | None:
        with self._lock:
            return self._kept.get((who, reach))

    def keep(self, who: Hashable, reach: Reach, kept: _Kept) -> None:
        with self._lock:
            self._kept[who, reach] = kept


def _until(_key: tuple[Hashable, Reach], kept: _Kept, _now: float) -> float:
    return kept.until


@dataclass(slots=True)
class Proposals:
    """What is proposed for one text that `who` types. `kept`: some of it was proposed some letters ago, and may fit no more."""

    typing_on: TypingOn
    index: Index
    who: Hashable
    region: str
    typed: Typed
    near: Near
    kept: bool = False
    _nearest: _Kept | None = None  # what was kept of Reach.NEAR
    _again: Sequence[str] = ()  # whom of those

    def propose(self, reach: Reach, spent_s: float = 0.0, meanwhile: Callable[[], None] = nothing) -> list[str]:
        """As `directory.lookup.propose`. `meanwhile` is called only where the index is asked."""
        where = (self.region, self.near)
        kept = self.typing_on.kept(self.who, reach)
        if kept and kept.where == where and _NARROWS[reach](self.typed, kept.typed):
            self.kept, again = True, kept.that_may_fit(self.typed)
            if reach is Reach.NEAR:
                self._nearest, self._again = kept, again
            return list(again)
        room, until = candidates(reach), self.typing_on.from_now()
        all_of = candidates_to_type_on(self.typed) if reach is Reach.NEAR else 0
        found = self.index.propose(
            self.region,
            self.typed,
            self.near,
            room,
            reach=reach,
            spent_s=spent_s,
            meanwhile=meanwhile,
            all_of=all_of,
        )
        if reach in _NARROWS and self.index.were_all(len(found), room):
            self.typing_on.keep(self.who, reach, _Kept(where, self.typed, found, until))
        return found

    def fitting(self, reach: Reach, rows: Sequence[Any]) -> list[Suggestion]:
        """Those of the confirmed rows that fit, best first."""
        if reach is not Reach.NEAR or not self._nearest:
            return best_first(rows, self.typed, self.near, MOST_SUGGESTIONS)
        # Each is looked at in every way, even where enough fit: the others need not be confirmed with the next letter.
        found = best_first(rows, self.typed, self.near, len(rows) + 1)
        self._keep_fewer(self._nearest, rows, {one.company_id for one in found})
        return _without_guesses(found, self.typed)

    def _keep_fewer(self, kept: _Kept, rows: Sequence[Any], fitting: set[str]) -> None:
        """Who is meant by initials will fit later, and who may not be shown at this moment has not been looked at."""
        out = {row.id for row in rows if row.id not in fitting and not self._may_be_initials(row)}
        if out:
            fewer = [one for one in self._again if one not in out]
            self.typing_on.keep(self.who, Reach.NEAR, kept._replace(fitted=self.typed, fitting=fewer))

    def _may_be_initials(self, row: Any) -> bool:
        return bool(self.typed.acronym) and initials_go_on((row.name, *row.other_names), self.typed)


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
