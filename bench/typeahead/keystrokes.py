"""What is typed: whole sessions, letter by letter, in every style there is; the same ones for everybody in a round."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from carnet.tuning.sessions import draw
from carnet.tuning.styles import Named
from directory.lookup import nearness
from directory.ports import Near

BUCKETS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 12), (13, 20), (21, 64))  # numbers of characters typed


@dataclass(frozen=True, slots=True)
class Keystroke:
    """A text as it stands after a key was hit, and which of the members hit it."""

    text: str
    member: int


def round_of(pool: Sequence[Named], members: int, per_style: int, seed: int) -> list[Keystroke]:
    """The keystrokes of `per_style` sessions a style, each session typed by one member; sessions in random order."""
    sessions = draw(pool, per_style, seed)
    rng = random.Random(seed)
    rng.shuffle(sessions)
    found = []
    for session in sessions:
        member = rng.randrange(members)
        found += [
            Keystroke(session.text[:keys], member)
            for keys in range(1, len(session.text) + 1)
            if session.text[keys - 1] != " "
        ]
    return found


def near(company: Named) -> Near:
    return nearness(SimpleNamespace(city=company.city, province=company.province))
