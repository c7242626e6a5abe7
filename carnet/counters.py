"""The folder in which a server's processes count. It must be there before prometheus-client is imported, so nothing that
imports that may be imported here.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

SETTING = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "carnet-metrics-"
_LOCK = "in-use"
_MEMORY, _ROOM_BYTES = "/dev/shm", 50_000_000  # noqa: S108 - mkdtemp makes a folder that is ours alone


@contextmanager
def of_all_processes() -> Iterator[None]:
    """Processes that this one forks count in files, which are added up. Unless somebody has set a folder already: one of
    another server, which this one was started by to take over from it, goes when that one ends.
    """
    if not Path(os.environ.get(SETTING, _PREFIX)).name.startswith(_PREFIX):
        yield
        return
    owner = os.getpid()
    for place in (_MEMORY, gettempdir()):  # before there is looked for room: it may be what was left that takes it
        _remove_what_was_left(Path(place))
    folder = Path(mkdtemp(prefix=_PREFIX, dir=_in_memory()))
    os.environ[SETTING] = str(folder)
    with _in_use(folder):
        try:
            yield
        finally:
            if os.getpid() == owner:  # a process of the server that ends by itself comes this way, too
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Locked for as long as this process lives, or any that it has forked, however they end."""
    unlocked = folder / f"{_LOCK}.new"
    with unlocked.open("w") as lock:
        with suppress(OSError):  # where nothing can be locked nothing is removed either
            fcntl.flock(lock, fcntl.LOCK_EX)
            unlocked.rename(folder / _LOCK)  # under its own name it was never unlocked
        yield


def _remove_what_was_left(place: Path) -> None:
    """By servers that were killed: in memory it would stay until the machine starts again."""
    for lock in place.glob(f"{_PREFIX}*/{_LOCK}"):
        folder = lock.parent
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():  # everybody may write there
                continue
            with lock.open("r+") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for counted in folder.glob("*.db"):
                    counted.unlink(missing_ok=True)
                shutil.rmtree(folder, ignore_errors=True)  # the lock last, or what is left would not be found again


def _in_memory() -> str | None:
    """The files are written through mappings, and a disk that is full ends whoever does that with a signal."""
    with suppress(OSError):
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
            return _MEMORY
    return None
