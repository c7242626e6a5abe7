"""The relational records: the only truth."""

from directory.records.database import Records
from directory.records.tables import metadata

__all__ = ["Records", "metadata"]
