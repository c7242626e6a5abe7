"""How soon people find the company they mean: Carnet on both engines, beside what users would pick instead, in one run.

    python -m bench.relevance [SESSIONS A TAG]

On OpenSearch and PostgreSQL as the tests have them. Companies come from the file that CARNET_BENCH_COMPANIES names, all in
one index that is written to after it was built and all the while; without it from the bundled sample, and the table says so.
Alias pairs come from CARNET_BENCH_PAIRS: what somebody typed, and whom they meant; the pair's own other name is taken out
first. The others index every name of a company, as Carnet does.
"""

import csv
import gzip
import json
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from opensearchpy import OpenSearch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.baselines import Ask, completion, search_as_you_type, trigrams
from carnet.demo import sample
from carnet.tuning import runs, sessions
from carnet.tuning.corpus import REGION, Corpus, built, read_companies
from carnet.tuning.plots import keystroke_curves
from carnet.tuning.reference import references
from carnet.tuning.scoring import KEYS, Played, Score, Search, play_all, score
from carnet.tuning.styles import JUDGED, Named, reading
from carnet.tuning.tables import every_measure
from indexer.engines.opensearch import OpenSearchEngine
from tests.services import addresses
from tests.services.given import plain as plain_url
from tests.services.own import own_database, own_prefix

RESULTS = Path(__file__).parent / "results"
JUDGED_KEYS = (4, 8, 12, 24)
UPDATES = 200
PAUSE_S = 0.25  # between edits while sessions are played
SEED = 20_26


