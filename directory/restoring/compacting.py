"""Makes the journal small again: of all that finished processes wrote, the newest entry of each company.

Beside running processes: what one of them has open stays as it is. The new file has its name, and is on disk, before an
old one goes, so a crash anywhere leaves entries twice and none out.
"""

import fcntl
import os
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from directory.journal import (
    ERASED,
    HIDDEN,
    RESTORED,
    VISIBLE,
    Entry,
    files,
    give_to_owner,
    is_at,
    make_folder,
    read_file,
    sync_folder,
    unavailable,
)
from directory.records import Records
from directory.records.tables import now
from directory.restoring.comparing import lacking
from directory.restoring.newest import Newest, read_newest

_UNFINISHED = ".unfinished"


def compact(folder: Path) -> tuple[int, int]:
    """How many entries there were in files that nobody writes to, and how many are left. Raises Unavailable("journal")."""
    try:
        with ExitStack() as held:
            mine = [path for path in files(folder) if _lock(path, held)]
            return _compact(folder, mine) if mine else (0, 0)
    except OSError as error:
        raise unavailable(error) from error


def write_lacking(records: Records, folder: Path) -> int:
    """Write what a journal has lost from records that know it still: how many companies' choices. Raises Unavailable."""
    rows = lacking(records, read_newest(folder))
    if rows:
        write_choices(folder, rows)
    return len(rows)


def write_choices(folder: Path, rows: Sequence[Row[Any]]) -> None:
    """The choices of these companies, as they stand, in a file of their own. Raises Unavailable("journal")."""
    try:
        make_folder(folder)
        _write(folder, [Entry(row.id, row.index_version, _state(row), now()) for row in rows])
    except OSError as error:
        raise unavailable(error) from error


def _state(row: Row[Any]) -> str:
    return ERASED if row.erased else VISIBLE if row.visible else HIDDEN


def _lock(path: Path, held: ExitStack) -> bool:
    try:
        file = held.enter_context(path.open("r+b"))  # NFS locks only what may be written
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # in use, or gone
        return False
    return is_at(file.fileno(), path)  # else another has compacted it between the two


def _compact(folder: Path, paths: list[Path]) -> tuple[int, int]:
    newest, count = Newest(), 0
    for path in paths:
        for entry in read_file(path):
            newest.add(entry)
            count += 1
    kept = sorted(newest.entries.values(), key=attrgetter("at"))  # the last ones are looked at while processes run
    if newest.floor:
        kept.append(Entry("", newest.floor, RESTORED, now()))
    if kept:
        _write(folder, kept)
    for path in paths:
        path.unlink()
    sync_folder(folder)
    return count, len(kept)


def _write(folder: Path, entries: list[Entry]) -> None:
    name = folder / f"compacted-{now()}-{secrets.token_hex(8)}.jsonl"
    unfinished = name.with_suffix(_UNFINISHED)
    try:
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            give_to_owner(file.fileno(), folder)
            file.writelines(entry.line for entry in entries)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(name)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(folder)
