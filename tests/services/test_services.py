"""The services that every other test relies on: real, shared by a run, and never somebody else's."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg
import pytest
import redis

from tests.services import PREFIX, ROOT, VARIABLES, Addresses, NotToBeHad, given
from tests.services.given import plain
from tests.services.own import index_names, own_database, own_prefix, own_redis


def put(url: str, body: object = None) -> None:
    data = json.dumps(body or {}).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}, method="PUT"), timeout=30):
        pass


def test_all_three_answer_and_are_the_versions_we_build_for(services: Addresses) -> None:
    with urlopen(services.search_url, timeout=10) as answer:
        assert json.load(answer)["version"]["number"].startswith("3.")
    with redis.Redis.from_url(services.redis_url) as client:
        assert int(client.info("server")["redis_version"].split(".")[0]) >= 7
    with psycopg.connect(plain(services.database_url)) as connection:
        assert connection.info.server_version >= 150_000


def test_opensearch_never_makes_an_index_by_itself(services: Addresses, index_prefix: str) -> None:
    with pytest.raises(OSError, match="404"):
        put(f"{services.search_url}/{index_prefix}late/_doc/1", {"late": True})


def test_indices_of_a_test_go_with_it_and_others_stay(services: Addresses) -> None:
    with own_prefix(services.search_url) as neighbour:
        put(f"{services.search_url}/{neighbour}kept")
        with own_prefix(services.search_url) as prefix:
            put(f"{services.search_url}/{prefix}gone")
        assert index_names(services.search_url, prefix) == []
        assert index_names(services.search_url, neighbour) == [f"{neighbour}kept"]


def test_two_tests_at_once_have_different_redis_databases(services: Addresses) -> None:
    with own_redis(services.redis_url) as one, own_redis(services.redis_url) as other:
        with redis.Redis.from_url(one) as client:
            client.set("key", "value")
        with redis.Redis.from_url(other) as client:
            assert client.dbsize() == 0


def test_a_database_can_be_a_copy_of_another(services: Addresses) -> None:
    with own_database(services.database_url) as original:
        with psycopg.connect(plain(original)) as connection:
            connection.execute("CREATE TABLE made (id int)")
        with own_database(services.database_url, template=original) as copy, psycopg.connect(plain(copy)) as connection:
            assert connection.execute("SELECT count(*) FROM made").fetchone() == (0,)


def test_an_address_that_holds_only_what_tests_made_is_taken(
    services: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, variable in VARIABLES.items():
        monkeypatch.setenv(variable, getattr(services, name))
        assert given.address(name) == getattr(services, name)


def test_a_search_address_with_a_strangers_index_is_refused(
    services: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARNET_TEST_SEARCH_URL", services.search_url)
    monkeypatch.setattr(given, "PREFIX", "another-project")
    with own_prefix(services.search_url) as prefix:
        put(f"{services.search_url}/{prefix}strange")
        with pytest.raises(NotToBeHad, match=r"CARNET_TEST_SEARCH_URL: refused, it holds \d+ indices"):
            given.address("search_url")


def test_a_redis_address_with_a_strangers_keys_is_refused(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNET_TEST_REDIS_URL", redis_url)
    monkeypatch.setattr(given, "MARK", "another-project")
    with redis.Redis.from_url(redis_url) as client:
        client.set("session", "somebody's")
        with pytest.raises(NotToBeHad, match=r"CARNET_TEST_REDIS_URL: refused, it holds \d+ keys"):
            given.address("redis_url")
        assert client.get("session") == b"somebody's"


def test_a_database_address_with_a_strangers_tables_is_refused(
    services: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database(services.database_url) as url:
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE invoices (id int)")
        monkeypatch.setenv("CARNET_TEST_DATABASE_URL", url)
        monkeypatch.setattr(given, "PREFIX", "another-project")
        with pytest.raises(NotToBeHad, match="CARNET_TEST_DATABASE_URL: refused, it holds 1 tables"):
            given.address("database_url")


def test_an_address_where_nothing_answers_fails_and_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNET_TEST_SEARCH_URL", "http://127.0.0.1:9")
    with pytest.raises(NotToBeHad, match="CARNET_TEST_SEARCH_URL: nothing answers there"):
        given.address("search_url")


def test_the_services_go_when_the_tests_are_killed(services: Addresses) -> None:
    """Redis alone is started here, the other two are given: it is the mechanism that counts, and it is the same for all."""
    given_two = {k: v for k, v in services.environment().items() if k != "CARNET_TEST_REDIS_URL"}
    program = (
        "from tests.services import addresses; import time; print(addresses().redis_url, flush=True); time.sleep(60)"
    )
    left_out = ("PYTEST_XDIST_TESTRUNUID", "CARNET_TEST_REDIS_URL")
    left = {key: value for key, value in os.environ.items() if key not in left_out}
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-"))  # where nobody, who runs the services, can reach
    folder.chmod(0o711)
    tests = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**left, **given_two, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert tests.stdout
    with tests.stdout:
        url = tests.stdout.readline().strip()
    with redis.Redis.from_url(url) as client:
        assert client.ping()
        tests.send_signal(signal.SIGKILL)
        tests.wait()
        deadline = time.monotonic() + 20
        while list(folder.iterdir()):
            assert time.monotonic() < deadline, "the services are still there"
            time.sleep(0.05)
        with pytest.raises(redis.ConnectionError):
            client.ping()
    folder.rmdir()
