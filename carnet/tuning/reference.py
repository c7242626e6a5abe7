"""The reference of relevance: what an order reaches that knows each style's rule exactly, but not who is popular.

A text that m readings fit has the target among the first five with the chance min(1, 5/m); blind to word boundaries.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from statistics import mean
from string import ascii_lowercase

from carnet.tuning.scoring import KEYS
from carnet.tuning.sessions import Session
from carnet.tuning.styles import JUDGED, plain, reading

_FIRST = 5
_LAST = "\U0010ffff"


def _words(text: str) -> list[str]:
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in plain(text).replace("&", " and "))
    return kept.split()


class Reference:
    def __init__(self, names: Iterable[str]) -> None:
        names = list(names)
        self._starts = sorted({("".join(_words(name)), reading(name)) for name in names})
        self._within = sorted(
            {
                ("".join(words[n:]), reading(name))
                for name in names
                for words in [_words(name)]
                for n in range(1, len(words))
            }
        )

    def chances(self, session: Session) -> list[float]:
        """After each of KEYS, and of the whole text."""
        return [self._chance(session, keys) for keys in (*KEYS, len(session.text))]

    def _chance(self, session: Session, keys: int) -> float:
        wanted, typed = reading(session.name), "".join(_words(session.text[:keys]))
        if not typed:
            return 0.0
        first = _fitting(self._starts, typed)
        if session.tag == "and":
            first |= _fitting(self._starts, "".join(_words(session.text[:keys].replace("&", "et"))))
        if wanted in first:
            return min(1.0, _FIRST / len(first))
        room = max(0, _FIRST - len(first))
        later = _fitting(self._within, typed)
        if wanted in later:
            return min(1.0, room / max(1, len(later - first)))
        if session.tag != "typo":
            return 0.0
        near = {found for edit in _edits(typed) if len(edit) > 1 for found in _fitting(self._starts, edit)} - first
        return min(1.0, room / len(near)) if wanted in near else 0.0


def references(names: Iterable[str], sessions: Sequence[Session]) -> dict[str, list[float]]:
    """Of each of the eight tags whose rules it knows: what it reaches after each of KEYS, and of the whole text."""
    reference, found = Reference(names), {}
    for tag in JUDGED:
        if chances := [reference.chances(session) for session in sessions if session.tag == tag]:
            found[tag] = [mean(column) for column in zip(*chances, strict=True)]
    return found


def _fitting(pairs: list[tuple[str, str]], start: str) -> set[str]:
    low, high = bisect_left(pairs, (start,)), bisect_left(pairs, (start + _LAST,))
    return {found for _, found in pairs[low:high]}


def _edits(text: str) -> set[str]:
    """Every text at one letter missing, wrong, swapped or too many."""
    at = range(len(text) + 1)
    missing = {text[:n] + text[n + 1 :] for n in at[:-1]}
    wrong = {text[:n] + c + text[n + 1 :] for n in at[:-1] for c in ascii_lowercase}
    swapped = {text[:n] + text[n + 1] + text[n] + text[n + 2 :] for n in at[:-2]}
    extra = {text[:n] + c + text[n:] for n in at for c in ascii_lowercase}
    return (missing | wrong | swapped | extra) - {text}
