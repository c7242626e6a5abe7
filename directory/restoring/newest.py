"""The newest entry of each company in the journal: what the records must know at least."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from directory.journal import ERASED, HIDDEN, RESTORED, VISIBLE, Entry, replay, unavailable

# Of two entries of one version, which no single history has, the one that shows less counts.
_CAUTION = {VISIBLE: 0, HIDDEN: 1, ERASED: 2}


@dataclass(slots=True)
class Newest:
    """`entries` by company; `floor`: the version that the last restore raised everything to, 0 where there was none."""

    entries: dict[str, Entry] = field(default_factory=dict)
    floor: int = 0

    def add(self, entry: Entry) -> None:
        if entry.state == RESTORED:
            self.floor = max(self.floor, entry.index_version)
            return
        before = self.entries.get(entry.company)
        if before is None or _order(entry) > _order(before):
            self.entries[entry.company] = entry

    @property
    def highest(self) -> int:
        return max((entry.index_version for entry in self.entries.values()), default=0)


def read_newest(folder: Path) -> Newest:
    """Reads the journal once, line by line: memory grows with the companies in it, not with its length.

    Raises Unavailable("journal") where a file of it is damaged, or may not be read.
    """
    try:
        return newest_of(replay(folder))
    except OSError as error:
        raise unavailable(error) from error


def newest_of(entries: Iterable[Entry]) -> Newest:
    found = Newest()
    for entry in entries:
        found.add(entry)
    return found


def _order(entry: Entry) -> tuple[bool, int, int]:
    """An erased id is never used again, so nothing is newer than its erasure."""
    return entry.state == ERASED, entry.index_version, _CAUTION[entry.state]
