"""`carnet tune compare`: is one run better than another, or only luckier?"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from carnet.cli.console import fitting, output
from carnet.cli.tune_options import FILE, plot_option
from carnet.tuning import compare as comparing
from carnet.tuning import runs

_Outcomes = Mapping[str, tuple[str, float]]
_LUCK = "chance of mere luck"


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option(
    "--cases",
    default=10,
    show_default=True,
    type=click.IntRange(0),
    help="How many of the sessions that changed most are shown.",
)
@plot_option("Draw both runs' keystroke curves here.")
def compare(before: Path, after: Path, cases: int, plot: Path | None) -> None:
    """Is run AFTER better than run BEFORE, or only luckier? Paired, session by session."""
    a, b = runs.read(before), runs.read(after)
    saved = runs.outcomes(a), runs.outcomes(b)
    if saved[0].keys().isdisjoint(saved[1]):
        raise click.UsageError(f"{before} and {after} have no session in common: let both runs type the same list.")
    names = f"{a['name']} → {b['name']}"
    output.print(*fitting(*(_typing(names, *saved, luck) for luck in (_LUCK, "luck"))))
    places = [(said, runs.within(a, place), runs.within(b, place)) for said, place in (("first", 1), ("first 5", 5))]
    if places[0][1]:
        output.print(*fitting(*(_standing(names, places, luck) for luck in (_LUCK, "luck"))))
    _print_cases(a, b, cases)
    if plot:
        from carnet.tuning.plots import keystroke_curves

        keystroke_curves(plot, {f"{a['name']} (before)": a, f"{b['name']} (after)": b}, b.get("reference", {}))


def _typing(names: str, a: _Outcomes, b: _Outcomes, luck: str) -> Table:
    table = _table(f"{names}: share of the text that need not be typed", ("tag", "sessions"), luck)
    for row in comparing.compare(a, b):
        table.add_row(row.tag, f"{row.sessions:,}", *_cells(row), style=_style(row))
    return table


def _standing(names: str, places: Sequence[tuple[str, _Outcomes, _Outcomes]], luck: str) -> Table:
    """What saves no keystroke, too: a company that moves up when all is typed."""
    table = _table(f"{names}: where the company stands when all is typed", ("tag", "stands"), luck)
    for rows in zip(*(comparing.compare(a, b) for _, a, b in places), strict=True):
        for (said, _, _), row in zip(places, rows, strict=True):
            table.add_row(row.tag if row is rows[0] else "", said, *_cells(row), style=_style(row))
    return table


def _table(title: str, first: tuple[str, str], luck: str) -> Table:
    table = Table(title=title, caption=f"luck: {_LUCK}" if luck != _LUCK else None)
    for heading in (*first, "before", "after", "better in", "worse in", luck):
        left = heading in ("tag", "stands")
        table.add_column(heading, justify="left" if left else "right", no_wrap=heading != "tag", overflow="fold")
    return table


def _cells(row: comparing.Difference) -> tuple[str, ...]:
    return f"{row.a:.3f}", f"{row.b:.3f}", str(row.wins), str(row.losses), f"{row.p:.4f}"


def _style(row: comparing.Difference) -> str:
    return "" if row.p > 0.05 else "green" if row.b > row.a else "red"


def _print_cases(a: dict[str, Any], b: dict[str, Any], most: int) -> None:
    """The sessions that changed most: in what need not be typed, or else in where the company stands at the end."""
    before, after = ({one["id"]: (one["saved"], one["ranks"][-1]) for one in run["sessions"]} for run in (a, b))
    gaps = {
        session: (after[session][0] - before[session][0], _better(before[session][1], after[session][1]))
        for session in before
        if session in after and before[session] != after[session]
    }
    changed = sorted(gaps, key=lambda session: gaps[session])
    for session in dict.fromkeys([*changed[:most], *changed[max(0, len(changed) - most) :]]):
        places = " → ".join(str(rank) if rank else "none" for rank in (before[session][1], after[session][1]))
        moved = f"  (place {places})" if before[session][1] != after[session][1] else ""
        style = "green" if gaps[session] > (0, 0) else "red"
        output.print(
            f"{gaps[session][0]:+.0%}  {session}{moved}", style=style, highlight=False, markup=False, soft_wrap=True
        )


def _better(before: int, after: int) -> float:
    """Above 0 where the place is a better one; 0 stands for none at all."""
    return (1 / after if after else 0) - (1 / before if before else 0)
