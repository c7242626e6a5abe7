"""What it is worth to know how many companies are connected to a company: sessions whose targets are drawn by just that.

    python -m bench.popularity [SESSIONS A STYLE]

Companies of the file that CARNET_BENCH_COMPANIES names (else the bundled sample) get connections as they are in any network:
the n-th best known has 1/n of those of the best known, in an order drawn by lot. A target is drawn with the chance that a
link would be to it. The same sessions are played against an index that knows the steps, one that does not, on both engines,
and the reference, which is blind to them too.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.relevance import JUDGED_KEYS, RESULTS, SEED, UPDATES, patient
from carnet.demo import sample
from carnet.tuning import sessions
from carnet.tuning.corpus import Corpus, built, read_companies
from carnet.tuning.reference import Reference
from carnet.tuning.scoring import KEYS, play_all, score
from carnet.tuning.styles import JUDGED, STYLES, Named, plain
from directory.popularity import step
from tests.services import addresses
from tests.services.own import own_prefix

MOST_CONNECTED = 100_000


def main(per_style: int) -> None:
    console = Console(width=150)
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    unknown = read_companies(Path(given) if given else sample())
    known, weights = connected(unknown)
    wanted = drawn_by(known, weights, per_style)
    reference = Reference(company.name for company in known)
    chances = [reference.chances(session) for session in wanted]
    found = addresses()
    curves: dict[str, list[list[float]]] = {}
    with ExitStack() as place:
        prefix = place.enter_context(own_prefix(found.search_url))
        places: dict[str, Callable[[], AbstractContextManager[Corpus]]] = {
            "embedded, steps known": lambda: built(known, updates=UPDATES),
            "embedded, blind": lambda: built(unknown, updates=UPDATES),
            "OpenSearch, steps known": lambda: built(known, patient(found.search_url, prefix), updates=UPDATES),
            "OpenSearch, blind": lambda: built(unknown, patient(found.search_url, prefix), updates=UPDATES),
        }
        for name, made in places.items():
            with made() as corpus:
                played = list(play_all(corpus.search, track(wanted, description=name, console=console)))
            rows = score(played)
            curves[name] = [[mean(row.success[at][n] for row in rows) for n in range(len(KEYS) + 1)] for at in (1, 5)]
    by_tag = {
        tag: [chance for session, chance in zip(wanted, chances, strict=True) if session.tag == tag] for tag in JUDGED
    }
    blind = [mean(mean(one[n] for one in found) for found in by_tag.values() if found) for n in range(len(KEYS) + 1)]
    at = [KEYS.index(keys) for keys in JUDGED_KEYS]
    table = Table(
        title=f"{len(known):,} companies, {len(wanted):,} sessions, mean of eight styles, after {JUDGED_KEYS} keys"
    )
    for heading in ("", "Success@1", "Success@5", "of the reference"):
        table.add_column(heading)
    for name, (first, five) in curves.items():
        table.add_row(
            name,
            *("  ".join(f"{values[n]:.3f}" for n in at) for values in (first, five)),
            "  ".join(f"{five[n] / blind[n]:.2f}" for n in at),
        )
    table.add_row("reference", "", "  ".join(f"{blind[n]:.3f}" for n in at), "")
    console.print(table)
    RESULTS.mkdir(exist_ok=True)
    out = {"keys": [*KEYS, "all"], "companies": len(known), "curves": curves, "reference": blind}
    (RESULTS / "popularity.json").write_text(json.dumps(out, indent=1))


def connected(companies: Sequence[Named]) -> tuple[list[Named], list[float]]:
    """The companies, each on its step, and how many are connected to each."""
    rng = random.Random(SEED)
    places = rng.sample(range(1, len(companies) + 1), len(companies))
    links = [MOST_CONNECTED / place for place in places]
    return [replace(one, popularity=step(int(many))) for one, many in zip(companies, links, strict=True)], links


def drawn_by(companies: Sequence[Named], weights: Sequence[float], per_style: int) -> list[sessions.Session]:
    rng = random.Random(SEED)
    total = list(accumulate(weights))
    drawn = []
    for tag in JUDGED:
        wanted = 0
        while wanted < per_style:
            (company,) = rng.choices(companies, cum_weights=total)
            text = STYLES[tag](company, rng).strip()[: sessions.LONGEST]
            if len(text) >= 4 and len(plain(company.name)) >= 4:
                drawn.append(sessions.Session(tag, text, company.id, company.name))
                wanted += 1
    return drawn


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
