"""`carnet index status`: each build beside what the records say, how far the index is behind, and the last comparison."""

import sys
from dataclasses import dataclass

import click
from rich.table import Table

from carnet.cli.console import output
from carnet.cli.index_opening import expected_counts, region_option
from carnet.cli.moments import since
from carnet.cli.opening import engine_for_command, records_for_command
from carnet.settings import read_settings
from directory import outbox
from directory.errors import Unavailable
from indexer.builds import Build, BuildName, State, all_builds
from indexer.engines.port import Counts, Engine
from indexer.reconcile import Checked, last_checks
from indexer.render import fingerprint

_NUMBERS = ("visible", "hidden", "expected", "age")


@click.command()
@region_option
def status(only: str | None) -> None:
    """Builds, fingerprint, counts, and how far the index is behind. Exit status 1 where it is not what it should be."""
    settings = read_settings()
    records = records_for_command(settings)
    engine = engine_for_command(settings)
    with records.reading() as connection:
        builds = all_builds(connection, [only] if only else None)
        waiting, oldest = outbox.depth(connection)
    expected, checks = expected_counts(records), last_checks(records)
    if only and only not in expected and not builds:
        raise click.BadParameter(f"there is no company in {only}, and no index of it", param_hint="--region")
    healthy = waiting == 0
    # With the lease held a swap may be on its way, and look-ups read another than the live one for a moment.
    may_be_read = {build.name for build in builds if build.state is State.LIVE or build.leased}
    table = Table(title=f"Index builds (this release: {fingerprint()})")
    for heading in ("region", "build", "state", *_NUMBERS, "last comparison", ""):
        table.add_column(heading, justify="right" if heading in _NUMBERS else "left")
    for build in builds:
        line = _line(engine, build, may_be_read, expected.get(build.region, Counts(0, 0)), checks.get(build.region))
        healthy = healthy and not line.wrong
        table.add_row(*line.cells, style="yellow" if line.wrong else "")
    output.print(table)
    unserved = sorted(set(expected) - {build.region for build in builds if build.state is State.LIVE})
    if unserved := [region for region in unserved if only in (None, region)]:
        listed = ", ".join(unserved)
        output.print(f"Regions with companies and no index: {listed}. Run `carnet index rebuild`.", style="yellow")
    lag = f", the oldest for {since(oldest)}" if oldest else ""
    output.print(f"Outbox: {waiting:,} changes wait{lag}.")
    sys.exit(0 if healthy and not unserved else 1)


@dataclass(frozen=True, slots=True)
class _Line:
    cells: tuple[str, ...]
    wrong: bool


def _line(engine: Engine, build: Build, may_be_read: set[str], should: Counts, checked: Checked | None) -> _Line:
    live = build.state is State.LIVE
    try:
        held: Counts | None = engine.count(build.name)
    except Unavailable:
        held = None
    remark = _remark(build, held, should) or (_misread(engine, build, may_be_read) if live else "")
    compared = ""
    if live and checked:
        drift = ", ".join(f"{number:,} {kind}" for kind, number in checked.drift.items() if number)
        left = f", {checked.left:,} left" if drift else ""
        compared = f"{since(checked.at)} ago: {drift or 'no drift'}{left}"
        if checked.left and checked.build == build.name:
            remark = remark or "differs from the records"
    counts = (f"{held.visible:,}", f"{held.hidden:,}") if held else ("–", "–")
    cells = (build.region, build.name, build.state, *counts, f"{should.visible:,}", since(build.created_at), compared)
    return _Line((*cells, remark), wrong=bool(remark) and live)


def _misread(engine: Engine, build: Build, may_be_read: set[str]) -> str:
    try:
        served = engine.serving(build.region)
    except Unavailable as error:
        return error.reason
    right = served in may_be_read and BuildName.parse(served).region == build.region
    return "" if right else f"look-ups read {served or 'none'}"


def _remark(build: Build, held: Counts | None, should: Counts) -> str:
    if held is None:
        return "missing in the engine"
    if build.state is State.BUILDING:
        return "being built" if build.building_now else "given up, and about to be dropped"
    if build.state is State.DROPPING:
        return "about to be dropped"
    if build.fingerprint != fingerprint():
        return "of another release or tuning: rebuild"
    if build.state is State.LIVE and held.visible != should.visible:
        return "differs from the records"
    return ""
