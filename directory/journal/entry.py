"""One line of the journal."""

import json
from dataclasses import dataclass

from directory.errors import Unavailable

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


def unavailable(error: OSError) -> Unavailable:
    return Unavailable("journal", f"{type(error).__name__}: {error.strerror or error}")
