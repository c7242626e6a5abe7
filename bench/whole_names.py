"""Who has typed a whole name, in any of six spellings, has the company before them: the share of names found first.

    python -m bench.whole_names [NAMES]

Companies come from the file that CARNET_BENCH_COMPANIES names, without it from the bundled sample; all in one index, which is
written to after it was built. Companies whose names read the same are one. The bundled sample is held to all of its names by
tests/relevance/test_every_name.py; this says what becomes of that among hundreds of thousands.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.relevance import RESULTS, SEED, UPDATES, patient
from carnet.demo import sample
from carnet.tuning.corpus import Corpus, built, read_companies
from tests.relevance.readings import STYLES, is_meant, reading
from tests.services import addresses
from tests.services.own import own_prefix

SHOWN = 5  # of those that were missed, per spelling


def main(many: int) -> None:
    console = Console(width=150)
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    companies = read_companies(Path(given) if given else sample())
    named = [one for one in companies if reading(one.name)]
    asked = random.Random(SEED).sample(named, min(many, len(named)))
    url = addresses().search_url
    missed: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
    with ExitStack() as place:
        prefix = place.enter_context(own_prefix(url))
        places: dict[str, Callable[[], AbstractContextManager[Corpus]]] = {
            "embedded": lambda: built(companies, updates=UPDATES),
            "OpenSearch": lambda: built(companies, patient(url, prefix), updates=UPDATES),
        }
        for engine, made in places.items():
            with made() as corpus:
                missed[engine] = {}
                for style, write in STYLES.items():
                    names = track([one.name for one in asked], f"{engine}, {style}", console=console)
                    missed[engine][style] = missed_in(corpus, names, write)
    table = Table(title=f"Found first of {len(asked):,} whole names, among {len(companies):,} companies")
    for heading in ("spelling", *missed):
        table.add_column(heading)
    for style in STYLES:
        table.add_row(style, *(f"{1 - len(lost[style]) / len(asked):.2%}" for lost in missed.values()))
    console.print(table)
    for engine, lost in missed.items():
        for style, cases in lost.items():
            for name, text, found in cases[:SHOWN]:
                console.print(
                    f"{engine}, {style}: {name!r}, typed {text!r}, found {found!r}", highlight=False, markup=False
                )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "whole_names.json").write_text(
        json.dumps({"companies": len(companies), "asked": len(asked), "missed": missed}, indent=1, ensure_ascii=False)
    )


def missed_in(corpus: Corpus, names: Iterable[str], write: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """(name, what was typed, what stood first) for each name that did not stand first."""
    missed = []
    for name in names:
        text = write(name)
        found = corpus.suggestions(text)
        first = found[0].match.name if found else ""
        if not is_meant(first, name, text):
            missed.append((name, text, first))
    return missed


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
