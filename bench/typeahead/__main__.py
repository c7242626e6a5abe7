"""python -m bench.typeahead [--sizes 10000,100000,600000]       build, measure and drop each size, then report
python -m bench.typeahead build|measure|drop SIZE            one step, so that what is built can be measured again
python -m bench.typeahead report                             tables and plots of all that was measured

Names come from the file that CARNET_BENCH_COMPANIES names, without it from the bundled sample; beyond what it holds they are
made from its parts. PostgreSQL, OpenSearch and Redis are those of the tests (tests/services); steps that are called one by
one need their addresses in the environment, or what was built goes when the step ends.
"""

import argparse
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

from bench.typeahead import timing
from bench.typeahead.building import build
from bench.typeahead.contestants import everybody
from bench.typeahead.keystrokes import round_of
from bench.typeahead.place import Place
from bench.typeahead.report import report
from bench.typeahead.segments import same_segments
from carnet.demo import sample
from tests.services import addresses

RESULTS = Path(__file__).parents[1] / "results"
ROUNDS, PER_STYLE = 5, 7  # some 2,000 keystrokes a round
SIZES = (10_000, 100_000, 600_000)


def measure(place: Place, given: argparse.Namespace, console: Console) -> None:
    """Five rounds, each with new sessions; then several clients at once. Writes JSON to bench/results."""
    members, pool = place.members_and_pool()
    segments = same_segments(place.client, place.indices(), 1 if given.merged else None)
    with everybody(place, given.only) as contestants:
        timing.warm_up(contestants, round_of(pool, len(members), given.per_style * 2, 0))
        times: timing.Times = {one.name: [] for one in contestants}
        unanswered: Counter[str] = Counter()
        loads: dict[str, list[dict[str, Any]]] = {one.name: [] for one in contestants if one.server}
        for turn in range(given.rounds):
            keystrokes = round_of(pool, len(members), given.per_style, turn + 1)
            timing.play_round(contestants, keystrokes, turn, times, unanswered)
            for one in contestants if given.load else ():
                if one.server:
                    loads[one.name].append(timing.throughput(one, keystrokes, addresses().search_url))
            console.print(f"round {turn + 1}: {len(keystrokes)} keystrokes")
            _keep(
                place, given, {"segments": segments, "unanswered": dict(unanswered), "load": loads}, times
            )  # as far as it got, should it be stopped
    report([_path(place, given)], console)


def _path(place: Place, given: argparse.Namespace) -> Path:
    return RESULTS / f"typeahead-{place.size}{'-merged' if given.merged else ''}{given.label}.json"


def _keep(place: Place, given: argparse.Namespace, about: dict[str, Any], times: timing.Times) -> None:
    result = {
        "companies": place.size,
        **about,
        "rounds": given.rounds,
        "all": {
            name: {**timing.percentiles([s for _, s in found]), "asked": len(found)} for name, found in times.items()
        },
        "by_characters": {name: timing.by_characters(found) for name, found in times.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    _path(place, given).write_text(json.dumps(result, indent=1, ensure_ascii=False))


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers that were started go too
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", nargs="?", choices=("all", "build", "measure", "drop", "report"), default="all")
    parser.add_argument("size", nargs="?", type=int)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--per-style", type=int, default=PER_STYLE, help="sessions a style and round")
    parser.add_argument("--merged", action="store_true", help="merge every index to one segment first, for good")
    parser.add_argument("--no-load", dest="load", action="store_false", help="leave out several clients at once")
    parser.add_argument("--only", nargs="*", default=[], help="contestants whose names contain one of these")
    parser.add_argument("--label", default="", help="added to the name of the result")
    parser.add_argument("--folder", type=Path, default=RESULTS / "typeahead")
    given = parser.parse_args()
    console = Console(width=170)
    source = os.environ.get("CARNET_BENCH_COMPANIES")
    sizes = [given.size] if given.size else [int(size) for size in given.sizes.split(",")]
    for size in sizes if given.step != "report" else ():
        place = Place(size, given.folder / str(size))
        if given.step in ("all", "build"):
            build(place, Path(source) if source else sample(), console)
        if given.step in ("all", "measure"):
            measure(place, given, console)
        if given.step in ("all", "drop"):
            place.drop()
    if given.step in ("all", "report"):
        report(sorted(RESULTS.glob("typeahead-*.json")), console, RESULTS)


if __name__ == "__main__":
    main()
