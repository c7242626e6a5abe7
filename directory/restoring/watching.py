"""Notices that the records were restored under a running process, by the last entries of the journal.

A restored database lacks the end of its history, so it lacks what was journaled last: that alone is compared, once a
second, at the cost of one statement. Who starts compares everything (`check_replayed`).
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

import structlog

from directory.errors import CarnetError, Unavailable
from directory.journal import RESTORED, Entry, FileJournal, files, unavailable
from directory.records import Records
from directory.restoring.comparing import PAGE, ahead, is_finished
from directory.restoring.losses import Losses
from directory.restoring.newest import newest_of
from directory.restoring.raising import next_floor

log = structlog.get_logger()
EVERY_S = 1.0
BEHIND = "the database has forgotten opt-outs that were answered: stop what is running and run `carnet restore`"
_LAST = 32  # companies of each file
_TAIL = 16_384  # bytes of each file


class Watch:
    """Looks once a second, once it was started; `look` at once. `journal`: what this process writes to."""

    def __init__(self, records: Records, folder: Path) -> None:
        self._records, self._folder = records, folder
        self.journal = FileJournal(folder)
        self._losses = Losses(records, folder, self.journal)
        self._tails: dict[Path, tuple[int, list[Entry]]] = {}
        self._unread = False
        self._looking = threading.Lock()
        self._behind = self._unnoted = False
        self._floor = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.found_behind = False

    def start(self, when_behind: Callable[[], None] = lambda: None) -> None:
        """`when_behind` is called once, from the thread that looks, when the records are first found behind."""
        self._thread = threading.Thread(target=self._run, args=(when_behind,), name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=30)

    def require_current(self) -> None:
        """Raises Unavailable("journal") where the last look found the records behind. Costs nothing."""
        if self._behind:
            raise Unavailable("journal", BEHIND)

    def look(self) -> None:
        """The same, as it is now. Raises Unavailable, too, where the records or the journal do not answer."""
        with self._looking:
            entries, unread = self._last_entries()
            last = newest_of(entries)
            self._floor = max(self._floor, last.floor)
            with self._records.reading() as connection:
                forgotten = next(ahead(connection, last.entries.values()), None) is not None
                restoring = not is_finished(connection, self._floor)
            self._unnoted = self._unnoted or (forgotten and not restoring)
            self._say(behind=forgotten or restoring or self._unnoted)
            if self._unnoted:  # outside the records: changes to what was forgotten would soon hide it
                self.journal.append("", next_floor(self._records, last), RESTORED)
                self._unnoted = False
        self.require_current()
        if unread:  # what is in the others counts all the same
            raise unavailable(unread) from unread

    def _say(self, *, behind: bool) -> None:
        if behind != self._behind:
            log.error("records_behind_journal") if behind else log.info("records_restored")
        self._behind = behind

    def _run(self, when_behind: Callable[[], None]) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                self.look()
                self._losses.look({path: size for path, (size, _) in self._tails.items()})
            except CarnetError:  # what it found stands; what else is wrong is said by who needs it
                pass
            except Exception:  # whatever it was, the next look must come
                log.exception("watch_crashed")
            if self._behind and not self.found_behind:
                self.found_behind = True
                when_behind()

    def _last_entries(self) -> tuple[list[Entry], OSError | None]:
        """And why a file, if any, could not be read: it is another user's, or the disk fails."""
        tails: dict[Path, tuple[int, list[Entry]]] = {}
        unread: OSError | None = None
        for path in _files_of(self._folder):
            try:
                size = path.stat().st_size
                before = self._tails.get(path)
                tails[path] = before if before and before[0] == size else (size, _tail(path, size))
            except FileNotFoundError:  # compacted meanwhile
                continue
            except OSError as error:
                unread = unread or error
        self._tails = tails
        if bool(unread) != self._unread:
            self._unread = bool(unread)
            log.error("journal_unread", reason=str(unread)) if unread else log.info("journal_read_again")
        # What each file ends with, since the clocks of hosts differ; by the clock only where there are very many files.
        return sorted((entry for _, some in tails.values() for entry in some), key=attrgetter("at"))[-PAGE:], unread


def _files_of(folder: Path) -> list[Path]:
    try:
        return files(folder)
    except OSError as error:
        raise unavailable(error) from error


def _tail(path: Path, size: int) -> list[Entry]:
    with path.open("rb") as file:
        start = max(0, size - _TAIL)
        file.seek(start)
        lines = file.read(size - start).split(b"\n")
    return _last_of_each(lines[1:-1] if start else lines[:-1])


def _last_of_each(lines: Iterable[bytes]) -> list[Entry]:
    """The last entry of each of the companies that these lines end with: one that says the same for ever hides no other."""
    found: dict[str, Entry] = {}
    for line in lines:
        with suppress(ValueError):  # a damaged one is found at the next start
            entry = Entry.parse(line)
            found.pop(entry.company, None)
            found[entry.company] = entry
    return list(found.values())[-_LAST:]
