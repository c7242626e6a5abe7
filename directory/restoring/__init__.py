"""The way back from a database that was restored to an earlier moment: docs/adr/0010."""

from directory.restoring.comparing import check_replayed, is_ahead
from directory.restoring.newest import Newest, read_newest

__all__ = ["Newest", "check_replayed", "is_ahead", "read_newest"]
