"""The journal of opt-outs, kept outside the database, so that restoring an old database cannot forget them.

One file of JSON lines for each process; all are replayed. A line is on disk before the answer that it stands for.
docs/adr/0010 has the orderings; directory.restoring brings the records up to it.
"""

from directory.journal.entry import ERASED, HIDDEN, RESTORED, VISIBLE, Entry, unavailable
from directory.journal.reading import files, has_entries, read_file, replay
from directory.journal.writing import FileJournal, give_to_owner, is_at, make_folder, sync_folder

__all__ = [
    "ERASED",
    "HIDDEN",
    "RESTORED",
    "VISIBLE",
    "Entry",
    "FileJournal",
    "files",
    "give_to_owner",
    "has_entries",
    "is_at",
    "make_folder",
    "read_file",
    "replay",
    "sync_folder",
    "unavailable",
]
