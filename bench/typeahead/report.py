"""What was measured, as tables and plots."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.typeahead.contestants import EMBEDDED_HTTP, ENGINE, HTTP, ROUTE, SAYT

PARTS = ("p50", "p95", "p99", "p99.9")
# Who is to be compared with whom, and how much slower it may be at p50, p95 and p99.
TARGETS = ((HTTP, ROUTE, (1.2, 1.5, 2.0)), (ENGINE, SAYT, (1.0, 1.0, 1.0)), (EMBEDDED_HTTP, ROUTE, (1.0, 1.5, 1.5)))


def report(paths: Sequence[Path], console: Console, plots: Path | None = None) -> None:
    runs = sorted((json.loads(path.read_text()) for path in paths), key=lambda run: run["companies"])
    for run in runs:
        console.print(_overall(run))
        console.print(_by_characters(run))
        console.print(_ratios(run))
        if run["unanswered"]:
            console.print(f"Not answered within the time that a form waits: {run['unanswered']}")
        if any(run["load"].values()):
            console.print(_load(run))
    if plots and runs:
        from bench.typeahead.plots import by_characters, growth

        largest = max((run for run in runs if ROUTE in run["all"]), key=lambda run: run["companies"])
        by_characters(plots / "latency-characters.svg", largest)
        growth(plots / "latency-growth.svg", runs)


def _overall(run: dict[str, Any]) -> Table:
    told = ", ".join(f"{kind} {count}" for kind, count in run["segments"].items())
    table = Table(title=f"{run['companies']:,} companies, {run['rounds']} rounds; ms. Segments: {told}")
    for heading in ("", "asked", *PARTS):
        table.add_column(heading, justify="right" if heading else "left")
    for name, found in run["all"].items():
        table.add_row(name, f"{found['asked']:,}", *(f"{found[part]:.2f}" for part in PARTS))
    return table


def _by_characters(run: dict[str, Any]) -> Table:
    buckets = list(next(iter(run["by_characters"].values())))
    table = Table(title=f"{run['companies']:,} companies: p50 / p95 in ms, by characters typed")
    for heading in ("", *buckets):
        table.add_column(heading, justify="right" if heading else "left")
    for name, found in run["by_characters"].items():
        cells = (f"{found[b]['p50']:.2f} / {found[b]['p95']:.2f}" if b in found else "" for b in buckets)
        table.add_row(name, *cells)
    return table


def _ratios(run: dict[str, Any]) -> Table:
    table = Table(title="How much slower, at p50 / p95 / p99, and how much it may be")
    for heading in ("", "than", "is", "may be"):
        table.add_column(heading)
    for name, other, allowed in TARGETS:
        if name in run["all"] and other in run["all"]:
            ratios = [run["all"][name][part] / run["all"][other][part] for part in PARTS[:3]]
            told = " / ".join(f"{ratio:.2f}" for ratio in ratios)
            table.add_row(name, other, told, " / ".join(f"{most:.1f}" for most in allowed))
    return table


def _load(run: dict[str, Any]) -> Table:
    table = Table(title="Four clients at once: median of the rounds")
    for heading in ("", "answers/s", "answers/s and core of the server", "ms of processor: server", "OpenSearch"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, rounds in run["load"].items():
        if rounds:
            server = median(one["server_cpu_s"] / one["answers"] for one in rounds)
            search = median(one["search_cpu_s"] / one["answers"] for one in rounds)
            speed = median(one["answers"] / one["seconds"] for one in rounds)
            table.add_row(name, f"{speed:,.0f}", f"{1 / server:,.0f}", f"{server * 1000:.2f}", f"{search * 1000:.2f}")
    return table
