"""Whether the records know what was answered: the newest entry of each company beside its row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from directory.errors import Message, Refused
from directory.journal import ERASED, HIDDEN, VISIBLE, Entry
from directory.records import Records
from directory.records.tables import audit, companies
from directory.restoring.newest import Newest, read_newest

PAGE = 500
RESTORE_FIRST = Message(
    "The journal knows of choices that this database has forgotten: it was restored to an earlier moment, or restoring was "
    "not finished. Stop what is running, then run `carnet restore`."
)
FINISHED = "restored"  # in the audit log: a restore has come to its end
CHOICES = (HIDDEN, VISIBLE, ERASED)
_STANDING: Select[Any] = select(companies.c.id, companies.c.index_version, companies.c.visible, companies.c.erased)


def check_replayed(records: Records, folder: Path) -> Newest:
    """What the journal says. Raises Refused while it knows of a choice that the records have forgotten, and while a restore
    that was begun is not finished; Unavailable where one of the two cannot be read.
    """
    newest = read_newest(folder)
    with records.reading() as connection:
        behind = next(ahead(connection, newest.entries.values()), None) is not None
        if behind or not is_finished(connection, newest.floor):
            raise Refused(RESTORE_FIRST)
    return newest


def ahead(
    connection: Connection, entries: Iterable[Entry], rule: Callable[[Entry, Row[Any] | None], bool] | None = None
) -> Iterator[Entry]:
    """Those of these entries, one a company, that are ahead of the records; a page of them in memory."""
    rule = rule or is_ahead
    for page in pages(entries):
        rows: dict[str, Row[Any]] = {
            row.id: row for row in connection.execute(_STANDING.where(companies.c.id.in_([e.company for e in page])))
        }
        yield from (entry for entry in page if rule(entry, rows.get(entry.company)))


def pages(entries: Iterable[Entry]) -> Iterator[Sequence[Entry]]:
    in_order = sorted(entries, key=lambda entry: entry.company)
    return (in_order[at : at + PAGE] for at in range(0, len(in_order), PAGE))


def is_ahead(entry: Entry, row: Row[Any] | None) -> bool:
    """Whether the entry is newer than the company's row. The same version with another state is of another history."""
    if row is None or (entry.state == ERASED and not row.erased):
        return True
    return entry.index_version > row.index_version or (
        entry.index_version == row.index_version and not agrees(entry, row)
    )


def must_replay(entry: Entry, row: Row[Any] | None) -> bool:
    """Whether a restore writes the entry. One that is ahead; and a choice to be hidden even where the row is newer and
    shown: it may have been changed after it was forgotten. At worst, somebody chose to be shown and was never answered.
    """
    return is_ahead(entry, row) or (entry.state == HIDDEN and row is not None and bool(row.visible))


def agrees(entry: Entry, row: Row[Any]) -> bool:
    """Whether the row says what the entry says, whatever the versions."""
    return bool(row.erased) if entry.state == ERASED else bool(row.visible) == (entry.state == VISIBLE)


def lacking(records: Records, newest: Newest) -> list[Row[Any]]:
    """The companies that ever chose, as they stand, of which the journal does not say so. One may be there whose choice was
    never answered, since its process died between the two.
    """
    chosen = select(audit.c.company_id).where(audit.c.action.in_(CHOICES))
    with records.reading() as connection:
        rows = connection.execute(_STANDING.where(companies.c.id.in_(chosen)))
        return [row for row in rows if _is_lacking(newest.entries.get(row.id), row)]


def _is_lacking(entry: Entry | None, row: Row[Any]) -> bool:
    return entry is None or (entry.index_version < row.index_version and not agrees(entry, row))


def knows_choices(records: Records) -> bool:
    """Whether a company was ever hidden, shown again or erased here, and so stood in the journal."""
    with records.reading() as connection:
        chosen = select(audit.c.seq).where(audit.c.action.in_(CHOICES)).limit(1)
        return connection.execute(chosen).first() is not None


def is_finished(connection: Connection, floor: int) -> bool:
    """Whether the restore that the journal says was begun with this floor has come to its end in these records."""
    if not floor:
        return True
    last = (
        select(audit.c.detail)
        .where(audit.c.company_id.is_(None), audit.c.action == FINISHED)
        .order_by(audit.c.seq.desc())
        .limit(1)
    )
    said = connection.execute(last).scalar_one_or_none()
    return said is not None and int(said["floor"]) >= floor
