"""`carnet restore`: after a database was restored; and the journal, made small or anew."""

import time
from functools import partial

import click

from carnet.cli.console import errors, progress_bar, rated
from carnet.cli.opening import engine_for_command, records_as_they_are, records_for_command
from carnet.restoring import NO_JOURNAL, bring_up
from carnet.settings import Settings, read_settings
from carnet.stores import own_index
from directory.errors import Refused
from directory.journal import has_entries
from directory.records.readiness import check_records
from directory.restoring.compacting import compact, write_lacking

_BUSY = "A server is running and owns the index: stop it, then restore."


@click.command()
@click.option("--without-journal", is_flag=True, help="Go on where the journal is lost: what it knew stays forgotten.")
@click.option("--compact", "only_compact", is_flag=True, help="Only make the journal small; may run beside servers.")
def restore(without_journal: bool, only_compact: bool) -> None:
    """After a database was restored: replay the journal, then build every region's index anew.

    Stop servers and workers first. Killed half-way, the same command again does the rest.
    """
    settings = read_settings()
    if only_compact:
        _compact(settings)
        return
    if not has_entries(settings.journal) and not without_journal:
        raise Refused(NO_JOURNAL)
    ownership = own_index(settings, refusal=_BUSY)
    records = records_as_they_are(settings)
    check_records(records)
    engine = engine_for_command(settings, ownership)
    engine.check()
    started = time.monotonic()
    with progress_bar("companies") as bar:
        journaled, replayed = bring_up(records, engine, settings.journal, partial(rated, bar))
    write_lacking(records, settings.journal)  # where it is lost, the choices from before the backup
    errors.print(
        f"Restored in {time.monotonic() - started:,.1f} s. Of {journaled:,} companies in the journal the database "
        f"had forgotten: {replayed.hidden:,} hidden, {replayed.visible:,} visible again, {replayed.erased:,} erased. "
        f"{replayed.stubs:,} of them were not in it at all, and stand there by their id alone.",
        soft_wrap=True,
    )
    if without_journal and not journaled:
        errors.print(
            "There was no journal: who opted out since the backup is not known.", style="yellow", soft_wrap=True
        )


def _compact(settings: Settings) -> None:
    if anew := write_lacking(records_for_command(settings), settings.journal):
        errors.print(f"Choices that the journal lacked, written anew from the records: {anew:,}.")
    before, after = compact(settings.journal)
    errors.print(f"Of {before:,} entries in files that nobody writes to, {after:,} are kept.")
