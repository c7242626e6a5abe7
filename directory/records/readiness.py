"""Whether the records can be trusted with the promise of opt-out, asked at start-up and by /readyz."""

from collections.abc import Iterator

from sqlalchemy import Connection

from directory.errors import Unfit
from directory.records.database import Records
from directory.records.filesystem import filesystem_of
from directory.records.schema import check_usable

_FULL = 2  # the number by which SQLite says synchronous=FULL
# One host's memory is what a WAL is read through: on these, two hosts would each have their own.
_NETWORKS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs")
_CLUSTERS = ("ceph", "glusterfs", "lustre", "gpfs", "fuse.sshfs", "fuse.glusterfs")


def check_records(records: Records) -> None:
    """Raises Unavailable("records") where they do not answer or are not migrated, Unfit where they may lose a commit that
    was answered, or answer from a copy; it names everything that is wrong, with how to mend it.
    """
    check_usable(records)
    with records.reading() as connection:
        troubles = list(_of_sqlite(records, connection) if records.is_sqlite else _of_postgresql(connection))
    if troubles:
        raise Unfit("records", " ".join(troubles))


def _of_sqlite(records: Records, connection: Connection) -> Iterator[str]:
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode != "wal":
        yield (
            f"journal_mode is {mode} and wal is needed: stop whatever else has the file open, and put it on a local disk."
        )
    synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    if synchronous != _FULL:
        yield f"synchronous is {synchronous} and 2 (FULL) is needed: this SQLite was built to ignore it; use another."
    kind = filesystem_of(records.path)
    if kind in (*_NETWORKS, *_CLUSTERS):
        yield f"The database file is on a {kind} file system: move it to a disk of this machine, or use PostgreSQL."


def _of_postgresql(connection: Connection) -> Iterator[str]:
    if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar():
        yield "This is a standby, which lags behind: CARNET_DATABASE_URL must name the primary."
    commit = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
    if commit not in ("on", "remote_apply"):
        yield (
            f"synchronous_commit is {commit} and on is needed: ALTER DATABASE … SET synchronous_commit = on, "
            "and likewise for the role, if it was set there."
        )
    if connection.exec_driver_sql("SHOW fsync").scalar() != "on":
        yield "fsync is off: set it to on in postgresql.conf."
