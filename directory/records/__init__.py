"""The relational records: the only truth."""

from directory.records.database import Records
from directory.records.prepared import Prepared, one_of
from directory.records.tables import metadata

__all__ = ["Prepared", "Records", "metadata", "one_of"]
