"""Notices that a part of the journal has gone, or never came to it, and writes that from records that know it still.

A folder that is not mounted, or was removed, takes new lines like any other: nobody would miss the old ones before a database
is restored, and then they are forgotten. So would be a choice that is in force, and whose line found no room: whoever was told
503 may not come again.
"""

from collections.abc import Mapping
from pathlib import Path

import structlog

from directory.journal import FileJournal
from directory.records import Records
from directory.restoring.compacting import write_choices
from directory.restoring.comparing import lacking
from directory.restoring.newest import read_newest

log = structlog.get_logger()


class Losses:
    """Told the files of the journal again and again, with their sizes; only where one went or shrank, or a line was not taken
    by this process's own `journal`, is all of it read.
    """

    def __init__(self, records: Records, folder: Path, journal: FileJournal) -> None:
        self._records, self._folder, self._journal = records, folder, journal
        self._missed = 0
        self._sizes: dict[Path, int] = {}
        self._begun = False
        self._suspected = True

    def look(self, sizes: Mapping[Path, int]) -> None:
        """Raises Unavailable; the next look tries again."""
        self._suspected |= any(sizes.get(path, 0) < size for path, size in self._sizes.items())
        self._sizes = dict(sizes)
        missed = self._journal.missed()
        if self._suspected or missed > self._missed:
            self._compare()
            self._suspected, self._begun, self._missed = False, True, missed

    def _compare(self) -> None:
        newest = read_newest(self._folder)
        rows = lacking(self._records, newest)
        if not rows:
            return
        log.error("journal_lacks_choices", companies=len(rows))
        # Who starts may have been given another folder than the one that holds them: that is for somebody to look at.
        if self._begun or newest.entries:
            write_choices(self._folder, rows)
            log.info("journal_written_anew", companies=len(rows))
