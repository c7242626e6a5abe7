"""`carnet import`: rows from a file into the records, in short transactions that let other writers in between."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from carnet.files import BadFile, Line, Rejects, read_lines
from directory.errors import InvalidInput
from directory.importing import CompanyRow, Outcome, store
from directory.records import Records
from directory.records.again import write_again
from directory.regions import Regions
from directory.rows import parse_row

BATCH = 500
# A batch holds the write lock of SQLite for some 50 ms. In this pause a writer who waits, and looks every 3 ms, comes in.
PAUSE_S = 0.01


@dataclass
class Loaded:
    """How many rows came to what. `rejects` is where the rejected ones were written, if there were any."""

    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    rejected: int = 0
    rejects: Path | None = None

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values()) - self.outcomes[Outcome.ERASED] + self.rejected


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes of the file as it is stored, and rows so far."""

    at: int
    rows: int


def load_file(
    records: Records,
    regions: Regions,
    path: Path,
    folder: Path,
    progress: Callable[[Progress], None] = lambda _: None,
    amend: Callable[[dict[str, Any]], dict[str, Any]] = lambda fields: fields,
) -> Loaded:
    """Import a file; its rejected rows go to a file in `folder`. A bad row never stops the rest.

    `amend` may change the fields of a row before they are judged.

    Raises BadFile (the header, or a damaged file), OSError and Unavailable. What was stored by then stays stored, and the
    same file may be imported again.
    """
    loaded = Loaded()
    rejects = Rejects(path, folder)
    at = 0

    def read_to(position: int) -> None:
        nonlocal at
        at = position

    try:
        with _SeenIds() as seen:
            for batch in _batches(_valid_rows(read_lines(path, read_to), regions, seen, rejects, amend)):
                outcomes = write_again(records, partial(store, rows=[row for _, row in batch]))
                for (line, _), outcome in zip(batch, outcomes, strict=True):
                    loaded.outcomes[outcome] += 1
                    if outcome is Outcome.ERASED:
                        rejects.add(line, "erased")
                loaded.rejected = rejects.count
                progress(Progress(at, loaded.rows))
                time.sleep(PAUSE_S)
    finally:
        rejects.close()
    loaded.rejected = rejects.count
    loaded.rejects = rejects.path if rejects.count else None
    progress(Progress(at, loaded.rows))
    return loaded


def _valid_rows(
    lines: Iterator[Line],
    regions: Regions,
    seen: "_SeenIds",
    rejects: Rejects,
    amend: Callable[[dict[str, Any]], dict[str, Any]],
) -> Iterator[tuple[Line, CompanyRow]]:
    for line in lines:
        if line.fields is None:
            rejects.add(line, line.reason)
            continue
        try:
            row = parse_row(amend(line.fields), regions)
        except InvalidInput as invalid:
            rejects.add(line, str(invalid))
            continue
        first = seen.first_line(row.id, line.number)
        if first != line.number:
            rejects.add(line, f"id: the same as in line {first}")
            continue
        yield line, row


def _batches(rows: Iterator[tuple[Line, CompanyRow]]) -> Iterator[list[tuple[Line, CompanyRow]]]:
    """The last one is yielded before what ended the file too soon is raised: the sentence says that it was read."""
    batch = []
    damage: BadFile | None = None
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except BadFile as error:
        damage = error
    if batch:
        yield batch
    if damage:
        raise damage


class _SeenIds:
    """The ids of one file with their lines, on disk, so that memory does not grow with the file."""

    def __enter__(self) -> "_SeenIds":
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._database.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def first_line(self, company_id: str, line: int) -> int:
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (company_id, line)).rowcount
        if added:
            return line
        found: tuple[int] = self._database.execute("SELECT line FROM seen WHERE id = ?", (company_id,)).fetchone()
        return found[0]
