"""python -m tests.chaos.teeth [FAULT…] [--seconds 12] [--seed 1 …] [--healthy]

Plants each fault in the processes of a site of its own, runs the row that is about it, and says what caught it and how
soon, the end of the row included. Exit status 1 where one was not caught.
"""

import argparse
import json
import random
import re
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import urllib3
from rich.console import Console

from tests.chaos import faults_around as around
from tests.chaos import faults_index as index
from tests.chaos import faults_stopped as stopped
from tests.chaos.drill import drill, populate
from tests.chaos.faults_restore import served_as_it_is
from tests.chaos.ground import Ground, ground
from tests.chaos.names import make_names
from tests.chaos.owners import Habits
from tests.chaos.place import site_on
from tests.chaos.report import RESULTS
from tests.chaos.rows import OR_NONE, Row
from tests.chaos.site import Site
from tests.chaos.verdict import problems
from tests.services.own import index_names

_PATIENCE_S = 8.0
_CRASHED = re.compile("AttributeError|ImportError|NameError|TypeError")
COMPANIES, ACTING = 400, 60


def stopped_across_a_restart(site: Site, _rng: random.Random, until: float) -> None:
    """A worker is stopped between read and write, while the indices forget, as over a restart, what they have deleted."""
    while time.monotonic() < until:
        with site.points.standing("lost"), site.points.stopped_at("worker.read", 10):
            index.wait(1.5, until)
            _closed_and_opened(site)
        index.wait(0.3, until)


def _closed_and_opened(site: Site) -> None:
    address = site.ground.search.address
    with urllib3.PoolManager(timeout=30) as http:
        for name in index_names(address, site.prefix):
            http.request("POST", f"{address}/{name}/_flush")
            http.request("POST", f"{address}/{name}/_close")
            http.request("POST", f"{address}/{name}/_open")


@dataclass(frozen=True)
class Tooth:
    """`planted`: names in `plants`."""

    fault: str
    planted: str
    row: Row


_QUICK = Habits(move=0, edit=0, rest_s=0.02, stay_hidden=0.5)
_DELAYED = Row("drains delayed", around.drains_delayed)
_STOPPED = Row("worker stopped between read and write", stopped_across_a_restart, habits=_QUICK)
_REBUILDS = Row("rebuilds in a loop", index.rebuilds, habits=_QUICK)
_LOST = Row("swap answer lost", index.swap_answers_lost, lined=True, habits=_QUICK, commands=frozenset({0, 1}))
_KILLED = Row("API killed after commit", around.api_killed_after_commit, OR_NONE, OR_NONE)
# What changes again soon is put right again soon.
_SLOW = Habits(move=0, edit=0, rest_s=0.8)
# An opt-in soon after an opt-out would put right what the fault has left; and nobody drains, so publishing has to keep up.
_FOR_GOOD = replace(_SLOW, stay_hidden=1, rest_s=3)
_COMMIT = Row(
    "API stopped before it commits", stopped.stopped_before_the_commit, OR_NONE, OR_NONE, habits=_FOR_GOOD, least_s=6
)
_FAMILY = Row("worker stopped with the family it read", stopped.stopped_with_the_family, least_s=6, habits=_SLOW)
_ROWS = Row("worker stopped with the rows it read", stopped.stopped_with_the_rows, least_s=15, habits=_SLOW)
_CALM = Row("nothing: everything is well", around.nothing, habits=_QUICK)
_RESTORED = Row("database restored", served_as_it_is, OR_NONE, OR_NONE, habits=Habits(move=0), least_s=6)
_AGAIN = Row("imported again", around.imported_again, habits=Habits(move=0))

TEETH = (
    Tooth("confirmation removed", "no_confirmation", _DELAYED),
    Tooth("confirmation through what was seen before", "confirmation_remembers", _DELAYED),
    Tooth("no version", "no_version", _STOPPED),
    Tooth("hard delete", "hard_delete", _STOPPED),
    Tooth("hidden companies left out of the backfill", "hidden_left_out", _REBUILDS),
    Tooth("index written only through the alias", "only_through_alias", _REBUILDS),
    Tooth("swap without read-back", "no_read_back", _LOST),
    Tooth("no sweep of the outbox", "no_sweep", _KILLED),
    Tooth("import that writes visible", "import_writes_visible", _AGAIN),
    Tooth("backfill by _reindex", "reindexed", _ROWS),
    Tooth("family read before the commit", "family_before_commit", _COMMIT),
    Tooth("family read before the rows, by a drain", "family_before_rows", _FAMILY),
    Tooth("one unique job per company", "unique_job", _CALM),
    Tooth("restore without replay", "no_replay", _RESTORED),
)
# The same rows with nothing planted: what catches a fault must not cry at none. A restore that refuses is a row of the table.
HEALTHY = tuple(
    Tooth(f"nothing, in “{row.name}”", "", row)
    for row in dict.fromkeys(tooth.row for tooth in TEETH)
    if row is not _RESTORED
)


def bite(services: Ground, tooth: Tooth, seed: int, seconds: float) -> tuple[list[str], float]:
    """What caught the fault, and after how many seconds. A plant that fits the code no longer would be caught by its crash."""
    names = make_names(seed, COMPANIES)
    with tempfile.TemporaryDirectory() as folder, site_on(services, Path(folder), names, tooth.planted) as site:
        populate(site)
        started = time.monotonic()
        acting = list(names.words)[:ACTING]
        found = drill(site, tooth.row, seed, seconds, acting, patience_s=_PATIENCE_S)
        took = time.monotonic() - started
        if crash := _CRASHED.search(site.log()):
            raise RuntimeError(site.log()[max(0, crash.start() - 3_000) : crash.end() + 300])
        return problems(found), took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fault", nargs="*")
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--healthy", action="store_true", help="the same rows with nothing planted: none may be caught")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    console, results = Console(width=160), []
    with ground() as services:
        for tooth, seed in product(HEALTHY if options.healthy else TEETH, options.seed):
            if not options.fault or any(part in tooth.fault for part in options.fault):
                caught, took = bite(services, tooth, seed, options.seconds)
                console.print(
                    f"{tooth.fault}, {seed}: {f'caught in {took:.0f} s' if caught else 'NOT CAUGHT'} {caught}"
                )
                results.append({"fault": tooth.fault, "seed": seed, "seconds": round(took), "caught_by": caught})
    path = RESULTS.with_name("chaos_teeth.json")
    before = json.loads(path.read_text()) if path.exists() else []
    new = {one["fault"] for one in results}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([one for one in before if one["fault"] not in new] + results, indent=1))
    sys.exit(not all(bool(one["caught_by"]) is not options.healthy for one in results))


if __name__ == "__main__":
    main()
