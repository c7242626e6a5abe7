"""What the promise costs: confirming the ids of one look-up, and an opt-out from request to answer, on both stacks.

    CARNET_BENCH_COMPANIES=companies.csv.gz python -m bench.confirmation

SQLite with the embedded index; PostgreSQL with OpenSearch, as the tests have them (tests/services). Companies: the first
CARNET_BENCH_MOST (120,000) of the file, without one the bundled sample. Confirmation: `directory.lookup.confirm` of ten ids,
and of as many as a look-up asks for, drawn anew each time. Opt-out: PUT /v1/company/visibility in process, through the
application as it is served, of another company each time; in between, unmeasured, each is turned on again.
"""

import gzip
import itertools
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from api import create_app
from carnet.demo import sample
from carnet.load import load_file
from carnet.stores import open_engine, open_records, own_index
from carnet.wiring import make_services
from directory.lookup import _CANDIDATES, MOST_SUGGESTIONS, confirm
from directory.members import set_role
from directory.records import Records
from directory.records.database import ANSWER_WAIT_S
from directory.records.tables import companies
from directory.values import Role
from indexer.publisher import DirectPublisher
from indexer.rebuild import rebuild_region
from tests.conftest import Home
from tests.stacks import STACKS, Stack, tidy_up

ROUNDS = int(os.environ.get("CARNET_BENCH_ROUNDS", "5000"))
OPT_OUTS = ROUNDS // 10
MOST = int(os.environ.get("CARNET_BENCH_MOST", "120000"))
REGION, SEED = "ca", 1
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    console, results = Console(width=120), []
    for name, stack in STACKS.items():
        with tempfile.TemporaryDirectory() as folder, filled(stack, Path(folder)) as home:
            results.append({"stack": name, **measure(home)})
        console.print(results[-1])
    tidy_up()
    console.print(table(results))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "confirmation.json").write_text(json.dumps(results, indent=1))


@contextmanager
def filled(stack: Stack, folder: Path) -> Iterator[Home]:
    """A place on this stack with all companies in its records."""
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    few = folder / "few.csv"
    with gzip.open(Path(given) if given else sample(), "rt", encoding="utf-8") as all_rows, few.open("w") as file:
        file.writelines(itertools.islice(all_rows, MOST + 1))
    with stack(folder) as environment:
        home = Home(folder, environment)
        records = open_records(home.settings)
        load_file(records, home.settings.regions, few, folder)
        records.close()
        yield home


def measure(home: Home) -> dict[str, Any]:
    records = open_records(home.settings, answer_within_s=ANSWER_WAIT_S)
    rng = random.Random(SEED)
    with records.reading() as connection:
        shown = select(companies.c.id).where(companies.c.region == REGION, companies.c.visible)
        ids = list(connection.execute(shown.order_by(companies.c.id)).scalars())
    asked = MOST_SUGGESTIONS * _CANDIDATES + 1
    found = {
        "companies": len(ids),
        "confirm_10_ms": timed(lambda: confirm(records, rng.sample(ids, 10), REGION), ROUNDS),
        f"confirm_{asked}_ms": timed(lambda: confirm(records, rng.sample(ids, asked), REGION), ROUNDS),
        **opt_outs(home, records, rng.sample(ids, OPT_OUTS)),
    }
    records.close()
    return found


def opt_outs(home: Home, records: Records, ids: list[str]) -> dict[str, Any]:
    """Over HTTP, in process; what is measured is the opt-out alone. `confirmed`: said to be in the index already."""
    settings = replace(home.settings, limits=False)
    engine = open_engine(settings, own_index(settings, refusal="in use"))
    rebuild_region(records, engine, REGION)
    publisher = DirectPublisher(records, engine)
    app = create_app(make_services(settings, records, engine, publisher, lambda: None))
    taken, confirmed = [], 0
    with app.test_client() as client:
        for company in ids:
            set_role(records, company, f"primary_admin@{company}.example", Role.PRIMARY_ADMIN)
            headers = {"Authorization": f"Bearer {home.token(company)}"}
            for visible in (False, True):
                started = time.perf_counter()
                answer = client.put("/v1/company/visibility", json={"visible": visible}, headers=headers)
                if not visible:
                    taken.append((time.perf_counter() - started) * 1000)
                    confirmed += bool(answer.get_json()["index_confirmed"])
    publisher.close()
    engine.close()
    return {"opt_out_ms": p50_and_p99(taken), "confirmed": f"{confirmed} of {len(ids)}"}


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    for _ in range(20):  # the first statements of a connection are prepared
        work()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return p50_and_p99(taken)


def p50_and_p99(milliseconds: list[float]) -> tuple[float, float]:
    in_order = sorted(milliseconds)
    return round(in_order[len(in_order) // 2], 2), round(in_order[int(len(in_order) * 0.99)], 2)


def table(results: list[dict[str, Any]]) -> Table:
    made = Table(title=f"Milliseconds, p50 / p99: {ROUNDS:,} confirmations, {OPT_OUTS:,} opt-outs")
    names = list(results[0])
    for name in names:
        made.add_column(name.replace("_", " "), justify="left" if name == "stack" else "right")
    for one in results:
        made.add_row(*("{} / {}".format(*one[n]) if isinstance(one[n], tuple) else str(one[n]) for n in names))
    return made


if __name__ == "__main__":
    main()
