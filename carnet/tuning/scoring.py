"""Plays sessions keystroke by keystroke against a search, and says how soon each was over.

`search(text)` answers readings, best first: companies whose names read the same count once.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from carnet.tuning.sessions import ABSENT, Session
from carnet.tuning.styles import reading

KEYS = (2, 3, 4, 6, 8, 12, 24)  # after so many keystrokes; then the whole text
PLACES = (1, 3, 5, 8)
MOST = 10  # suggestions that are looked at
Search = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Played:
    """One session. `ranks`: at each of KEYS and at the end, the target's place from 1, 0 where it is not among MOST.

    `needed`: keystrokes until it stood among the first five, None where it never did. `empty`: the share of keystrokes
    that found nothing. `offered`: how many suggestions stand at the end. `seconds`: what each look-up took.
    """

    session: Session
    ranks: tuple[int, ...]
    needed: int | None
    empty: float
    offered: int
    seconds: tuple[float, ...]


def play(search: Search, session: Session) -> Played:
    wanted = reading(session.name)
    text, ranks, seconds, needed, nothing = session.text, {}, [], None, 0
    offered = 0
    for keys in range(1, len(text) + 1):
        if text[keys - 1] == " ":
            continue
        if keys > max(KEYS) and needed and keys < len(text):
            continue  # what comes in between decides nothing any more
        started = time.perf_counter()
        found = list(search(text[:keys]))[:MOST]
        seconds.append(time.perf_counter() - started)
        rank = found.index(wanted) + 1 if wanted in found else 0
        ranks[keys] = rank
        nothing, offered = nothing + (not found), len(found)
        if 0 < rank <= 5 and needed is None:
            needed = keys
    at = [max((asked for asked in ranks if asked <= keys), default=0) for keys in (*KEYS, len(text))]
    return Played(
        session, tuple(ranks.get(keys, 0) for keys in at), needed, nothing / len(seconds), offered, tuple(seconds)
    )


def play_all(search: Search, sessions: Iterable[Session]) -> Iterator[Played]:
    for session in sessions:
        yield play(search, session)


@dataclass(frozen=True, slots=True)
class Score:
    """What the sessions of one tag come to. `success[place][n]` and `mrr[n]`: after KEYS[n] keystrokes, last: whole text."""

    tag: str
    sessions: int
    success: dict[int, tuple[float, ...]]
    mrr: tuple[float, ...]
    needed: float  # mean keystrokes until among the first five; those never reached count their whole text
    saved: float  # share of the text that need not be typed
    empty: float
    false_positives: float  # of absent companies: the share with something offered at the end

    def as_dict(self) -> dict[str, object]:
        return {
            "tag": self.tag,
            "sessions": self.sessions,
            **{f"success@{place}": [round(value, 4) for value in values] for place, values in self.success.items()},
            "mrr": [round(value, 4) for value in self.mrr],
            "needed": round(self.needed, 2),
            "saved": round(self.saved, 4),
            "empty": round(self.empty, 4),
            "false_positives": round(self.false_positives, 4),
        }


def score(played: Sequence[Played]) -> list[Score]:
    """One score a tag, in the order in which tags were met."""
    by_tag: dict[str, list[Played]] = {}
    for one in played:
        by_tag.setdefault(one.session.tag, []).append(one)
    return [_score(tag, found) for tag, found in by_tag.items()]


def _score(tag: str, played: list[Played]) -> Score:
    moments = range(len(KEYS) + 1)
    return Score(
        tag=tag,
        sessions=len(played),
        success={
            place: tuple(mean(0 < one.ranks[at] <= place for one in played) for at in moments) for place in PLACES
        },
        mrr=tuple(mean(1 / one.ranks[at] if one.ranks[at] else 0.0 for one in played) for at in moments),
        needed=mean(one.needed or len(one.session.text) for one in played),
        saved=mean(0.0 if one.needed is None else 1 - one.needed / len(one.session.text) for one in played),
        empty=mean(one.empty for one in played),
        false_positives=mean(one.offered > 0 for one in played) if tag == ABSENT else 0.0,
    )


def percentiles(seconds: Iterable[float]) -> dict[str, float]:
    """p50, p95, p99 and p99.9, in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    return {
        f"p{share:g}": round(ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] * 1000, 3)
        for share in (50, 95, 99, 99.9)
    }
