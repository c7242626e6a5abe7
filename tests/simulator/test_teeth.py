"""Each fault of the list is planted, for the length of one test, and the simulator must notice by what members see.

How it is looked for: from a seed that has caught it, so that it takes seconds; `make torture` looks from seed 0, and says how
many seeds each took.
"""

import time

import pytest

from tests.simulator.beginning import beginning
from tests.simulator.faults import FAULTS
from tests.simulator.odds import Odds
from tests.simulator.run import run
from tests.torture import TORTURE

pytestmark = pytest.mark.torture

MOST_SEEDS = 400
NOBODY_KILLED = Odds()  # or the session that was planted ends with its process's open transaction
LONG_PAUSES = Odds(pause=0.06)  # longer than gc_deletes
SLOW_WRITERS = Odds(
    pause=0.005, pause_before="SELECT index_builds", longest_pause=80.0, think=20.0, rebuilds=6, writes=6, look_ups=2
)  # who has read rows sleeps across a whole rebuild before it reads the family
QUICK_REBUILDS = Odds(pause=0.01, longest_pause=5.0, think=1.0)
LOST_ANSWERS = Odds(pause=0.0, unanswered="/_aliases", think=60.0, rebuilds=4, writes=2, look_ups=30)
BROKEN_OFF = Odds(
    unanswered="_search", pause_before="UPDATE leases", longest_pause=80.0, think=10.0, writes=10, look_ups=30
)  # who compares hears nothing, and is long in giving its lease back
MIXED = None  # drawn from each seed
LIKELY: dict[str, tuple[Odds | None, int]] = {
    "confirmation_removed": (MIXED, 0),
    "confirmation_through_a_used_session": (NOBODY_KILLED, 22),
    "what_was_confirmed_is_kept_while_one_types_on": (QUICK_REBUILDS, 0),
    "hard_delete": (LONG_PAUSES, 13),
    "no_version": (MIXED, 0),
    "reindex_backfill": (MIXED, 0),
    "hidden_rows_left_out_of_the_backfill": (SLOW_WRITERS, 2),
    "family_read_before_the_commit": (QUICK_REBUILDS, 305),
    "swap_without_read_back": (LOST_ANSWERS, 1),
    "one_unique_job_per_company": (MIXED, 35),
    "written_only_through_the_alias": (MIXED, 8),
    "import_that_writes_visible": (MIXED, 5),
    "streaming_on_the_connections_of_look_ups": (BROKEN_OFF, 60),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    odds, first = LIKELY[name]
    first = 0 if TORTURE else first
    for empty in (False, True):
        beginning(empty=empty)  # what worlds begin with was made without the fault
    began = time.perf_counter()
    with monkeypatch.context() as patch:
        FAULTS[name](patch)
        for seed in range(first, first + MOST_SEEDS):
            caught = run(seed, odds)
            if caught.broken:
                break
    took = time.perf_counter() - began
    assert caught.broken, f"{MOST_SEEDS} seeds, and {name} was not noticed"
    assert caught.broken.startswith("Broken: "), caught.broken
    print(f"{name}: seed {seed}, the {seed - first + 1}th, {took:.1f} s: {caught.broken[:150]}")
    assert not run(seed, odds).broken  # it was the fault
