"""A run as tables: the summary that is compared day by day, and every measure after every number of keys. Each as it is, then
for a terminal of 80 columns.
"""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from carnet.tuning.scoring import PLACES
from carnet.tuning.sessions import ABSENT

_SHOWN_KEYS = (4, 8, 12, 24)
_STANDS = [f"{keys} keys" for keys in _SHOWN_KEYS] + ["whole", "first"]
_TYPING = ["MRR 8", "keys", "saved", "empty", "false"]
_CAPTION = "among the first five after so many keys / the reference; at rank 1 when all is typed; mean keystrokes"


def summaries(run: dict[str, Any]) -> tuple[Table, ...]:
    """A row a tag: how often the company meant is among the first five, and how much typing it takes. In one table; in two."""
    return summary(run), _standing(run), _typing(run)


def summary(run: dict[str, Any]) -> Table:
    table = Table(title=_title(run), caption=_CAPTION)
    _columns(table, ["sessions", *_STANDS, *_TYPING])
    for row in run["scores"]:
        stands, reference = _stands(run, row), _reference(run, row)
        both = [f"{reached} / {least}" for reached, least in zip(stands, reference, strict=False)]
        cells = [*both, *stands[len(both) :], *_typed(run, row)]
        table.add_row(row["tag"], f"{row['sessions']:,}", *cells)
    return table


def _standing(run: dict[str, Any]) -> Table:
    table = Table(
        title=_title(run), caption=_CAPTION.split(";")[0].replace(" / the", "; below it the"), show_edge=False
    )
    _columns(table, ["sessions", *(heading.removesuffix(" keys") for heading in _STANDS)])
    for row in run["scores"]:
        table.add_row(row["tag"], f"{row['sessions']:,}", *_stands(run, row))
        if reference := _reference(run, row):
            table.add_row("  reference", "", *reference, style="dim")
    return table


def _typing(run: dict[str, Any]) -> Table:
    table = Table(caption="mean keystrokes; shares", show_edge=False)
    _columns(table, _TYPING)
    for row in run["scores"]:
        table.add_row(row["tag"], *_typed(run, row))
    return table


def every_measure(run: dict[str, Any]) -> Iterator[Table]:
    """A table a measure: tags down, keys across; below Success@5 of a judged tag what the reference reaches."""
    yield from (wide for wide, _ in every_measure_in(run))


def every_measure_in(run: dict[str, Any]) -> Iterator[tuple[Table, Table]]:
    for measure in (*(f"success@{place}" for place in PLACES), "mrr"):
        title = f"{run['name']}: {'MRR' if measure == 'mrr' else measure.title()} after so many keys"
        yield _measure(run, measure, Table(title=title)), _measure(run, measure, Table(title=title, show_edge=False))


def _measure(run: dict[str, Any], measure: str, table: Table) -> Table:
    _columns(table, [str(keys) for keys in run["keys"]])
    for row in run["scores"]:
        if row["tag"] == ABSENT:
            continue
        table.add_row(row["tag"], *(f"{value:.3f}" for value in row[measure]))
        if measure == "success@5" and row["tag"] in run.get("reference", {}):
            reference = run["reference"][row["tag"]]
            table.add_row("  reference", *(f"{value:.3f}" for value in reference), style="dim")
    return table


def _title(run: dict[str, Any]) -> str:
    return f"{run['name']}: {run['companies']:,} companies, {run['engine']} ({run['fingerprint']})"


def _columns(table: Table, headings: list[str]) -> None:
    table.add_column("tag", overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)


def _at(run: dict[str, Any]) -> list[int]:
    return [run["keys"].index(keys) for keys in _SHOWN_KEYS]


def _stands(run: dict[str, Any], row: dict[str, Any]) -> list[str]:
    five = row["success@5"]
    return [f"{value:.3f}" for value in (*(five[n] for n in _at(run)), five[-1], row["success@1"][-1])]


def _reference(run: dict[str, Any], row: dict[str, Any]) -> list[str]:
    reached = run.get("reference", {}).get(row["tag"])
    return [f"{reached[n]:.3f}" for n in _at(run)] if reached else []


def _typed(run: dict[str, Any], row: dict[str, Any]) -> list[str]:
    return [
        f"{row['mrr'][run['keys'].index(8)]:.3f}",
        f"{row['needed']:.1f}",
        f"{row['saved']:.0%}",
        f"{row['empty']:.0%}",
        f"{row['false_positives']:.0%}" if row["tag"] == ABSENT else "",
    ]
