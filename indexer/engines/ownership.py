"""The embedded index belongs to one process. A lock file says which; the operating system frees it with the process.

The lock goes with the open file, so a worker that is forked off holds it too.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

_LOCK = "owner.lock"


@dataclass(frozen=True, slots=True)
class Ownership:
    file: int

    @classmethod
    def take(cls, path: Path) -> "Ownership | None":
        """Own the index in the folder `path`; None where another process does."""
        path.mkdir(parents=True, exist_ok=True)
        file = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(file):
            os.close(file)
            return None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        return cls(file)

    def give_back(self) -> None:
        os.close(self.file)


def owner_of(path: Path) -> int | None:
    """The process that owns the index in the folder `path`, 0 where it does not say; None where nobody does."""
    try:
        file = os.open(path / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _locked(file) else int(os.pread(file, 20, 0) or b"0")
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
