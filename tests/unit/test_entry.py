"""The folder in which a server's processes count."""

import os
import sys
from pathlib import Path

import pytest

from carnet.entry import _COUNTERS, _counters_of_all_processes


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_process_of_a_server_that_ends_by_itself_leaves_the_others_what_they_count_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["carnet", "serve"])
    monkeypatch.setattr(os, "environ", {name: value for name, value in os.environ.items() if name != _COUNTERS})
    with _counters_of_all_processes():
        folder = Path(os.environ[_COUNTERS])
        with pytest.MonkeyPatch.context() as forked:
            counters = _counters_of_all_processes()
            del os.environ[_COUNTERS]
            counters.__enter__()
            others = Path(os.environ[_COUNTERS])
            forked.setattr(os, "getpid", lambda: -1)
            counters.__exit__(None, None, None)
        assert others.is_dir()
        others.rmdir()
    assert not folder.exists()
