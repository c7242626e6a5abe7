"""Import files as they come: CSV or JSON lines, plain or gzip, read line by line.

Every line stands by itself: a broken one is rejected with its number and the reason, and the next is read as if nothing
had been. Only what stands in quotes goes on over line breaks, and is one line with them: who can write a line break into an
address must not write rows of a file with it.
"""

import csv
import gzip
import json
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from carnet.csv_lines import LONGEST_LINE, values_of, with_line_breaks
from directory.rows import COLUMNS, REQUIRED

_LONGEST_VALUE = 100_000
_LONGEST_NAME = 60  # of a column that is not known, as it is quoted
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class BadFile(ValueError):
    """The file as a whole cannot be read, or not be used with what a line says; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: either its `fields` or the reason why it has none. `number` counts from 1; `text` is the line itself."""

    number: int
    text: str
    fields: dict[str, Any] | None
    reason: str = ""


def read_lines(
    path: Path, progress: Callable[[int], None] = lambda _at: None, also: Sequence[str] = ()
) -> Iterator[Line]:
    """Each line with data. `progress` is told the position in the file (bytes as stored). `also`: columns that a CSV may have
    besides. Raises BadFile, OSError.
    """
    with path.open("rb") as stored:
        zipped = stored.peek(2)[:2] == b"\x1f\x8b"
        at = stored.tell if stored.seekable() else lambda: 0  # of a pipe nobody knows how long it is
        opened = cast("IO[bytes]", gzip.GzipFile(fileobj=stored) if zipped else stored)
        lines = _numbered(opened)
        first = next(lines, None)
        if first is None:
            raise BadFile(f"{path} is empty.")
        parse: Callable[[int, str], Line] = _json
        if first[1].startswith("{"):
            yield parse(*first)
        else:
            parse, lines = _csv(path, first[1], [*COLUMNS, *also]), with_line_breaks(lines)
        for number, text in lines:
            yield parse(number, text)
            if number % 500 == 0:
                progress(at())
        progress(at())


def _numbered(opened: IO[bytes]) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        while raw := opened.readline(LONGEST_LINE):
            number += 1
            if len(raw) == LONGEST_LINE:
                _skip_line(raw, opened)  # what is left of it must not be taken for rows of their own
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            text = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
            if text.strip():
                yield number, text
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadFile(f"The file is damaged after line {number}: {error}. What came before was read.") from error


def _skip_line(read: bytes, opened: IO[bytes]) -> None:
    while read and not read.endswith(b"\n"):
        read = opened.readline(LONGEST_LINE)


def _json(number: int, text: str) -> Line:
    if not _is_utf8(text):
        return Line(number, text, None, "not UTF-8")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, text, None, "not a JSON object")
    if not isinstance(fields, dict):
        return Line(number, text, None, "not a JSON object")
    return Line(number, text, fields)


def _csv(path: Path, header: str, known: Sequence[str]) -> Callable[[int, str], Line]:
    if not _is_utf8(header) or _CONTROL.search(header):  # nor may it be quoted: a terminal would obey it
        raise BadFile(f"{path} is no text in UTF-8: save it as CSV in UTF-8, or as JSON lines.")
    if header.startswith("["):
        raise BadFile(f"{path} is a JSON array: write the companies as JSON lines, an object in each line.")
    named = values_of(header)
    if named is None:
        raise BadFile(f"{path} begins with what is no line of CSV: are its lines ended, and its quotes closed?")
    columns = [column.strip() for column in named]
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise BadFile(
            f"{path} has a column that is not known: {unknown[0][:_LONGEST_NAME] or '(no name)'}. Known are: {', '.join(known)}."
        )
    if missing := [column for column in REQUIRED if column not in columns]:
        raise BadFile(f"{path} has no column {missing[0]}.")
    if len(set(columns)) < len(columns):
        raise BadFile(f"{path} has a column twice.")

    def parse(number: int, text: str) -> Line:
        if not _is_utf8(text):
            return Line(number, text, None, "not UTF-8")
        values = values_of(text)
        if values is None or any(len(value) > _LONGEST_VALUE for value in values):
            return Line(number, text, None, "not a line of CSV")
        if len(values) != len(columns):
            return Line(number, text, None, f"{len(values)} values where the header names {len(columns)}")
        return Line(number, text, dict(zip(columns, values, strict=True)))

    return parse


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Rejects:
    """The rejected lines of FILE, written to `<name>.rejected.csv` in `folder`, which is made at the first one; where `folder`
    cannot be written to, in a temporary one: a bad row stops nothing, and is not lost.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        name = file.name.removesuffix(".gz")
        self.path = folder / f"{Path(name).stem}.rejected.csv"
        self.count = 0
        self._file: IO[str] | None = None
        self._may_write = os.access(folder, os.W_OK | os.X_OK)
        if self._may_write:
            self.path.unlink(missing_ok=True)  # it is of an earlier run

    def add(self, line: Line, reason: str) -> None:
        if self._file is None:
            if not self._may_write:
                self.path = Path(tempfile.mkdtemp(prefix="carnet-rejected-")) / self.path.name
            # A row is all that is known of a company, hidden or not.
            private = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(private, "w", encoding="utf-8", newline="", errors="backslashreplace")
            csv.writer(self._file).writerow(("line", "reason", "row"))
        csv.writer(self._file).writerow((line.number, reason, line.text))
        self.count += 1

    def close(self) -> None:
        if self._file:
            self._file.close()
