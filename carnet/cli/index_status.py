"""`carnet index status`: each build beside what the records say, how far the index is behind, and the last comparison."""

import sys
from dataclasses import dataclass, replace

import click
from rich.table import Table

from carnet.cli.console import is_narrow, output
from carnet.cli.index_opening import expected_counts, region_option
from carnet.cli.moments import since
from carnet.cli.opening import engine_for_command, records_for_command
from carnet.settings import read_settings
from directory import outbox
from directory.errors import Unavailable
from indexer.build_names import BuildName
from indexer.builds import Build, State, all_builds
from indexer.engines.port import Counts, Engine
from indexer.reconcile import Checked, last_checks
from indexer.render import fingerprint

_TITLE = "Index builds (this release: {})"
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
    silent = _silent(engine)
    if only and only not in expected and not builds:
        raise click.BadParameter(f"there is no company in {only}, and no index of it", param_hint="--region")
    healthy = waiting == 0
    # With the lease held a swap may be on its way, and look-ups read another than the live one for a moment.
    may_be_read = {build.name for build in builds if build.state is State.LIVE or build.leased}
    lines = [
        _line(engine, build, may_be_read, expected.get(build.region, Counts(0, 0)), checks.get(build.region))
        for build in builds
    ]
    healthy = healthy and not any(line.wrong for line in lines)
    if silent:  # what nobody could look at is not said to be lost
        lines = [replace(line, remark=silent) for line in lines]
    table = _table(lines)
    if is_narrow(table):
        _print_narrow(lines)
    else:
        output.print(table)
    unserved = sorted(set(expected) - {build.region for build in builds if build.state is State.LIVE})
    if unserved := [region for region in unserved if only in (None, region)]:
        listed = ", ".join(unserved)
        output.print(f"Regions with companies and no index: {listed}. Run `carnet index rebuild`.", style="yellow")
    lag = f", the oldest for {since(oldest)}" if oldest else ""
    output.print(f"Outbox: {waiting:,} changes wait{lag}.")
    sys.exit(0 if healthy and not unserved else 1)


def _silent(engine: Engine) -> str:
    """What is wrong where the engine as a whole does not answer."""
    try:
        engine.names()
    except Unavailable as error:
        return f"search does not answer: {error.reason}"
    return ""


@dataclass(frozen=True, slots=True)
class _Line:
    build: Build
    numbers: tuple[str, ...]
    compared: str
    remark: str

    @property
    def wrong(self) -> bool:
        return bool(self.remark) and self.build.state is State.LIVE


def _table(lines: list[_Line]) -> Table:
    table = Table(title=_TITLE.format(fingerprint()))
    for heading in ("region", "build", "state", *_NUMBERS, "last comparison", ""):
        text = heading in ("last comparison", "")
        table.add_column(heading, justify="right" if heading in _NUMBERS else "left", no_wrap=not text)
    for line in lines:
        build = line.build
        cells = (build.region, build.name, build.state, *line.numbers, line.compared, line.remark)
        table.add_row(*cells, style="yellow" if line.wrong else "")
    return table


def _print_narrow(lines: list[_Line]) -> None:
    """The same for a terminal that has no room for so many columns: the build's make in place of its name, what is said of it
    below.
    """
    table = Table(title=_TITLE.format(fingerprint()), show_edge=False)
    for heading in ("region", "made by", "state", *_NUMBERS):
        table.add_column(heading, justify="right" if heading in _NUMBERS else "left", no_wrap=True)
    for line in lines:
        build = line.build
        style = "yellow" if line.wrong else ""
        table.add_row(build.region, build.fingerprint, build.state, *line.numbers, style=style)
    output.print(table)
    for line in lines:
        said = "; ".join(filter(None, (line.compared and f"compared {line.compared}", line.remark)))
        output.print(f"{line.build.name}: {said or line.build.state}", style="yellow" if line.wrong else "")


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
    return _Line(build, (*counts, f"{should.visible:,}", since(build.created_at)), compared, remark)


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
    if build.state is State.RETIRING:
        return "kept for rollback"
    if build.fingerprint != fingerprint():
        return "of another release or tuning: rebuild"
    if held.visible != should.visible:
        return "differs from the records"
    return ""
