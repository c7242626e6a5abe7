"""Whether one configuration is better than another, or only luckier.

A paired randomisation test: if the two were the same, swapping their outcomes of a session by the toss of a coin would
give differences as large as the one seen about as often as not. The p value is how often it did.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Of B over A, in one tag: means of what was measured, how many sessions each won, and the chance of mere luck."""

    tag: str
    sessions: int
    a: float
    b: float
    wins: int
    losses: int
    p: float


def difference(tag: str, a: Sequence[float], b: Sequence[float], seed: int = 1) -> Difference:
    """`a` and `b`: the same sessions in the same order; more is better."""
    gaps = [after - before for before, after in zip(a, b, strict=True)]
    return Difference(
        tag=tag,
        sessions=len(gaps),
        a=mean(a),
        b=mean(b),
        wins=sum(gap > 0 for gap in gaps),
        losses=sum(gap < 0 for gap in gaps),
        p=_chance(gaps, seed),
    )


def _chance(gaps: Sequence[float], seed: int) -> float:
    told = [abs(gap) for gap in gaps if gap]  # where both did the same, a coin changes nothing
    if not told:
        return 1.0
    seen, rng = abs(sum(gaps)), random.Random(seed)  # noqa: S311
    as_large = 0
    for _ in range(ROUNDS):
        coins = rng.getrandbits(len(told))
        total = sum(gap if coins >> n & 1 else -gap for n, gap in enumerate(told))
        as_large += abs(total) >= seen - 1e-12
    return (as_large + 1) / (ROUNDS + 1)


def compare(a: Mapping[str, tuple[str, float]], b: Mapping[str, tuple[str, float]]) -> list[Difference]:
    """Runs as session id → (tag, outcome). One difference a tag, then one for all. Sessions of only one run are left out."""
    both = [session for session in a if session in b]
    tags = list(dict.fromkeys(a[session][0] for session in both))
    rows = []
    for tag in [*tags, ""]:
        sessions = [session for session in both if not tag or a[session][0] == tag]
        rows.append(difference(tag or "all", [a[one][1] for one in sessions], [b[one][1] for one in sessions]))
    return rows
