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
    with records.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        move(config, revision)


def check_usable(records: Records) -> None:
    """Raises Unavailable("records") where the tables are missing or of another release; the reason names the mend."""
    try:
        require_current(records)
    except Refused as error:
        raise Unavailable("records", str(error)) from error


def require_current(records: Records) -> None:
    """Raises Refused where the tables are missing or of another release, and Unavailable where nothing answers."""
    found, needed = current(records), newest()
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
