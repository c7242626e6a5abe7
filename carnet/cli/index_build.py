"""`carnet index rebuild` and `carnet index rollback`."""

import gc
import time

import click
from rich.table import Table

from carnet.cli.console import errors, output, progress_bar, rated
from carnet.cli.index_opening import expected_counts, open_for_work, region_option, wanted_regions
from directory.errors import Message, Refused
from directory.records import Records
from indexer.builds import State, family, live_builds
from indexer.compare import Kind
from indexer.engines.port import Counts, Engine
from indexer.rebuild import rebuild_regions
from indexer.reconcile import check_build
from indexer.render import fingerprint
from indexer.rollback import rollback_region


@click.command()
@region_option
@click.option(
    "--at-once",
    default=2,
    show_default=True,
    type=click.IntRange(1, 8),
    help="Regions side by side; OpenSearch only, the embedded index has one writer.",
)
@click.option("--allow-shrink", is_flag=True, help="Also where the new index shows less than 80 % of the companies.")
@click.option(
    "--lost", is_flag=True, help="Do not ask where none of the live indices is left: they are known to be lost."
)
@click.option("--dry-run", is_flag=True, help="Build nothing: say what would differ from the live index.")
def rebuild(only: str | None, at_once: int, allow_shrink: bool, lost: bool, dry_run: bool) -> None:
    """Build the index anew from the records, region by region, and put it in the place of the live one.

    May be stopped at any moment and started again: what was not finished is dropped, and the live index stays.
    """
    records, engine = open_for_work(anew=True, lost=lost or dry_run)
    expected = expected_counts(records)
    regions = wanted_regions(only, expected)
    if dry_run:
        _say_what_differs(records, engine, regions, expected)
        return
    size = {region: expected[region].visible + expected[region].hidden for region in regions}
    regions.sort(key=lambda region: -size[region])  # a large one that begins last is at work alone in the end
    total = sum(size.values())
    gc.freeze()  # what is loaded by now stays: looking through it again and again took a sixth of the time of rendering
    started = time.monotonic()
    with progress_bar("companies") as bar:
        advance = rated(bar, "rebuild", total, then="put in order")
        rebuild_regions(records, engine, regions, at_once, advance, allow_shrink=allow_shrink)
    seconds = time.monotonic() - started
    errors.print(
        f"Built {len(regions)} regions, {total:,} companies, in {seconds:,.1f} s ({total / seconds:,.0f} a second)."
    )


def _say_what_differs(records: Records, engine: Engine, regions: list[str], expected: dict[str, Counts]) -> None:
    with records.reading() as connection:
        live = {build.region: build for build in live_builds(connection)}
    table = Table("region", "now made by", "then", "shows now", "then", "of these " + ", ".join(Kind))
    for region in regions:
        build, should = live.get(region), expected[region]
        if build is None or build.name not in engine.names():
            table.add_row(region, "no index", fingerprint(), "–", f"{should.visible:,}", "")
            continue
        checked = check_build(records, engine, build.name, repair=False)
        differs = ", ".join(f"{checked.drift.get(kind, 0):,}" for kind in Kind)
        shown = engine.count(build.name).visible
        table.add_row(region, build.fingerprint, fingerprint(), f"{shown:,}", f"{should.visible:,}", differs)
    output.print(table)
    output.print("Nothing was built.")


@click.command()
@region_option
def rollback(only: str | None) -> None:
    """Go back to the index before, where there is one. The one that is left is kept: once more goes forward again."""
    records, engine = open_for_work()
    with records.reading() as connection:
        builds = family(connection, [only] if only else None)
    regions = sorted({build.region for build in builds if build.state is State.RETIRING})
    if not regions:
        where = f"of {only} " if only else ""
        raise Refused(Message("There is no earlier index %(where)sto go back to.", where=where))
    for region in regions:
        back = rollback_region(records, engine, region)
        errors.print(f"{region}: look-ups read {back.build} again.", soft_wrap=True)
        if back.fingerprint != fingerprint():
            errors.print(
                f"  It is of another release or tuning ({back.fingerprint}). Opt-outs are in it, and will be; "
                f"{back.outdated:,} companies whose names are newer wait in the outbox until that release, "
                "or the tuning, is back.",
                style="yellow",
            )