def main(per_tag: int) -> None:
    console = Console(width=150)
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    path = Path(given) if given else sample()
    companies = read_companies(path)
    wanted = sessions.with_absent(companies, per_tag, SEED)
    pairs = list(alias_pairs(companies, per_tag))
    wanted += [session for session, _ in pairs]
    sources = {session.id: source for session, source in pairs}
    taken_out = {(session.target, reading(session.text)) for session, _ in pairs}
    gone = {reading(one.name) for one in wanted if one.tag == sessions.ABSENT}
    companies = [without(company, taken_out) for company in companies if reading(company.name) not in gone]
    names = {company.id: reading(company.name) for company in companies}
    found = addresses()
    scores: dict[str, list[Score]] = {}
    results = {}
    with (
        ExitStack() as place,
        own_prefix(found.search_url) as prefix,
        own_database(found.database_url) as database,
    ):
        client = OpenSearch(found.search_url, timeout=60)
        place.callback(client.close)
        rivals: dict[str, Callable[[], AbstractContextManager[Corpus | Ask]]] = {
            "Carnet, embedded": lambda: built(companies, updates=UPDATES),
            "Carnet, OpenSearch": lambda: built(companies, patient(found.search_url, prefix), updates=UPDATES),
            "search_as_you_type": lambda: search_as_you_type(client, f"{prefix}bare", companies),
            "completion, fuzzy": lambda: completion(client, f"{prefix}completion", companies),
            "pg_trgm": lambda: trigrams(plain_url(database), companies),
        }
        for name, made in rivals.items():
            with ExitStack() as running:
                rival = running.enter_context(made())
                if isinstance(rival, Corpus):
                    running.enter_context(in_use(rival))
                search = rival.search if isinstance(rival, Corpus) else once_a_reading(rival, names)
                todo = wanted if name != "pg_trgm" else wanted[:: max(1, per_tag // 60)]  # a minute a hundred of them
                played = list(play_all(search, track(todo, description=name, console=console)))
            pairs_only = score(by_source(played, sources))
            scores[name] = score(played) + pairs_only
            results[name] = runs.as_json(played, name=name, companies=len(companies), engine=name, fingerprint="")
            results[name]["by_source"] = [row.as_dict() for row in pairs_only]
            keep(results, {})  # it goes on for hours
    reference = references((company.name for company in companies), wanted)
    report(console, path, len(companies), scores, reference)
    for name, run in results.items():
        run["reference"] = reference
        if name.startswith("Carnet"):
            console.print(*every_measure(run))
        console.print(f"{name:20} ms: " + " · ".join(f"{at} {ms}" for at, ms in run["latency_ms"].items()))
    keep(results, reference)
    keystroke_curves(RESULTS / "relevance.svg", results, reference)


def keep(results: dict[str, Any], reference: dict[str, list[float]]) -> None:
    """What is known by now, without the sessions one by one."""
    RESULTS.mkdir(exist_ok=True)
    runs = {name: {what: value for what, value in run.items() if what != "sessions"} for name, run in results.items()}
    (RESULTS / "relevance.json").write_text(json.dumps({"runs": runs, "reference": reference}, indent=1))


def patient(url: str, prefix: str) -> OpenSearchEngine:
    return OpenSearchEngine(url, prefix=prefix, look_up_s=20)  # what is judged here is the order, not the clock


@contextmanager
def in_use(corpus: Corpus) -> Iterator[None]:
    """Companies are written again all the while, each visible at once, as when members edit their cards."""
    over, build = threading.Event(), corpus.engine.serving(REGION)
    rng = random.Random(SEED)
    companies = list(corpus.companies.values())

    def edit() -> None:
        version = 3
        while build and not over.wait(PAUSE_S):
            corpus.write(build, rng.sample(companies, min(len(companies), 5)), version=version, refresh=True)
            version += 1

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def once_a_reading(ask: Ask, names: dict[str, str]) -> Search:
    return lambda text: list(dict.fromkeys(names[company] for company in ask(text) if company in names))


def without(company: Named, taken_out: set[tuple[str, str]]) -> Named:
    """A company without the other names that alias pairs are about: else the answer would be in the question."""
    kept = tuple(name for name in company.other_names if (company.id, reading(name)) not in taken_out)
    return Named(company.id, company.name, kept, company.city, company.province, company.popularity)


def alias_pairs(companies: Sequence[Named], many: int) -> Iterator[tuple[sessions.Session, str]]:
    """Up to `many` of each kind, with their source."""
    given = os.environ.get("CARNET_BENCH_PAIRS")
    if not given:
        return
    known = {company.id: company.name for company in companies}
    counted: dict[str, int] = {}
    with gzip.open(given, "rt", encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: hash_of(row["variant"]))
    for row in rows:
        tag = f"pair_{row['kind']}"
        if row["canonical_id"] not in known or counted.get(tag, 0) >= many:
            continue
        if reading(row["variant"]) == reading(known[row["canonical_id"]]):
            continue
        counted[tag] = counted.get(tag, 0) + 1
        session = sessions.Session(tag, row["variant"][:64], row["canonical_id"], known[row["canonical_id"]])
        yield session, row["source"]


def by_source(played: Sequence[Played], sources: Mapping[str, str]) -> list[Played]:
    """The sessions of alias pairs once more, tagged by where the pair comes from rather than by its kind."""
    return [
        replace(one, session=replace(one.session, tag=f"pair from {sources[one.session.id]}"))
        for one in played
        if one.session.id in sources
    ]


def hash_of(text: str) -> int:
    """An order that is the same in every run and has nothing to do with what stands in the file."""
    return int.from_bytes(text.encode(), "big") * 2_654_435_761 % 2**32


def report(
    console: Console, path: Path, companies: int, scores: dict[str, list[Score]], reference: dict[str, list[float]]
) -> None:
    at = [KEYS.index(keys) for keys in JUDGED_KEYS]
    table = Table(title=f"Success@5 after {JUDGED_KEYS} keys: {companies:,} companies ({path.name})")
    table.add_column("tag")
    for heading in (*scores, "reference"):
        table.add_column(heading)
    tags = [row.tag for row in next(iter(scores.values()))]
    for tag in tags:
        cells = []
        for rows in scores.values():
            row = next((row for row in rows if row.tag == tag), None)
            cells.append(" ".join(f"{row.success[5][n]:.3f}" for n in at) if row else "")
        cells.append(" ".join(f"{reference[tag][n]:.3f}" for n in at) if reference.get(tag) else "")
        table.add_row(tag, *cells)
    console.print(table)
    for name, rows in scores.items():
        judged = [row for row in rows if row.tag in JUDGED]
        ours = [mean(row.success[5][n] for row in judged) for n in at]
        theirs = [mean(reference[row.tag][n] for row in judged) for n in at]
        worst = [
            min((row.success[5][n] / at_best, row.tag) for row in judged if (at_best := reference[row.tag][n]))
            for n in at
        ]
        console.print(
            f"{name:20} of the reference, mean of eight styles: "
            + "  ".join(
                f"{keys} keys {a / b:.3f} (worst {low:.2f} {tag})"
                for keys, a, b, (low, tag) in zip(JUDGED_KEYS, ours, theirs, worst, strict=True)
            )
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
