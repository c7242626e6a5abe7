"""Appending to the journal, and nothing lost where that fails."""

import fcntl
import itertools
import os
import socket
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from directory.journal.entry import Entry, unavailable
from directory.records.tables import now

_REMEMBERED = 10_000  # companies
_PROBE = b" " * 8_192  # no line: were it left there by a crash, it is passed over


class FileJournal:
    """Appends to a file of its own in `folder`, which is made if need be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = folder
        self._length = 0
        self._owner = 0
        self._failed = False
        self._missed = 0
        self._last: OrderedDict[str, tuple[int, str]] = OrderedDict()

    def append(self, company_id: str, index_version: int, state: str) -> None:
        """Returns once the line is on disk. What this file said of the company last is not said again: of calls that are
        repeated for ever, the journal would come to end with nothing else.
        """
        line = Entry(company_id, index_version, state, now()).line
        said = index_version, state
        with self._lock:
            try:
                file = self._open()
                if self._last.get(company_id) == said:
                    return
                try:
                    if os.write(file, line) != len(line):
                        raise OSError("the line was not written whole")
                    os.fsync(file)
                except OSError:
                    self._take_back(file)
                    raise
            except OSError as error:
                self._failed = True
                self._missed += 1
                raise unavailable(error) from error
            self._length += len(line)
            self._failed = False
            self._remember(company_id, said)

    def check(self) -> None:
        """Raises Unavailable("journal") where it could not be written to. After a line has failed, it is tried."""
        with self._lock:
            try:
                file = self._open()
                if self._failed:
                    self._try(file)
            except OSError as error:
                raise unavailable(error) from error

    def missed(self) -> int:
        """How many lines could not be written so far. Raises Unavailable("journal") while the next one could not be."""
        if self._missed:
            self.check()
        return self._missed

    def close(self) -> None:
        """What comes after goes to a new file; this one may be compacted, and is taken away where nothing was written."""
        with self._lock:
            if self._file is not None and self._owner == os.getpid():
                if not os.fstat(self._file).st_size and is_at(self._file, self._path):
                    self._path.unlink(missing_ok=True)
                os.close(self._file)
            self._file = None

    def _remember(self, company_id: str, said: tuple[int, str]) -> None:
        self._last[company_id] = said
        self._last.move_to_end(company_id)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)

    def _open(self) -> int:
        if self._file is not None and self._owner == os.getpid():
            if is_at(self._file, self._path) and os.fstat(self._file).st_size == self._length:
                return self._file
            os.close(self._file)  # the folder was removed or replaced, or somebody has cut the file short
        self._file = None  # a forked process writes a file of its own
        make_folder(self.folder)
        self._file, self._path = _open_own(self.folder)
        self._length, self._owner = 0, os.getpid()
        self._last.clear()
        return self._file

    def _try(self, file: int) -> None:
        try:
            if os.write(file, _PROBE) != len(_PROBE):
                raise OSError("there is no room")
        finally:
            self._take_back(file)
        self._failed = False

    def _take_back(self, file: int) -> None:
        """A disk that was full has taken a part of the line: the next one must not go on from there."""
        try:
            os.ftruncate(file, self._length)
            os.fsync(file)
        except OSError:  # what this file holds now is uncertain: a new one is begun
            self._file = None
            os.close(file)


_NUMBERS = itertools.count(1)


def _open_own(folder: Path) -> tuple[int, Path]:
    """A new file of this process, locked for as long as it is open: whoever compacts leaves it alone.

    Never one that another journal of this process has: its lock would be waited for as long as that one is open.
    """
    while True:
        path = folder / f"{socket.gethostname()}-{os.getpid()}-{now()}-{next(_NUMBERS)}.jsonl"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        give_to_owner(file, folder)
        with suppress(OSError):  # a file system without locks cannot be compacted either
            fcntl.flock(file, fcntl.LOCK_EX)
        if is_at(file, path):  # else it was compacted away between the two: what is written there would be lost
            sync_folder(folder)
            return file, path
        os.close(file)


def give_to_owner(file: int, folder: Path) -> None:
    """A file that root made belongs to whom the folder does: a server of that user reads the files of all processes."""
    if os.geteuid() == 0:
        whose = folder.stat()
        with suppress(OSError):  # a file system that knows no owners, or lets root be nobody
            os.fchown(file, whose.st_uid, whose.st_gid)


def make_folder(folder: Path) -> None:
    """If need be, with those around it. What root makes belongs to whom the folder does that it is made in."""
    missing = [one for one in (folder, *folder.parents) if not one.is_dir()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        with suppress(OSError):  # somebody may have put a link in its place
            opened = os.open(one, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                give_to_owner(opened, one.parent)
            finally:
                os.close(opened)


def is_at(file: int, path: Path) -> bool:
    """Whether the open file is still the one of this name."""
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
