"""A database that was restored under a running process is noticed, whatever else is wrong, and whatever was said since."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from directory.errors import Unavailable
from directory.journal import HIDDEN, VISIBLE, FileJournal
from directory.restoring import watching
from directory.restoring.comparing import check_replayed
from directory.restoring.watching import _LAST, Watch
from tests.services.waiting import until

FORGOTTEN, KNOWN = "bitfarms", "heroux"


@pytest.fixture
def journal(network: Any) -> Iterator[FileJournal]:
    """It says that one company has opted out; the records, restored since, do not."""
    made = FileJournal(network.settings.journal)
    made.append(FORGOTTEN, 9, HIDDEN)
    yield made
    made.close()


@pytest.fixture
def watch(network: Any) -> Watch:
    return Watch(network.records, network.settings.journal)


def test_while_the_disk_of_the_journal_is_full_nothing_is_served_and_no_files_pile_up(
    network: Any, journal: FileJournal, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int, _line: bytes) -> int:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        for _ in range(5):
            with pytest.raises(Unavailable, match="journal"):
                watch.look()
            with pytest.raises(Unavailable, match="journal"):
                watch.require_current()
    assert len(list(network.settings.journal.glob("*.jsonl"))) == 2
    network.sql("UPDATE companies SET index_version = 99 WHERE id = :c", c=FORGOTTEN)  # as if by another process
    with pytest.raises(Unavailable, match="journal"):  # it is noted now that there is room, and stays so
        watch.look()
    with pytest.raises(Unavailable, match="journal"):
        Watch(network.records, network.settings.journal).look()


def of_this_process(_folder: Path, journal: FileJournal) -> FileJournal:
    return journal


def of_another(folder: Path, _journal: FileJournal) -> FileJournal:
    return FileJournal(folder)


@pytest.mark.parametrize("whose", [of_this_process, of_another])
def test_calls_that_repeat_what_is_known_do_not_hide_what_was_forgotten(
    network: Any, journal: FileJournal, watch: Watch, whose: Callable[[Path, FileJournal], FileJournal]
) -> None:
    said = whose(network.settings.journal, journal)
    for _ in range(2 * _LAST):
        said.append(KNOWN, 1, VISIBLE)
    with pytest.raises(Unavailable, match="journal"):
        watch.look()


def test_a_host_whose_clock_is_ahead_does_not_hide_what_another_wrote(
    network: Any, journal: FileJournal, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [f"k{n}" for n in range(2 * _LAST)]
    network.load(**{one: f"Known {one}" for one in known})
    monkeypatch.setattr("directory.journal.writing.now", lambda: 2**42)
    ahead = FileJournal(network.settings.journal)
    for one in known:
        ahead.append(one, 1, VISIBLE)
    with pytest.raises(Unavailable, match="journal"):
        watch.look()


def test_a_file_that_may_not_be_read_makes_the_journal_unavailable_and_nothing_worse(
    network: Any, watch: Watch, unreadable: Path
) -> None:
    with pytest.raises(Unavailable) as told:
        watch.look()
    assert (told.value.part, "IsADirectoryError" in told.value.reason) == ("journal", True)
    with pytest.raises(Unavailable, match="journal"):
        check_replayed(network.records, network.settings.journal)
    unreadable.rmdir()
    watch.look()


@pytest.mark.usefixtures("journal", "unreadable")
def test_a_file_that_may_not_be_read_hides_nothing_that_the_others_say_was_forgotten(watch: Watch) -> None:
    with pytest.raises(Unavailable, match="journal"):
        watch.look()
    with pytest.raises(Unavailable, match="journal"):
        watch.require_current()


@pytest.fixture
def unreadable(network: Any) -> Path:
    """What cannot be opened, as another user's file cannot; by root neither."""
    path: Path = network.settings.journal / "of-another.jsonl"
    path.mkdir(parents=True)
    return path


def test_whatever_a_look_dies_of_the_next_one_comes(
    network: Any, journal: FileJournal, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    readable, crashes = watch._last_entries, [RuntimeError("never seen before")]

    def crash_once() -> list[Any]:
        if crashes:
            raise crashes.pop()
        return readable()

    monkeypatch.setattr(watching, "EVERY_S", 0.01)
    monkeypatch.setattr(watch, "_last_entries", crash_once)
    watch.start()
    until(lambda: watch.found_behind, 10, "that what was forgotten is noticed")
    watch.stop()
    assert not crashes
