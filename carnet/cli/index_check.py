"""`carnet index reconcile` and `carnet index history`."""

import sys

import click
from rich.table import Table

from carnet.cli.console import errors, output, progress_bar, rated
from carnet.cli.index_opening import expected_counts, open_for_work, region_option
from carnet.cli.moments import moment
from carnet.cli.opening import records_for_command
from carnet.settings import read_settings
from directory.errors import Message, Refused
from indexer.builds import State, family
from indexer.compare import Kind
from indexer.history import read_history
from indexer.reconcile import Checked, reconcile_region


@click.command()
@region_option
@click.option("--check", is_flag=True, help="Repair nothing; exit status 1 where anything differs.")
def reconcile(only: str | None, check: bool) -> None:
    """Compare the live index with the records, and repair what differs.

    Exit status 0 where they agree at the end, 1 where something could not be repaired.
    """
    records, engine = open_for_work()
    with records.reading() as connection:
        builds = [build for build in family(connection, [only] if only else None) if build.state is State.LIVE]
    if not builds:
        raise Refused(Message("There is no index to compare: run `carnet index rebuild`."))
    there = set(engine.names())
    regions = sorted(build.region for build in builds if build.name in there)
    lost = sorted(build.region for build in builds if build.name not in there)
    expected = expected_counts(records)
    total = sum(held.visible + held.hidden for region, held in expected.items() if region in regions)
    found: list[Checked] = []
    with progress_bar("companies") as bar:
        advance = rated(bar, "compare", total)
        for region in regions:
            found.append(reconcile_region(records, engine, region, advance, repair=not check))
    _report(found, repaired=not check)
    if lost:
        errors.print(
            f"The live index is gone: {', '.join(lost)}. `carnet index rebuild` builds it anew.", style="yellow"
        )
    sys.exit(1 if lost or any(checked.left for checked in found) else 0)


def _report(found: list[Checked], *, repaired: bool) -> None:
    differing = [checked for checked in found if any(checked.drift.values())]
    compared = sum(checked.compared for checked in found)
    errors.print(f"{compared:,} companies in {len(found)} regions compared, {len(differing)} regions differed.")
    if not differing:
        return
    table = Table("region", *(str(kind) for kind in Kind), "left")
    for checked in differing:
        table.add_row(checked.region, *(f"{checked.drift.get(kind, 0):,}" for kind in Kind), f"{checked.left:,}")
    output.print(table)
    if repaired and any(checked.left for checked in differing):
        errors.print(
            "What is left is mended by `carnet index rebuild`, or by a process of the release that made the index.",
            style="yellow",
        )


@click.command()
@region_option
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000))
def history(only: str | None, most: int) -> None:
    """Show what happened to the index, newest first."""
    entries = read_history(records_for_command(read_settings()), region=only, most=most)
    if not entries:
        output.print("Nothing has happened yet.")
        return
    table = Table("when (UTC)", "region", "event", "build", "what", show_edge=False)
    for entry in entries:
        what = ", ".join(f"{name} {value}" for name, value in entry.detail.items() if value is not None)
        table.add_row(moment(entry.at), entry.region, entry.event, entry.build or "", what)
    output.print(table)
