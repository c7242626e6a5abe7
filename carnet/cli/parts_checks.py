"""What `carnet doctor` asks of the records, the journal and the index. It makes none of them where there is none: an address
that was mistyped would be one that works.
"""

import os
import shutil
from pathlib import Path

import click

from carnet.cli.opening import engine_for_command
from carnet.settings import Settings
from carnet.stores import connect
from directory.errors import CarnetError, Message, Refused, Unavailable
from directory.journal import FileJournal, has_entries
from directory.records import Records
from directory.records.readiness import check_records
from directory.records.schema import current, require_current
from directory.restoring.comparing import check_replayed, knows_choices, lacking
from indexer.builds import live_builds
from indexer.readiness import check_engine

_LEAST_ROOM = 10_000_000  # bytes


def is_to_be_made(settings: Settings) -> bool:
    """Whether there is no database yet: the first command that needs one makes it."""
    return bool(settings.sqlite_path and not settings.sqlite_path.exists())


def check_database(settings: Settings) -> None:
    """Raises Refused, too, where it is of another release. One that is to be made only needs a place."""
    if settings.sqlite_path and is_to_be_made(settings):
        _check_may_make(settings.sqlite_path)
        if settings.embedded_path and any(settings.embedded_path.glob("companies-??-*")):
            raise Refused(
                Message("There is no database there, and an index of one: another is named, or it was taken away.")
            )
        return
    if settings.sqlite_path:
        _check_may_write(settings.sqlite_path.parent)  # for what SQLite writes beside it
        if not os.access(settings.sqlite_path, os.R_OK | os.W_OK):
            raise PermissionError(f"{settings.sqlite_path} cannot be written to by this user.")
    records = _records(settings)
    require_current(records)
    check_records(records)


def check_journal(settings: Settings) -> None:
    if not settings.journal.exists():
        _check_may_make(settings.journal)
    if has_entries(settings.journal):
        records = _records(settings)
        if not current(records):
            raise Refused(Message("There are no tables in the database to compare it with."))
        _check_complete(records, settings.journal)
    elif not is_to_be_made(settings) and current(records := _records(settings)) and knows_choices(records):
        raise Refused(
            Message(
                "It holds nothing, and the records know of choices: were the database restored, those made since could not "
                "be known. Put the folder back; if it is lost, run `carnet restore --compact`, which writes it anew."
            )
        )
    if settings.journal.exists():
        _check_room(settings.journal)
        journal = FileJournal(settings.journal)
        try:
            journal.check()
        finally:
            journal.close()  # and leaves no file, which would be of whoever asks


def _check_complete(records: Records, folder: Path) -> None:
    if count := len(lacking(records, check_replayed(records, folder))):
        raise Refused(
            Message(
                "It lacks what the records know of the choices of this many companies: %(count)s. Put back what is missing; if "
                "that is lost, run `carnet restore --compact`, which writes it anew.",
                count=count,
            )
        )


def check_index(settings: Settings) -> None:
    folder = settings.embedded_path
    if folder is None or folder.exists():
        for path in [folder, *folder.glob("companies-??-*")] if folder else []:
            _check_may_write(path)
        engine = engine_for_command(settings)
        engine.check()
    try:
        records = _records(settings)
        require_current(records)
    except CarnetError:  # said of the records
        return
    if folder and not folder.exists():
        with records.reading() as connection:
            if live_builds(connection):
                raise Refused(Message("The index is gone: a server builds it anew when it starts."))
        return
    try:
        check_engine(records, engine)
    except Unavailable as error:
        mend = (
            "%(reason)s: `carnet index rebuild`, or a server's start, builds it anew."
            if folder
            else "%(reason)s: `carnet index rebuild` builds it anew."
        )
        raise Refused(Message(mend, reason=error.reason)) from error


def _records(settings: Settings) -> Records:
    if is_to_be_made(settings):
        raise Refused(Message("There is no database there."))
    records = connect(settings)
    click.get_current_context().call_on_close(records.close)
    return records


def _check_may_make(folder: Path) -> None:
    _check_may_write(next(parent for parent in folder.parents if parent.exists()))


def _check_may_write(folder: Path) -> None:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be written to by this user.")
    _check_room(folder)


def _check_room(folder: Path) -> None:
    """Where there is none, servers go on to read, and all looks well to who writes nothing."""
    if shutil.disk_usage(folder).free < _LEAST_ROOM:
        raise OSError(f"The disk of {folder} is full, or all but full: free space.")
