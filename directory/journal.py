"""The journal of opt-outs, kept outside the database, so that restoring an old database cannot forget them.

One file of JSON lines for each process; all are replayed. A line is on disk before the answer that it stands for.
docs/adr/0010 has the orderings; directory.restoring reads it.
"""

import fcntl
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from directory.errors import Unavailable
from directory.records.tables import now

VISIBLE, HIDDEN, ERASED = "visible", "hidden", "erased"
RESTORED = "restored"  # of no company: from here on a restore has begun, which raises every version to this one or more
_STATES = (VISIBLE, HIDDEN, ERASED, RESTORED)


@dataclass(frozen=True, slots=True)
class Entry:
    """`state` is visible, hidden or erased; `at` is in milliseconds since 1970, and orders nothing: the version does."""

    company: str
    index_version: int
    state: str
    at: int

    @property
    def line(self) -> bytes:
        said = {"company": self.company, "index_version": self.index_version, "state": self.state, "at": self.at}
        return json.dumps(said).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> "Entry":
        """Raises ValueError for a line that `line` would not have made."""
        try:
            entry = cls(**json.loads(line))
        except TypeError as error:
            raise ValueError(str(error)) from error
        if entry.state not in _STATES or not isinstance(entry.index_version, int) or not isinstance(entry.company, str):
            raise ValueError("not an entry")
        return entry


class FileJournal:
    """Appends to a file of its own in `folder`, which is made if need be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = folder
        self._length = 0
        self._owner = 0

    def append(self, company_id: str, index_version: int, state: str) -> None:
        line = Entry(company_id, index_version, state, now()).line
        with self._lock:
            try:
                file = self._open()
                try:
                    if os.write(file, line) != len(line):
                        raise OSError("the line was not written whole")
                    os.fsync(file)
                except OSError:
                    self._take_back(file)
                    raise
            except OSError as error:
                raise unavailable(error) from error
            self._length += len(line)

    def check(self) -> None:
        """Raises Unavailable("journal") where it could not be written to."""
        with self._lock:
            try:
                self._open()
            except OSError as error:
                raise unavailable(error) from error

    def close(self) -> None:
        """What comes after goes to a new file; this one may be compacted."""
        with self._lock:
            if self._file is not None and self._owner == os.getpid():
                os.close(self._file)
            self._file = None

    def _open(self) -> int:
        if self._file is not None and self._owner == os.getpid() and _is_at(self._file, self._path):
            return self._file
        if self._file is not None and self._owner == os.getpid():  # the folder was removed, or another is in its place
            os.close(self._file)
        self._file = None  # a forked process writes a file of its own
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file, self._path = _open_own(self.folder)
        self._length, self._owner = 0, os.getpid()
        return self._file

    def _take_back(self, file: int) -> None:
        """A disk that was full has taken a part of the line: the next one must not go on from there."""
        try:
            os.ftruncate(file, self._length)
            os.fsync(file)
        except OSError:  # what this file holds now is uncertain: a new one is begun
            self._file = None
            os.close(file)


def _open_own(folder: Path) -> tuple[int, Path]:
    """A new file of this process, locked for as long as it is open: whoever compacts leaves it alone."""
    while True:
        path = folder / f"{socket.gethostname()}-{os.getpid()}-{now()}.jsonl"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with suppress(OSError):  # a file system without locks cannot be compacted either
            fcntl.flock(file, fcntl.LOCK_EX)
        if _is_at(file, path):  # else it was compacted away between the two: what is written there would be lost
            sync_folder(folder)
            return file, path
        os.close(file)


def _is_at(file: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.stat())
    return False


def sync_folder(folder: Path) -> None:
    """Returns once the names in it are on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def has_entries(folder: Path) -> bool:
    return any(path.stat().st_size for path in files(folder))


def replay(folder: Path) -> Iterator[Entry]:
    """Every entry of every file, in no order, some perhaps twice; a line at a time, however long the files are.

    A last line that a crash cut short was never answered for, and is left out.
    """
    read: set[Path] = set()
    while left := [path for path in files(folder) if path not in read]:
        for path in left:
            with suppress(FileNotFoundError):  # compacted meanwhile: what it held stands in a file that is there by now
                yield from read_file(path)
            read.add(path)


def read_file(path: Path) -> Iterator[Entry]:
    """The entries of one file. Raises Unavailable("journal") for one that is damaged elsewhere than in its last line."""
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                yield Entry.parse(line)
            except ValueError as error:
                raise Unavailable("journal", f"{path} holds a line that cannot be read") from error


def unavailable(error: OSError) -> Unavailable:
    return Unavailable("journal", f"{type(error).__name__}: {error.strerror or error}")
