"""Interleavings by the hundred here, by the ten thousand in `make torture`. A seed that fails is printed, and replays."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.services import ROOT
from tests.simulator.run import run
from tests.simulator.search import broken_by
from tests.torture import many

pytestmark = pytest.mark.torture


def seeds() -> range:
    """CARNET_SEEDS=FIRST-LAST says which; else a few, or many."""
    first, _, last = os.environ.get("CARNET_SEEDS", "").partition("-")
    return range(int(first), int(last or first) + 1) if first else range(many(120, 10_000))


def test_no_interleaving_breaks_the_promise_and_after_quiet_the_index_says_what_the_records_say() -> None:
    counts: Counter[str] = Counter()
    broken = broken_by(seeds(), counts)
    print(f"{len(seeds())} seeds: {dict(sorted(counts.items()))}")
    assert not broken, "\n".join(
        [f"python -m tests.simulator {one.seed}   # {one.broken}" for one in broken]
        + ["", f"the end of seed {broken[0].seed}, {broken[0].odds}:", *broken[0].trace[-60:]]
    )
    if len(seeds()) >= 100:  # guards the test itself: everything that it is about has happened
        for what in (
            "switch", "edit", "move", "erase", "import_again", "look_up", "look_up failed", "sweep", "keep_up", "kills",
            "operate", "operate failed", "rebuilt", "rolled back", "shown", "shown by more letters",
            "dropped at confirmation", "trouble: _gone", "trouble: _frozen", "trouble: _full", "trouble: _started_again",
        ):  # fmt: skip
            assert counts[what], f"{what} has not happened"


def test_a_seed_replays_step_by_step_in_another_process() -> None:
    for seed in (3, 26):
        here = run(seed)
        again = subprocess.run(
            [sys.executable, "-m", "tests.simulator", str(seed)],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert len(here.trace) > 100
        assert again.stdout.splitlines()[: len(here.trace)] == here.trace
