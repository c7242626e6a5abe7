"""Creates and upgrades the tables, and says whether they are the ones that this release needs."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from directory.errors import Message, Refused, Unavailable
from directory.records.database import Records

_MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def newest() -> str:
    """The revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(records: Records) -> str:
    """The revision of the database, "" where it has no tables. Raises Unavailable("records")."""
    with records.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(records: Records, revision: str = "head") -> None:
    """Bring the tables to `revision`, in one transaction. A database that is there already is left as it is."""
    _move(records, revision, command.upgrade)


def downgrade(records: Records, revision: str) -> None:
    """Take the tables back to `revision`, or to nothing with "base"."""
    _move(records, revision, command.downgrade)


def _move(records: Records, revision: str, move: Callable[[Config, str], None]) -> None:
    """Raises Refused where the tables are of a newer release: how to change them, only that one knows."""
    with records.writing() as connection:
        found = MigrationContext.configure(connection).get_current_revision() or ""
        if _is_newer(found):
            raise Refused(_newer(found))
        config = _config()
        config.attributes["connection"] = connection
        move(config, revision)


def check_usable(records: Records) -> None:
    """Raises Unavailable("records") where the tables are missing or of an older release; the reason names the mend.

    Those of a newer one will do for a process that runs: a migration only adds (docs/operations.md, Upgrading).
    """
    found = current(records)
    if _is_newer(found):
        return
    try:
        _require(found)
    except Refused as error:
        raise Unavailable("records", str(error)) from error


def require_current(records: Records) -> None:
    """Raises Refused where the tables are missing or of another release, and Unavailable where nothing answers."""
    found = current(records)
    if _is_newer(found):
        raise Refused(_newer(found))
    _require(found)


def revisions() -> list[str]:
    """Those that this release knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _is_newer(found: str) -> bool:
    return found > newest() and found not in revisions()  # they are numbers of four digits


def _newer(found: str) -> Message:
    return Message(
        "The tables are of a newer release of Carnet: revision %(found)s, which this one does not know. Start that release, or "
        "take them back with it: `carnet migrate --back-to %(needed)s`.",
        found=found,
        needed=newest(),
    )


def _require(found: str) -> None:
    needed = newest()
    if not found:
        raise Refused(Message("The database has no tables yet: run `carnet migrate`."))
    if found != needed:
        raise Refused(
            Message(
                "The tables are of revision %(found)s and %(needed)s is needed: run `carnet migrate`.",
                found=found,
                needed=needed,
            )
        )
