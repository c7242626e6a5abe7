"""Reading the journal: a line at a time, however long it is, and while others write and compact it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from directory.errors import Unavailable
from directory.journal.entry import Entry


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def has_entries(folder: Path) -> bool:
    for path in files(folder):
        with suppress(FileNotFoundError):  # taken away meanwhile
            if path.stat().st_size:
                return True
    return False


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
