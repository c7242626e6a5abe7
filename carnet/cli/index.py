"""`carnet index`: the builds of each region, and building them anew."""

import sys
import time

import click
from rich.table import Table
from sqlalchemy import case, func, select

from carnet.cli.console import errors, output, progress_bar, rated
from carnet.cli.opening import engine_for_command, records_for_command
from carnet.settings import read_settings
from carnet.wiring import own_index
from directory import outbox
from directory.errors import Unavailable
from directory.records import Records
from directory.records.tables import companies
from indexer.builds import State, family
from indexer.engines.port import Counts
from indexer.rebuild import rebuild_regions
from indexer.render import fingerprint

_REGION = click.option("--region", "only", metavar="R", help="Only this region (ISO 3166-1, lower case).")
_BUSY = "A server is running and owns the index: stop it, then rebuild."


@click.group()
def index() -> None:
    """The search index: its builds, and building them anew."""


@index.command()
@_REGION
def status(only: str | None) -> None:
    """Builds, fingerprint, counts, and how far the index is behind. Exit status 1 where it is not what it should be."""
    settings = read_settings()
    records, ours = records_for_command(settings), fingerprint()
    engine = engine_for_command(settings)
    with records.reading() as connection:
        builds = family(connection, [only] if only else None)
        waiting, since = outbox.depth(connection)
    expected = _expected(records)
    table = Table(title=f"Index builds (this release: {ours})")
    for heading in ("region", "build", "state", "visible", "hidden", "expected", ""):
        table.add_column(heading, justify="right" if heading in ("visible", "hidden", "expected") else "left")
    healthy = waiting == 0
    for build in builds:
        try:
            held: Counts | None = engine.count(build.name)
        except Unavailable:
            held = None
        should = expected.get(build.region, Counts(0, 0))
        remark = _remark(build.state, build.fingerprint, held, should, ours)
        healthy = healthy and not (remark and build.state is State.LIVE)
        counts = (f"{held.visible:,}", f"{held.hidden:,}") if held else ("–", "–")
        table.add_row(
            build.region,
            build.name,
            build.state,
            *counts,
            f"{should.visible:,}",
            remark,
            style="yellow" if remark else "",
        )
    unserved = sorted(set(expected) - {build.region for build in builds if build.state is State.LIVE})
    if only:
        unserved = [region for region in unserved if region == only]
    output.print(table)
    if unserved:
        output.print(
            f"Regions with companies and no index: {', '.join(unserved)}. Run `carnet index rebuild`.", style="yellow"
        )
    lag = f", the oldest for {time.time() - since / 1000:,.0f} s" if since else ""
    output.print(f"Outbox: {waiting:,} changes wait{lag}.")
    sys.exit(0 if healthy and not unserved else 1)


@index.command()
@_REGION
@click.option(
    "--at-once",
    default=2,
    show_default=True,
    type=click.IntRange(1, 8),
    help="Regions side by side; OpenSearch only, the embedded index has one writer.",
)
def rebuild(only: str | None, at_once: int) -> None:
    """Build the index anew from the records, region by region, and put it in the place of the live one."""
    settings = read_settings()
    ownership = own_index(settings, refusal=_BUSY)
    records = records_for_command(settings)
    engine = engine_for_command(settings, ownership)
    expected = _expected(records)
    if only and only not in expected:
        raise click.BadParameter(f"there is no company in {only}", param_hint="--region")
    regions = [only] if only else sorted(expected)
    total = sum(expected[region].visible + expected[region].hidden for region in regions)
    started = time.monotonic()
    with progress_bar("companies") as bar:
        rebuild_regions(records, engine, regions, at_once, rated(bar, "rebuild", total))
    seconds = time.monotonic() - started
    errors.print(
        f"Built {len(regions)} regions, {total:,} companies, in {seconds:,.1f} s ({total / seconds:,.0f} a second)."
    )


def _expected(records: Records) -> dict[str, Counts]:
    """What each region's index should hold, by the records."""
    shown = (
        companies.c.visible & (companies.c.status == "active") & (companies.c.kind == "business") & ~companies.c.erased
    )
    visible = func.sum(case((shown, 1), else_=0))
    query = select(companies.c.region, visible, func.count()).group_by(companies.c.region)
    with records.reading() as connection:
        return {region: Counts(seen, count - seen) for region, seen, count in connection.execute(query)}


def _remark(state: State, made_by: str, held: Counts | None, should: Counts, ours: str) -> str:
    if held is None:
        return "missing in the engine"
    if made_by != ours:
        return "of another release or tuning: rebuild"
    if state is State.LIVE and held.visible != should.visible:
        return "differs from the records"
    return ""
