"""Whether the records can be trusted with the promise of opt-out, asked at start-up and by /readyz."""

from directory.errors import Unavailable
from directory.records.database import Records
from directory.records.schema import check_usable

_FULL = 2  # the number by which SQLite says synchronous=FULL


def check_records(records: Records) -> None:
    """Raises Unavailable("records") where they do not answer, are not migrated, or may lose a commit that was answered."""
    check_usable(records)
    with records.reading() as connection:
        if records.is_sqlite:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
            if mode != "wal" or synchronous != _FULL:
                raise Unavailable(
                    "records", f"journal_mode is {mode} and synchronous {synchronous}: wal and 2 are needed"
                )
        else:
            commit = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
            if commit not in ("on", "remote_apply"):
                raise Unavailable("records", f"synchronous_commit is {commit}: on is needed")
