"""A part of the journal that goes under a running process is written anew by those who know it still: the records."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from directory.errors import Unavailable
from directory.journal import HIDDEN, VISIBLE, files, replay
from directory.restoring import read_newest
from directory.restoring.compacting import compact
from directory.restoring.losses import Losses


@pytest.fixture
def folder(network: Any) -> Path:
    network.member("bitfarms").turns(visible=False)
    network.member("heroux").turns(visible=False)
    network.member("heroux").turns(visible=True)
    assert held(network.settings.journal) == {("bitfarms", HIDDEN), ("heroux", HIDDEN), ("heroux", VISIBLE)}
    return network.settings.journal


def held(folder: Path) -> set[tuple[str, str]]:
    return {(entry.company, entry.state) for entry in replay(folder)}


def looks(losses: Losses, folder: Path) -> list[str]:
    """What it says."""
    with capture_logs() as said:
        losses.look({path: path.stat().st_size for path in files(folder)})
    return [entry["event"] for entry in said]


@pytest.fixture
def losses(network: Any, folder: Path) -> Losses:
    made = Losses(network.records, folder, network.services.journal)
    assert looks(made, folder) == []
    return made


def test_a_folder_that_was_removed_is_written_anew_and_holds_every_choice(losses: Losses, folder: Path) -> None:
    shutil.rmtree(folder)
    assert looks(losses, folder) == ["journal_lacks_choices", "journal_written_anew"]
    assert held(folder) == {("bitfarms", HIDDEN), ("heroux", VISIBLE)}
    assert looks(losses, folder) == []


def test_another_folder_in_its_place_that_takes_new_lines_is_no_journal_of_the_old_ones(
    network: Any, losses: Losses, folder: Path
) -> None:
    folder.rename(folder.with_name("aside"))
    network.member("tremblay").turns(visible=False)
    looks(losses, folder)
    assert held(folder) == {("bitfarms", HIDDEN), ("heroux", VISIBLE), ("tremblay", HIDDEN)}


def test_an_older_copy_in_its_place_gets_what_was_said_since(network: Any, losses: Losses, folder: Path) -> None:
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    network.member("heroux").turns(visible=False)
    looks(losses, folder)
    shutil.rmtree(folder)
    copy.rename(folder)
    assert "journal_written_anew" in looks(losses, folder)
    assert read_newest(folder).entries["heroux"].state == HIDDEN


def test_to_compact_loses_nothing(network: Any, losses: Losses, folder: Path) -> None:
    network.services.journal.close()
    assert compact(folder) == (3, 2)
    assert looks(losses, folder) == []


def test_who_starts_beside_an_empty_journal_says_so_and_leaves_it_to_be_looked_at(network: Any, folder: Path) -> None:
    shutil.rmtree(folder)
    losses = Losses(network.records, folder, network.services.journal)
    assert looks(losses, folder) == ["journal_lacks_choices"]
    assert held(folder) == set()


def test_what_cannot_be_written_is_tried_again(losses: Losses, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder)
    folder.write_text("in the way")
    with pytest.raises(Exception, match="journal"):
        losses.look({})
    folder.unlink()
    assert looks(losses, folder)[-1] == "journal_written_anew"
    assert held(folder) == {("bitfarms", HIDDEN), ("heroux", VISIBLE)}


def test_a_choice_whose_line_found_no_room_is_written_once_there_is_some_though_nobody_calls_again(
    network: Any, losses: Losses, folder: Path
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "write", no_room)
        answer = network.member("tremblay").ask("PUT", "/v1/company/visibility", {"visible": False})
        assert (answer.status, network.member("heroux").finds("tremblay")) == (503, [])
        with pytest.raises(Unavailable, match="journal"):
            looks(losses, folder)
    assert looks(losses, folder) == ["journal_lacks_choices", "journal_written_anew"]
    assert ("tremblay", HIDDEN) in held(folder)
    assert looks(losses, folder) == []


def no_room(_file: int, _line: bytes) -> int:
    raise OSError(errno.ENOSPC, "no room")
