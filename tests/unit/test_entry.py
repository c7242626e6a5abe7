"""The folder in which a server's processes count."""

import os
import sys
from pathlib import Path

import pytest

from carnet.entry import _COUNTERS, _counters_of_all_processes


@pytest.fixture(autouse=True)
def a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["carnet", "serve"])
    monkeypatch.setattr(os, "environ", {name: value for name, value in os.environ.items() if name != _COUNTERS})


def test_a_server_that_ends_removes_what_its_processes_counted_in() -> None:
    with _counters_of_all_processes():
        folder = Path(os.environ[_COUNTERS])
        assert folder.is_dir()
    assert not folder.exists()


def test_a_process_of_a_server_that_ends_by_itself_leaves_the_others_what_they_count_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with _counters_of_all_processes():
        folder = Path(os.environ[_COUNTERS])
        monkeypatch.setattr(os, "getpid", lambda: -1)  # from here on as in a process that was forked
    assert folder.is_dir()
    folder.rmdir()
