"""Where the command starts: before anything is imported, sees that the rooms are Carnet's own (docs/adr/0001)."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

_COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
_MEMORY, _ROOM_BYTES = "/dev/shm", 50_000_000  # noqa: S108 - mkdtemp makes a folder that is ours alone
ROOMS = ("api", "directory", "indexer", "mappings")


def misplaced_rooms() -> list[str]:
    """Top-level packages that Python would take from somewhere else than beside `carnet`."""
    home = Path(__file__).resolve().parent.parent
    found = {room: find_spec(room) for room in ROOMS}
    return [
        room for room, spec in found.items() if spec is None or Path(str(spec.origin)).resolve().parent.parent != home
    ]


def main() -> None:
    if misplaced := misplaced_rooms():
        where = ", ".join(misplaced)
        sys.exit(
            f"Another package stands in the place of Carnet's own: {where}. Install Carnet in an environment of its own."
        )
    with _counters_of_all_processes():
        with imports():
            from carnet.cli import main as run
        run()


@contextmanager
def imports() -> Iterator[None]:
    """What is imported stays. To look through it for what can be freed, while it grows and when the process ends, took a
    third of the time of a command.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _counters_of_all_processes() -> Iterator[None]:
    """A server's processes count in files that are added up; prometheus-client wants the folder before it is imported."""
    if sys.argv[1:2] != ["serve"] or _COUNTERS in os.environ:
        yield
        return
    owner, folder = os.getpid(), mkdtemp(prefix="carnet-metrics-", dir=_in_memory())
    os.environ[_COUNTERS] = folder
    try:
        yield
    finally:
        if os.getpid() == owner:  # a process of the server that ends by itself comes this way, too
            shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> str | None:
    """The files are written through mappings, and a disk that is full ends whoever does that with a signal."""
    with suppress(OSError):
        free = os.statvfs(_MEMORY).f_bavail * os.statvfs(_MEMORY).f_frsize
        if os.access(_MEMORY, os.W_OK) and free > _ROOM_BYTES:
            return _MEMORY
    return None
