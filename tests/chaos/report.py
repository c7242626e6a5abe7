"""A row's figures as JSON, one file for all rows of all runs, and the table that people read.

python -m tests.chaos.report        the rows of the file, as a table for docs/proof-of-opt-out.md
"""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from tests.chaos.drill import Drilled
from tests.chaos.verdict import problems

RESULTS = Path(__file__).parents[2] / "bench" / "results" / "chaos.json"
Figures = dict[str, Any]


def figures(found: Drilled) -> Figures:
    ledger = found.ledger
    answered = [one for one in found.opt_outs() if one.succeeded]
    chances = ledger.chances()
    statuses = [one.status for one in ledger.searches]
    return {
        "row": found.row.name,
        "confirmation": found.confirmed,
        "seed": found.seed,
        "seconds": round(found.seconds, 1),
        "opt_outs": len(answered),
        "opt_outs_refused": sum(one.status == 503 for one in found.opt_outs()),
        "opt_outs_unanswered": sum(one.status == 0 for one in found.opt_outs()),
        "searches": len(statuses),
        "searches_for_hidden": chances,
        "shown": len(ledger.broken()),
        "shown_at_most": 3 / chances if chances else None,  # rule of three, 95 %
        "searches_503": statuses.count(503),
        "searches_404": statuses.count(404),
        "searches_unanswered": statuses.count(0),
        "doubles": sum(one.doubles for one in ledger.searches),
        "opt_out_ms": milliseconds([one.answered - one.sent for one in answered]),
        "search_ms": milliseconds([one.received - one.sent for one in ledger.searches]),
        "index_confirmed": sum(one.confirmed for one in answered),
        "index_confirmed_wrongly": len(found.probe.lied),
        "returned_to_index": len(found.probe.returned),
        "flickered_in_index": len(found.probe.flickered),
        "removal_ms": milliseconds(found.probe.seconds),
        "removals_seen": len(found.probe.seconds),
        "dropped": dict(found.dropped),
        "drift": found.calm.drift,
        "drift_meanwhile": dict(found.drifted),
        "mended": found.calm.mended,
        "converged_s": round(found.calm.seconds, 1),
        "commands": dict(found.commands),
        "problems": problems(found),
    }


def milliseconds(values: Sequence[float]) -> dict[str, Any]:
    in_order = sorted(values)
    if not in_order:
        return {"p50": None, "p99": None, "max": None}
    p99 = in_order[min(len(in_order) - 1, int(len(in_order) * 0.99))]
    return {"p50": round(median(in_order) * 1000), "p99": round(p99 * 1000), "max": round(in_order[-1] * 1000)}


def keep(new: Figures, path: Path = RESULTS) -> None:
    """Rows of several runs stand in one file; a row that is run again takes its old place."""
    rows = read(path)
    same = (new["row"], new["confirmation"])
    rows = [one for one in rows if (one["row"], one["confirmation"]) != same] + [new]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False))


def read(path: Path = RESULTS) -> list[Figures]:
    return json.loads(path.read_text()) if path.exists() else []


_HEADINGS = (
    "fault",
    "opt-outs",
    "searches",
    "for hidden",
    "shown (at most, 95 %)",
    "503",
    "404",
    "doubles",
    "opt-out ms p50 / p99",
    "out of the index ms p50 / p99 / max",
    "dropped",
    "drift",
    "right after s",
)


def cells(one: Figures) -> list[str]:
    """A row of the table, in the order of its headings."""
    opt_out, removal = one["opt_out_ms"], one["removal_ms"]
    at_most = f"{one['shown_at_most']:.2%}" if one["shown_at_most"] else "–"
    return [
        one["row"] + ("" if one["confirmation"] else ", confirmation off"),
        f"{one['opt_outs']:,}",
        f"{one['searches']:,}",
        f"{one['searches_for_hidden']:,}",
        f"{one['shown']} ({at_most})",
        f"{one['searches_503']:,}",
        str(one["searches_404"]),
        str(one["doubles"]),
        f"{opt_out['p50']} / {opt_out['p99']}",
        f"{removal['p50']} / {removal['p99']} / {removal['max']}",
        ", ".join(f"{number} {reason}" for reason, number in sorted(one["dropped"].items())) or "0",
        str(sum(one["drift"].values())),
        str(one["converged_s"]),
    ]


def table(rows: list[Figures]) -> Table:
    made = Table(title="Chaos on real processes")
    for heading in _HEADINGS:
        made.add_column(heading, justify="left" if heading == "fault" else "right")
    for one in rows:
        made.add_row(*cells(one), style="red" if one["problems"] else "")
    return made


def main() -> None:
    rows = read()
    lines = [_HEADINGS, ["---", *["--:"] * (len(_HEADINGS) - 1)], *map(cells, rows)]
    for line in lines:
        print("| " + " | ".join(line) + " |")  # noqa: T201
    print(f"\n{sum(one['opt_outs'] for one in rows):,} opt-outs, {sum(one['searches'] for one in rows):,} searches.")  # noqa: T201


if __name__ == "__main__":
    main()
