"""The folder in which a server's processes count."""

import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from carnet import counters

FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {k: value for k, value in os.environ.items() if k != counters.SETTING})


def test_a_server_that_ends_removes_what_its_processes_counted_in() -> None:
    with counters.of_all_processes():
        folder = Path(os.environ[counters.SETTING])
        assert folder.is_dir()
    assert not folder.exists()


def test_a_process_of_a_server_that_ends_by_itself_leaves_the_others_what_they_count_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as forked, counters.of_all_processes():
        folder = Path(os.environ[counters.SETTING])
        forked.setattr(os, "getpid", lambda: -1)  # from here on as in a process that was forked
    assert folder.is_dir()
    del os.environ[counters.SETTING]
    with counters.of_all_processes():
        assert not folder.exists()  # nobody uses it any more


def test_what_a_killed_server_left_is_removed_once_the_last_of_its_processes_is_gone() -> None:
    said, says = FORK.Pipe(duplex=False)
    server = FORK.Process(target=_serve, args=(says,))
    server.start()
    folder, of_the_server = said.recv()
    _kill(server.pid)
    server.join()
    _another_server()
    assert folder.is_dir()  # one that it had forked still counts
    _kill(of_the_server)
    given_up = time.monotonic() + 10
    while folder.exists() and time.monotonic() < given_up:  # a process that was killed takes a moment to be gone
        _another_server()
    assert not folder.exists()


def test_a_server_that_takes_over_from_another_counts_in_a_folder_of_its_own() -> None:
    with counters.of_all_processes():
        of_the_first = Path(os.environ[counters.SETTING])
        with counters.of_all_processes():  # as gunicorn starts one on USR2, with all that was set in the first
            of_the_next = Path(os.environ[counters.SETTING])
            assert of_the_next != of_the_first
            assert of_the_first.is_dir()
        assert not of_the_next.exists()


def test_in_a_folder_that_somebody_has_set_is_counted_and_it_stays(tmp_path: Path) -> None:
    os.environ[counters.SETTING] = str(tmp_path)
    with counters.of_all_processes():
        assert os.environ[counters.SETTING] == str(tmp_path)
    assert tmp_path.is_dir()


def test_what_only_looks_like_a_servers_folder_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("in-use", "kept.db"):
        (elsewhere / name).touch()
    (tmp_path / "carnet-metrics-link").symlink_to(elsewhere)
    monkeypatch.setattr(counters, "gettempdir", lambda: str(tmp_path))
    _another_server()
    assert (elsewhere / "kept.db").exists()


def _serve(says: Connection) -> None:
    with counters.of_all_processes():
        forked = os.fork()
        if forked:
            says.send((Path(os.environ[counters.SETTING]), forked))
        signal.pause()


def _another_server() -> None:
    with counters.of_all_processes():
        pass
    del os.environ[counters.SETTING]


def _kill(pid: int | None) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)
