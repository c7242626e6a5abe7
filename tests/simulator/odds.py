"""How likely what is, in one run. Drawn from the seed, so that runs differ in kind and not only in order."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Odds:
    """Probabilities are of one step or request; times are in seconds of the simulation."""

    pause: float = 0.02  # a step that takes as long as a stopped process, or a full queue
    pause_before: str = ""  # a statement before which all but operators often pause: where it would hurt most
    longest_pause: float = 250.0  # beyond gc_deletes, a client's patience and a silent build's 120 s
    lost: float = 0.0  # a request that never arrives, or an answer
    unanswered: str = ""  # a request to which the answer is often lost
    shed: float = 0.0  # an item of a bulk that the cluster is too busy for
    kills: int = 0
    outages: int = 0  # of the cluster: gone, frozen, its disk full, or started again
    rebuilds: int = 3  # by each of two that rebuild in a loop
    writes: int = 3  # by each of four that change companies
    look_ups: int = 8  # by each of two
    empty: bool = False  # begin with no index at all
    think: float = 60.0  # the longest between two calls of one client


def draw(random: Random) -> Odds:
    def sometimes(value: float) -> float:
        return random.choice([0.0, 0.0, value])

    return Odds(
        pause=random.choice([0.0, 0.01, 0.03, 0.06]),
        longest_pause=random.choice([5.0, 100.0, 250.0]),
        lost=sometimes(0.03),
        shed=sometimes(0.1),
        kills=random.choice([0, 0, 2, 5]),
        outages=random.choice([0, 0, 1, 3]),
        rebuilds=random.choice([1, 3]),
        empty=random.random() < 0.1,
        think=random.choice([0.1, 5.0, 60.0]),
        unanswered=random.choice(["", "", "", "", "_search", "/_aliases"]),
        pause_before=random.choice(["", "", "", "", "UPDATE leases", "SELECT index_builds"]),
    )
