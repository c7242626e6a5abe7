"""`carnet migrate` and `carnet import`."""

import sys
import time
from pathlib import Path

import click
from rich.table import Table

from carnet.cli.console import errors, progress_bar
from carnet.cli.indexing import show_in_index
from carnet.cli.opening import records_for_command
from carnet.load import Loaded, load_file
from carnet.load import Progress as LoadProgress
from carnet.settings import read_settings
from carnet.stores import connect, own_index
from directory.importing import Outcome
from directory.records.schema import current, downgrade, revisions
from directory.records.schema import migrate as migrate_tables
from directory.records.sqlite import create_sqlite_file

ROWS_REJECTED = 3
_BUSY = "A server is running, and needs the tables as they are: stop it, then do this."


@click.command()
@click.option(
    "--back-to", metavar="REVISION", help="Take them back to what an older release needs; it names the revision."
)
def migrate(back_to: str | None) -> None:
    """Create or upgrade the tables. Before they are taken back, stop servers and workers."""
    if back_to and back_to not in revisions():
        raise click.UsageError(f"This release knows no revision {back_to}: {', '.join(reversed(revisions()))}.")
    settings = read_settings()
    if settings.sqlite_path:
        create_sqlite_file(settings.sqlite_path)
    records = connect(settings)
    click.get_current_context().call_on_close(records.close)
    before = current(records)
    if back_to:
        if back_to > before:
            raise click.UsageError(f"The tables are at revision {before or 'none'}: {back_to} lies ahead of it.")
        if back_to < before:
            if ownership := own_index(settings, refusal=_BUSY):
                click.get_current_context().call_on_close(ownership.give_back)
            downgrade(records, back_to)
    else:
        migrate_tables(records)
    after = current(records)
    errors.print("The tables were up to date." if before == after else f"The tables are at revision {after} now.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--no-index", is_flag=True, help="Leave the index to a later rebuild.")
def import_file(file: Path, no_index: bool) -> None:
    """Import companies from CSV or JSON lines, plain or gzip.

    Idempotent by id. Rejected rows go to NAME.rejected.csv in the current folder, and the exit status is then 3.
    """
    settings = read_settings()
    records = records_for_command(settings)
    started = time.monotonic()
    with progress_bar("rows") as bar:
        task = bar.add_task(file.name, total=file.stat().st_size or None, rate="…")

        def advance(progress: LoadProgress) -> None:
            rate = f"{progress.rows / (time.monotonic() - started):,.0f}"
            bar.update(task, completed=progress.at, rate=rate)

        loaded = load_file(records, settings.regions, file, Path.cwd(), advance)
    _report(loaded, time.monotonic() - started)
    if not no_index:
        show_in_index(settings, records)
    if loaded.rejected:
        sys.exit(ROWS_REJECTED)


def _report(loaded: Loaded, seconds: float) -> None:
    table = Table(title=f"{loaded.rows:,} rows in {seconds:,.1f} s ({loaded.rows / max(seconds, 0.001):,.0f} a second)")
    for heading in (Outcome.ADDED, Outcome.CHANGED, Outcome.UNCHANGED, "rejected"):
        table.add_column(heading, justify="right")
    shown = [loaded.outcomes[outcome] for outcome in (Outcome.ADDED, Outcome.CHANGED, Outcome.UNCHANGED)]
    table.add_row(*(f"{count:,}" for count in shown), f"{loaded.rejected:,}", style="yellow" if loaded.rejected else "")
    errors.print(table)
    if loaded.rejects:
        errors.print(f"The rejected rows and the reasons are in {loaded.rejects}", style="yellow", soft_wrap=True)
