"""A run as tables: the summary that is compared day by day, and every measure after every number of keys."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from carnet.tuning.scoring import PLACES
from carnet.tuning.sessions import ABSENT

_SHOWN_KEYS = (4, 8, 12, 24)


def summary(run: dict[str, Any]) -> Table:
    """A row a tag: how often the company meant is among the first five, and how much typing it takes."""
    at = [run["keys"].index(keys) for keys in _SHOWN_KEYS]
    table = Table(
        title=f"{run['name']}: {run['companies']:,} companies, {run['engine']} ({run['fingerprint']})",
        caption="among the first five after so many keys / the reference; at rank 1 when all is typed; mean keystrokes",
    )
    table.add_column("tag")
    for heading in (
        "sessions",
        *(f"{keys} keys" for keys in _SHOWN_KEYS),
        *("whole", "first", "MRR 8", "keys", "saved", "empty", "false"),
    ):
        table.add_column(heading, justify="right")
    for row in run["scores"]:
        five, reference = row["success@5"], run.get("reference", {}).get(row["tag"])
        table.add_row(
            row["tag"],
            f"{row['sessions']:,}",
            *(f"{five[n]:.3f}" + (f" / {reference[n]:.3f}" if reference else "") for n in at),
            f"{five[-1]:.3f}",
            f"{row['success@1'][-1]:.3f}",
            f"{row['mrr'][at[1]]:.3f}",
            f"{row['needed']:.1f}",
            f"{row['saved']:.0%}",
            f"{row['empty']:.0%}",
            f"{row['false_positives']:.0%}" if row["tag"] == ABSENT else "",
        )
    return table


def every_measure(run: dict[str, Any]) -> Iterator[Table]:
    """A table a measure: tags down, keys across; below Success@5 of a judged tag what the reference reaches."""
    for measure in (*(f"success@{place}" for place in PLACES), "mrr"):
        table = Table(title=f"{run['name']}: {'MRR' if measure == 'mrr' else measure.title()} after so many keys")
        table.add_column("tag")
        for keys in run["keys"]:
            table.add_column(str(keys), justify="right")
        for row in run["scores"]:
            if row["tag"] == ABSENT:
                continue
            table.add_row(row["tag"], *(f"{value:.3f}" for value in row[measure]))
            if measure == "success@5" and row["tag"] in run.get("reference", {}):
                reference = run["reference"][row["tag"]]
                table.add_row("  reference", *(f"{value:.3f}" for value in reference), style="dim")
        yield table
