"""The promise on four API processes, PostgreSQL, Redis and OpenSearch: with the worker away, and with the index away."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from carnet.stores import open_engine, open_records
from directory import outbox
from indexer.builds import State, family
from indexer.doorbell import RedisDoorbell
from indexer.engines.port import Counts
from tests.races.proxy import Line
from tests.stacks import Stack

pytestmark = pytest.mark.services

CONVERGES_WITHIN_S = 60
COMPANIES = {
    "tremblay": {"name": "Quincaillerie Tremblay ltée", "city": "Longueuil", "province": "QC"},
    "bitfarms": {"name": "Bitfarms Ltd.", "city": "Toronto", "province": "ON"},
    "other": {"name": "Bitflair Mining Corp."},
}


@pytest.fixture
def place(stack: Stack, tmp_path: Any, search_line: Line) -> Iterator[dict[str, str]]:
    with stack(tmp_path) as found:
        prefix = found["CARNET_SEARCH_URL"].partition("#")[2]
        yield {**found, "CARNET_SEARCH_URL": f"http://127.0.0.1:{search_line.port}#{prefix}"}


@pytest.fixture
def server(new_server: Callable[..., Any], place: dict[str, str]) -> Any:
    """Four API processes over a line to OpenSearch that can be cut; no worker."""
    server = new_server(**place)
    done = server.carnet("import", server.write("companies.csv", COMPANIES))
    assert done.returncode == 0, done.stderr
    return server.start("--workers", "4")


@pytest.fixture
def worker(server: Any) -> Iterator["subprocess.Popen[bytes]"]:
    process = server.spawn("worker")
    yield process
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.wait(30)


def waiting(server: Any) -> int:
    records = open_records(server.settings)
    with records.reading() as connection:
        found, _ = outbox.depth(connection)
    records.close()
    return found


def converges(server: Any) -> Counts:
    """Wait until nothing is waiting; what the live index of ca then holds."""
    deadline = time.monotonic() + CONVERGES_WITHIN_S
    while waiting(server):
        assert time.monotonic() < deadline, "the index did not come right by itself"
        time.sleep(0.1)
    records, engine = open_records(server.settings), open_engine(server.settings)
    with records.reading() as connection:
        (live,) = [build.name for build in family(connection, ["ca"]) if build.state is State.LIVE]
    held = engine.count(live)
    engine.close()
    records.close()
    return held


def looking(server: Any, member: Any) -> Callable[[], bool]:
    """Asks over a connection of the thread's own; an error is an answer that shows nothing."""

    def asks() -> bool:
        try:
            return "Bitfarms" in member.types("bitf").text
        except requests.ConnectionError:
            return False

    return asks


def test_with_the_worker_stopped_no_answer_after_a_receipt_shows_the_company(
    server: Any, worker: "subprocess.Popen[bytes]", watching: Any, opt_outs: Callable[..., Any]
) -> None:
    worker.send_signal(signal.SIGSTOP)
    asker, owner = server.member("tremblay"), server.member("bitfarms")
    with watching([looking(server, asker)] * 3) as watch:
        assert opt_outs(watch, owner, rounds=8) == []
    owner.turns(visible=False)
    assert converges(server) == Counts(visible=2, hidden=1)


def test_with_the_index_gone_an_opt_out_answers_at_once_and_the_index_comes_right_by_itself(
    server: Any, worker: "subprocess.Popen[bytes]", search_line: Line, watching: Any
) -> None:
    asker, owner = server.member("tremblay"), server.member("bitfarms")
    with watching([looking(server, asker)] * 3) as watch:
        watch.until(8, shown=True)
        search_line.cut()
        receipt = owner.turns(visible=False)
        off = time.monotonic()
        assert receipt["index_confirmed"] is False
        answer = asker.types("bitf")
        assert (answer.status, answer.json["part"]) == (503, "search")
        watch.until(8, since=off)
        search_line.join()
        back = time.monotonic()
        watch.until(8, since=back)
        assert watch.broken(off, time.monotonic()) == []
    assert converges(server) == Counts(visible=2, hidden=1)
    assert asker.finds("bitf") == ["Bitflair Mining Corp."]
    owner.turns(visible=True)
    assert asker.finds("bitf")[0] == "Bitfarms Ltd."


def test_with_the_queue_gone_everything_is_answered_and_the_index_comes_right(
    new_server: Callable[..., Any], place: dict[str, str]
) -> None:
    server = new_server(**{**place, "CARNET_REDIS_URL": "redis://127.0.0.1:9/0"})
    server.carnet("import", server.write("companies.csv", COMPANIES))
    server.start()
    owner = server.member("bitfarms")
    assert owner.turns(visible=False)["visible"] is False
    assert server.member("tremblay").finds("bitf") == ["Bitflair Mining Corp."]
    assert converges(server) == Counts(visible=2, hidden=1)


def test_a_ring_of_the_bell_has_the_worker_do_what_waits(new_server: Callable[..., Any], place: dict[str, str]) -> None:
    home = new_server(**place)
    home.carnet("import", home.write("companies.csv", COMPANIES), "--no-index")
    assert waiting(home) == 3
    process = home.spawn("worker")
    RedisDoorbell(home.settings.redis_url).ring()
    assert converges(home) == Counts(visible=3, hidden=0)
    process.terminate()
    assert process.wait(30) == 0
