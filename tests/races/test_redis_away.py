"""The queue dies, before a worker begins or under it: the worker sweeps on, hears the bell again when Redis is back, and
ends when it is told to, whatever Redis does.
"""

import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from carnet.stores import open_records
from directory import outbox
from indexer.doorbell import RedisDoorbell, count_failed_jobs
from tests.races.proxy import Line
from tests.services.waiting import until

pytestmark = pytest.mark.services

WITHIN_S = 30


@pytest.fixture
def home(
    new_server: Callable[..., Any], stack: Any, tmp_path: Any, redis_line: Line, search_line: Line
) -> Iterator[Any]:
    with stack(tmp_path / "place") as place:
        number = place["CARNET_REDIS_URL"].rpartition("/")[2]
        prefix = place["CARNET_SEARCH_URL"].rpartition("#")[2]
        yield new_server(
            **{
                **place,
                "CARNET_REDIS_URL": f"redis://127.0.0.1:{redis_line.port}/{number}",
                "CARNET_SEARCH_URL": f"http://127.0.0.1:{search_line.port}#{prefix}",
            }
        )


@pytest.fixture
def worker(home: Any) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        started.append(home.spawn("worker"))
        said(home, "worker_started")
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(10)


def said(home: Any, event: str, times: int = 1) -> None:
    until(lambda: (home.folder / "server.log").read_text().count(event) >= times, WITHIN_S, event)


def comes(home: Any, name: str) -> None:
    """A company, of which the index is told by nobody but the worker."""
    home.carnet("import", home.write(f"{name}.csv", {name: {"name": f"{name} Inc."}}), "--no-index")


def indexed(home: Any) -> None:
    records = open_records(home.settings)

    def nothing_waits() -> bool:
        with records.reading() as connection:
            return not outbox.depth(connection)[0]

    until(nothing_waits, WITHIN_S, "that nothing waits")
    records.close()


def rung(home: Any) -> RedisDoorbell:
    """The bell, which was rung and answered."""
    doorbell = RedisDoorbell(home.settings.redis_url)
    doorbell.ring()
    until(lambda: not doorbell._redis.exists(doorbell._rung), WITHIN_S, "an answer to the bell")
    return doorbell


def test_a_worker_sweeps_without_redis_and_is_rung_for_when_redis_comes(
    home: Any, redis_line: Line, worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    redis_line.cut()
    process = worker()
    said(home, "bell_away")
    comes(home, "tremblay")
    indexed(home)
    redis_line.join()
    said(home, "bell_back")
    rung(home)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_a_worker_that_loses_redis_sweeps_on_hears_it_again_and_stops_when_told(
    home: Any, redis_line: Line, worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    process = worker()
    for name in ("tremblay", "bitfarms"):
        rung(home)
        redis_line.cut()
        comes(home, name)
        indexed(home)
        redis_line.join()
    redis_line.cut()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_a_worker_that_waits_to_listen_again_ends_when_told_as_any_other(
    home: Any, redis_line: Line, worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    process = worker()
    doorbell = rung(home)
    redis_line.lose = b"rq:worker:"  # RQ ends, where it has a job; while it waits for one, it tries again by itself
    doorbell.ring()
    said(home, "bell_away")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert "Traceback" not in (home.folder / "server.log").read_text().rpartition("bell_away")[2]


def test_a_worker_whose_redis_is_stuck_ends_within_seconds(
    home: Any, redis_line: Line, worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    process = worker()
    rung(home)
    redis_line.freeze()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_bell_that_rings_while_the_index_is_away_is_no_failed_job_and_the_sweep_does_its_work(
    home: Any, search_line: Line, worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    worker()
    search_line.cut()
    comes(home, "tremblay")
    for times in (1, 2):
        rung(home)
        said(home, "drain_failed", times)
    said(home, "sweep_failed")
    assert count_failed_jobs(home.settings.redis_url) == 0
    search_line.join()
    indexed(home)
