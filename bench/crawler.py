"""How many cards a patient crawler gets, over simulated days, against the limits as they are set by default.

    python -m bench.crawler [--accounts 20] [--days 30] [--saving] [--companies 60000]

Names come from the file that CARNET_BENCH_COMPANIES names (columns as for `carnet import`), without it from the bundled
sample. Every account is a company that has just become a member; it has its own share of the list, in alphabetical order,
asks for one name every two seconds until it is refused, and comes back the moment that the refusal names. With --saving it
saves each card at once as a vendor. One company in 500 is a canary. Everything goes through HTTP, in process, on SQLite
and the embedded index.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from bench.rebuild import RESULTS
from carnet.demo import invent_contact_data, sample
from carnet.files import read_lines
from tests.clock import moved_clock
from tests.conftest import Network
from tests.crawler import Account, Crawler

REGION, CANARY_ONE_IN = "ca", 500
LONG_S = 10_000_000  # of a token: it expires by the real clock


@dataclass
class Crawled:
    accounts: int
    days: int
    saving: bool
    companies: int
    per_day: list[int]
    cards: int
    refused: dict[str, int]
    first_signal_after_cards: dict[str, int]
    signals: dict[str, int]
    seconds: float


def main(accounts: int, days: int, companies: int, *, saving: bool) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder, moved_clock() as clock:
        network = Network(Path(folder), CARNET_LIMITS="on")
        known = dict(islice(_real(), companies))
        crawlers = {f"crawler-{n}": {"name": f"Moissonneur {n} inc."} for n in range(accounts)}
        network.load(**known, **crawlers)
        canaries = list(known)[::CANARY_ONE_IN]
        with network.records.writing() as connection:
            for canary in canaries:
                connection.exec_driver_sql("UPDATE companies SET canary = 1 WHERE id = ?", (canary,))
        names = sorted(company["name"] for company in known.values())
        share = len(names) // accounts
        crawler = Crawler(
            clock,
            [
                Account(network.member(one, exp=int(time.time()) + LONG_S), names[n * share : (n + 1) * share])
                for n, one in enumerate(crawlers)
            ],
            saving,
        )
        started = time.monotonic()
        crawler.crawl(days)
        done = Crawled(
            accounts,
            days,
            saving,
            len(known),
            [crawler.per_day[day] for day in range(days)],
            len(crawler.cards),
            dict(crawler.refused),
            _first_signals(network),
            dict(network.sql("SELECT kind, count(*) FROM signals GROUP BY kind")),
            round(time.monotonic() - started, 1),
        )
        network.close()
    _report(done)


def _real() -> Iterator[tuple[str, dict[str, Any]]]:
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    for line in read_lines(Path(given) if given else sample()):
        if line.fields and line.fields["region"] == REGION:
            fields = invent_contact_data(line.fields)
            yield fields.pop("id"), {**fields, "email": f"info@company{line.number}.example.com"}


def _first_signals(network: Network) -> dict[str, int]:
    """By kind, how many cards all accounts had been shown when the first one was given."""
    first = dict(network.sql("SELECT kind, min(at) FROM signals GROUP BY kind"))
    return {
        kind: network.sql("SELECT count(DISTINCT company_id) FROM reveals WHERE at <= :at", at=at)[0][0]
        for kind, at in first.items()
    }


def _report(done: Crawled) -> None:
    how = "saving everything" if done.saving else "saving nothing"
    table = Table(title=f"{done.accounts} accounts, {how}, {done.companies:,} companies, {done.seconds:,.0f} s")
    for heading in ("days", "cards a day", "cards a day and account"):
        table.add_column(heading, justify="right")
    for first, last in ((1, 14), (15, done.days)):
        if part := done.per_day[first - 1 : last]:
            daily = sum(part) / len(part)
            table.add_row(f"{first}–{first + len(part) - 1}", f"{daily:,.0f}", f"{daily / done.accounts:,.1f}")
    console = Console()
    console.print(table)
    console.print(f"In {done.days} days {done.cards:,} cards, {done.cards / done.companies:.1%} of all.")
    console.print(f"Refused: {done.refused}. Cards shown at the first signal: {done.first_signal_after_cards}.")
    console.print(f"Signals: {done.signals}.")
    RESULTS.mkdir(exist_ok=True)
    name = f"crawler-{'saving' if done.saving else 'plain'}-{done.accounts}.json"
    (RESULTS / name).write_text(json.dumps(vars(done), indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--companies", type=int, default=60_000)
    parser.add_argument("--saving", action="store_true")
    given = parser.parse_args()
    main(given.accounts, given.days, given.companies, saving=given.saving)
