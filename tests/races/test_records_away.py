"""Records that do not answer: a database that is stopped sends no error, and nobody may wait for it for ever."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import literal, make_url, select, text

from directory.errors import Unavailable
from directory.records import Prepared, Records
from tests.races.proxy import Line, line_to
from tests.services import addresses
from tests.services.given import plain
from tests.services.own import own_database

pytestmark = pytest.mark.services
LIMIT_S = 0.5


@pytest.fixture
def database() -> Iterator[str]:
    with own_database(addresses().database_url) as url:
        yield url


@pytest.fixture
def line(database: str) -> Iterator[Line]:
    address = urlsplit(database)
    with line_to(address.hostname or "", address.port or 0) as made:
        yield made


@pytest.fixture
def records(database: str, line: Line) -> Iterator[Records]:
    through = make_url(database).set(host="127.0.0.1", port=line.port)
    made = Records(through.render_as_string(hide_password=False), answer_within_s=LIMIT_S)
    yield made
    made.close()


def ask(records: Records) -> Any:
    with records.reading() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()


def test_a_database_that_is_frozen_is_unavailable_soon_and_answers_again_when_it_is_back(
    records: Records, line: Line
) -> None:
    assert ask(records) == 1
    line.freeze()
    started = time.monotonic()
    with pytest.raises(Unavailable, match="records"):
        ask(records)
    assert LIMIT_S <= time.monotonic() - started < LIMIT_S + 2
    line.thaw()
    assert ask(records) == 1, "a late answer is not taken for another one's"


def test_a_prepared_statement_that_finds_nobody_to_connect_to_is_unavailable_too(records: Records, line: Line) -> None:
    one = Prepared(select(literal(1).label("one")))
    assert [row.one for row in records.ask(one)] == [1]
    line.freeze()
    for _ in ("the connection that is there", "a new one"):
        with pytest.raises(Unavailable, match="records"):
            records.ask(one)
    line.thaw()
    assert [row.one for row in records.ask(one)] == [1]


def test_a_transaction_that_the_database_froze_in_leaves_nothing(records: Records, line: Line) -> None:
    with records.writing() as connection:
        connection.execute(text("CREATE TABLE made (id int)"))

    def insert() -> None:
        with records.writing() as connection:
            connection.execute(text("INSERT INTO made VALUES (1)"))
            line.freeze()
            connection.execute(text("INSERT INTO made VALUES (2)"))

    with pytest.raises(Unavailable, match="records"):
        insert()
    line.thaw()
    with records.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM made")).scalar_one() == 0


def test_a_table_that_somebody_has_locked_is_waited_for_a_moment(database: str) -> None:
    records = Records(database, answer_within_s=10)
    with records.writing() as connection:
        connection.execute(text("CREATE TABLE made (id int)"))
    with psycopg.connect(plain(database)) as somebody:
        somebody.execute("LOCK TABLE made IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unavailable) as refused, records.reading() as connection:
            connection.execute(text("SELECT * FROM made"))
    records.close()
    assert "lock timeout" in refused.value.reason


def test_an_answer_that_takes_long_to_begin_is_waited_for_where_it_is_streamed(records: Records) -> None:
    with records.streaming() as connection:
        slow = connection.execute(text("SELECT pg_sleep(:s) IS NULL"), {"s": LIMIT_S * 2})
        assert slow.scalar_one() is False
    with pytest.raises(Unavailable, match="records"), records.reading() as connection:
        connection.execute(text("SELECT pg_sleep(:s)"), {"s": LIMIT_S * 2})


def test_options_in_the_address_of_a_database_are_kept_beside_our_own(database: str) -> None:
    with_options = make_url(database).update_query_dict(
        {"options": "-c search_path=pg_catalog -c statement_timeout=7s"}
    )
    made = Records(with_options.render_as_string(hide_password=False), answer_within_s=LIMIT_S)
    with made.reading() as connection:
        asked = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in _OPTIONS]
    made.close()
    assert asked == ["pg_catalog", "7s", "250ms"]


_OPTIONS = ("search_path", "statement_timeout", "lock_timeout")
