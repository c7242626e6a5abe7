"""The tables are made, taken away and made again on both databases, and a database that is not of this release says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from directory.errors import Refused, Unavailable
from directory.records import Records, metadata
from directory.records.readiness import check_records
from directory.records.schema import check_usable, current, downgrade, migrate, newest, require_current
from directory.records.sqlite import create_sqlite_file
from tests.services.fixtures import database_url, services

__all__ = ["database_url", "services"]


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """An empty database."""
    if request.param == "sqlite":
        create_sqlite_file(tmp_path / "carnet.db")
        made = Records(f"sqlite:///{tmp_path}/carnet.db")
    else:
        made = Records(request.getfixturevalue("database_url"))
    yield made
    made.close()


def test_migrations_make_exactly_the_tables_that_the_code_uses(records: Records) -> None:
    migrate(records)
    with records.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_go_all_the_way_down_and_up_again(records: Records) -> None:
    migrate(records)
    assert current(records) == newest()
    downgrade(records, "base")
    assert current(records) == ""
    with records.reading() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(records)
    assert current(records) == newest()


def test_a_database_without_tables_is_unavailable_and_says_what_to_run(records: Records) -> None:
    with pytest.raises(Unavailable) as caught:
        check_records(records)
    assert "carnet migrate" in caught.value.reason


def test_a_database_of_an_older_release_is_unavailable_and_says_which(records: Records) -> None:
    migrate(records, "0001")
    with pytest.raises(Unavailable) as caught:
        check_records(records)
    assert "0001" in caught.value.reason


def test_tables_of_a_newer_release_serve_who_runs_and_are_refused_in_words_to_who_starts(records: Records) -> None:
    migrate(records)
    with records.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    check_usable(records)
    for starts in (require_current, migrate):
        with pytest.raises(Refused, match="newer release of Carnet: revision 9999"):
            starts(records)
