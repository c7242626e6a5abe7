"""The records: what is answered when they are locked, gone, replaced or of another release."""

import os
import shutil
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from directory.errors import Unavailable
from directory.records import Prepared, Records, one_of
from directory.records.readiness import check_records
from directory.records.schema import migrate
from directory.records.sqlite import create_sqlite_file
from directory.records.tables import companies, index_builds

pytestmark = pytest.mark.embedded


@pytest.fixture
def records(tmp_path: Path) -> Any:
    create_sqlite_file(tmp_path / "carnet.db")
    made = Records(f"sqlite:///{tmp_path}/carnet.db")
    yield made
    made.close()


def every_route(network: Any) -> list[Any]:
    asker = network.member("tremblay")
    suggestion = asker.suggestion("bitf")
    return [
        lambda: asker.types("bitf"),
        lambda: asker.ask("POST", "/v1/reveals", {"suggestion": suggestion}),
        lambda: asker.ask("GET", "/v1/company/card"),
        lambda: asker.ask("PUT", "/v1/company/card", {"name": "T1"}, headers={"If-Match": '"1"'}),
        lambda: asker.ask("PUT", "/v1/company/visibility", {"visible": False}),
        lambda: asker.ask("GET", "/v1/contacts"),
        lambda: asker.ask("POST", "/v1/contacts", {"relation": "vendor", "name": "A"}),
    ]


def check_unavailable(answer: Any) -> None:
    assert (answer.status, answer.code, answer.json["part"]) == (503, "unavailable", "records"), answer.text
    assert answer.headers["Retry-After"]
    assert "Bitfarms" not in answer.text
    assert "carnet.db" not in answer.text


def test_migrating_again_changes_nothing(network: Any) -> None:
    before = network.sql("SELECT * FROM companies ORDER BY id")
    migrate(network.records)
    assert network.sql("SELECT * FROM companies ORDER BY id") == before


def test_a_database_that_may_lose_a_commit_is_not_trusted(records: Records) -> None:
    migrate(records)
    check_records(records)
    records.close()  # the mode changes only while nobody else has the file open
    with records.reading() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    with pytest.raises(Unavailable) as caught:
        check_records(records)
    assert "wal" in caught.value.reason


def test_a_prepared_statement_sees_each_commit_and_takes_any_number_of_values(records: Records) -> None:
    migrate(records)
    some = Prepared(
        select(index_builds.c.name, index_builds.c.created_at)
        .where(one_of(index_builds.c.name, bindparam("names")), index_builds.c.state == "live")
        .order_by(index_builds.c.name)
    )
    many = [f"build-{number}" for number in range(1_000)]
    assert records.ask(some, names=many) == []
    for name in ("build-1", "build-999", "build-x"):
        with records.writing() as connection:
            row = {"name": name, "region": "ca", "fingerprint": "f", "created_at": 7, "changed_at": 7}
            connection.execute(index_builds.insert().values(**row, state="live"))
    assert [(row.name, row.created_at) for row in records.ask(some, names=many)] == [("build-1", 7), ("build-999", 7)]
    assert records.ask(some, names=[]) == []


def test_who_writes_batch_upon_batch_lets_others_write_in_between(records: Records) -> None:
    migrate(records)
    over, begun = threading.Event(), threading.Event()

    def write_on_and_on() -> None:
        while not over.is_set():
            with records.writing() as connection:
                connection.execute(update(companies).values(popularity=1))
                begun.set()
                time.sleep(0.3)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write_on_and_on)
        try:
            assert begun.wait(10)
            for _ in range(5):
                with records.writing() as connection:
                    connection.execute(update(companies).values(popularity=0))
        finally:
            over.set()
        writer.result()


def test_while_another_process_holds_the_lock_writes_are_503_within_three_seconds_and_look_ups_go_on(
    network: Any,
) -> None:
    types, _, read, _, hide, contacts, add = every_route(network)
    other = sqlite3.connect(network.settings.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    check_unavailable(hide())
    assert time.monotonic() - started < 3
    check_unavailable(add())
    for ask in (types, read, contacts):  # readers do not wait for a writer
        assert ask().status == 200
    other.execute("ROLLBACK")
    other.close()
    assert hide().status == 200


def test_while_another_process_holds_everything_all_is_503_within_three_seconds(network: Any) -> None:
    asks = every_route(network)
    network.records.close()
    other = sqlite3.connect(network.settings.sqlite_path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("PRAGMA journal_mode = DELETE").fetchall()
    other.execute("BEGIN EXCLUSIVE")
    for ask in asks:
        started = time.monotonic()
        check_unavailable(ask())
        assert time.monotonic() - started < 3
    other.execute("ROLLBACK")
    other.close()
    assert asks[0]().status == 200


def test_a_database_file_that_is_gone_is_503_and_is_not_made_anew(network: Any) -> None:
    asks = every_route(network)
    path = network.settings.sqlite_path
    path.rename(path.with_name("elsewhere.db"))
    for ask in asks:
        check_unavailable(ask())
    assert not path.exists()
    path.with_name("elsewhere.db").rename(path)
    assert asks[0]().status == 200


def test_a_database_file_that_was_replaced_is_not_answered_for_from_the_past(network: Any) -> None:
    asker = network.member("tremblay")
    path = network.settings.sqlite_path
    network.sql("PRAGMA user_version = 1")
    with sqlite3.connect(path) as source, sqlite3.connect(path.with_name("copy.db")) as copy:
        source.backup(copy)
        copy.execute("UPDATE companies SET visible = false WHERE id = 'bitfarms'")
    source.close()
    copy.close()
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    for name in ("carnet.db-wal", "carnet.db-shm"):
        path.with_name(name).unlink(missing_ok=True)
    path.with_name("copy.db").replace(path)
    assert asker.finds("bitf") == []


@pytest.mark.parametrize("content", [b"", b"this is no database", os.urandom(8192)])
def test_a_database_file_that_is_no_database_is_503(network: Any, content: bytes) -> None:
    asks = every_route(network)
    path = network.settings.sqlite_path
    for name in ("carnet.db-wal", "carnet.db-shm"):
        path.with_name(name).unlink(missing_ok=True)
    path.with_name("new").write_bytes(content)
    path.with_name("new").replace(path)
    for ask in asks:
        check_unavailable(ask())


def test_tables_that_vanish_make_503_and_never_a_partial_answer(network: Any) -> None:
    asks = every_route(network)
    network.sql("ALTER TABLE card_versions RENAME TO gone")
    for ask in asks:
        check_unavailable(ask())


def test_readiness_names_the_part_that_is_missing(network: Any) -> None:
    assert network.nobody().ask("GET", "/readyz").status == 200
    network.sql("UPDATE alembic_version SET version_num = '0000'")
    answer = network.nobody().ask("GET", "/readyz")
    assert (answer.status, answer.json["part"]) == (503, "records")
    assert network.nobody().ask("GET", "/livez").status == 200


def test_an_index_that_is_gone_is_503_naming_search_and_the_rest_goes_on(network: Any) -> None:
    asker = network.member("tremblay")
    network.engine.close()
    for build in network.settings.embedded_path.glob("companies-ca-*"):
        shutil.rmtree(build)
    answer = asker.types("bitf")
    assert (answer.status, answer.json["part"]) == (503, "search")
    assert "companies-ca" not in answer.text
    assert asker.ask("GET", "/v1/company/card").status == 200
