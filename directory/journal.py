"""The journal of opt-outs, kept outside the database, so that restoring an old database cannot forget them.

One file of JSON lines for each process; all are replayed. A line is on disk before the answer that it stands for.
"""

import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from directory.errors import Unavailable
from directory.records.tables import now


@dataclass(frozen=True, slots=True)
class Entry:
    """`state` is visible, hidden or erased; `at` is in milliseconds since 1970, and orders nothing: the version does."""

    company: str
    index_version: int
    state: str
    at: int


class FileJournal:
    """Appends to a file of its own in `folder`, which is made if need be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._owner = 0

    def append(self, company_id: str, index_version: int, state: str) -> None:
        entry = {"company": company_id, "index_version": index_version, "state": state, "at": now()}
        line = json.dumps(entry).encode() + b"\n"
        with self._lock:
            try:
                file = self._open()
                if os.write(file, line) != len(line):
                    raise OSError("the line was not written whole")
                os.fsync(file)
            except OSError as error:
                raise Unavailable("journal", f"{type(error).__name__}: {error.strerror or error}") from error

    def check(self) -> None:
        """Raises Unavailable("journal") where it could not be written to."""
        with self._lock:
            try:
                self._open()
            except OSError as error:
                raise Unavailable("journal", f"{type(error).__name__}: {error.strerror or error}") from error

    def _open(self) -> int:
        if self._file is None or self._owner != os.getpid():  # a forked process writes a file of its own
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{socket.gethostname()}-{os.getpid()}-{now()}.jsonl"
            self._file = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._owner = os.getpid()
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return self._file


def replay(folder: Path) -> Iterator[Entry]:
    """Every entry of every file, in no order. A last line that a crash cut short was never answered for, and is left out."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                continue
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise Unavailable("journal", f"{path} holds a line that cannot be read") from error
