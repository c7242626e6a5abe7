"""The journal as files: what a crash, a full disk and compacting leave of it, and what of two entries is the newer one."""

import errno
import fcntl
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import pytest

from directory.errors import Unavailable
from directory.journal import ERASED, HIDDEN, RESTORED, VISIBLE, Entry, FileJournal, files, replay
from directory.restoring import is_ahead, read_newest
from directory.restoring.compacting import compact
from directory.restoring.comparing import must_replay

WRITE_ELSEWHERE = """
import sys
from pathlib import Path
from directory.journal import FileJournal
journal = FileJournal(Path(sys.argv[1]))
for company, version, state in zip(*[iter(sys.argv[2:])] * 3):
    journal.append(company, int(version), state)
"""


def write_elsewhere(folder: Path, *said: str) -> None:
    """From a process that has ended since."""
    subprocess.run([sys.executable, "-c", WRITE_ELSEWHERE, folder, *said], check=True, timeout=30)


def states(folder: Path) -> dict[str, tuple[int, str]]:
    return {entry.company: (entry.index_version, entry.state) for entry in read_newest(folder).entries.values()}


FULL = """
import resource, signal, sys
from pathlib import Path
from directory.errors import Unavailable
from directory.journal import FileJournal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = FileJournal(Path(sys.argv[1]))
journal.append("first", 2, "hidden")
(path,) = Path(sys.argv[1]).iterdir()
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 30, hard))
try:
    journal.append("lost", 2, "hidden")
except Unavailable as error:
    print(error.part)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
journal.append("after", 2, "hidden")
"""


def test_a_line_that_a_full_disk_took_a_part_of_is_no_answer_and_spoils_none_after_it(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout == "journal\n"
    assert [entry.company for entry in replay(tmp_path)] == ["first", "after"]


def test_an_entry_goes_where_the_journal_is_now_when_its_folder_was_removed_or_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    journal = FileJournal(folder)
    journal.append("a", 2, HIDDEN)
    folder.rename(tmp_path / "aside")
    journal.append("b", 2, HIDDEN)
    assert [entry.company for entry in replay(folder)] == ["b"]
    (file,) = files(folder)
    file.unlink()
    journal.append("c", 2, HIDDEN)
    assert [entry.company for entry in replay(folder)] == ["c"]


def test_the_newest_entry_is_the_one_of_the_highest_version_whatever_the_order_and_the_clocks(tmp_path: Path) -> None:
    lines = [Entry("a", 3, VISIBLE, 1), Entry("a", 2, HIDDEN, 9), Entry("b", 2, HIDDEN, 5), Entry("b", 2, VISIBLE, 6)]
    (tmp_path / "one.jsonl").write_bytes(b"".join(entry.line for entry in lines))
    (tmp_path / "two.jsonl").write_bytes(Entry("a", 1, HIDDEN, 10).line + b'{"company": "a", "index_ver')
    assert states(tmp_path) == {"a": (3, VISIBLE), "b": (2, HIDDEN)}


def test_nothing_is_newer_than_an_erasure(tmp_path: Path) -> None:
    lines = [Entry("a", 2, ERASED, 1), Entry("a", 2**32 + 5, VISIBLE, 2)]
    (tmp_path / "one.jsonl").write_bytes(b"".join(entry.line for entry in lines))
    assert states(tmp_path) == {"a": (2, ERASED)}


@pytest.mark.parametrize(
    "line",
    [
        '{"company": "a"}',
        '{"company": "a", "index_version": "2", "state": "hidden", "at": 1}',
        '{"company": "a", "index_version": 2, "state": "gone", "at": 1}',
        "null",
    ],
)
def test_a_whole_line_that_is_no_entry_is_not_passed_over(tmp_path: Path, line: str) -> None:
    (tmp_path / "one.jsonl").write_text(line + "\n" + json.dumps({"company": "b"}) + "\n")
    with pytest.raises(Unavailable, match="journal"):
        read_newest(tmp_path)


@pytest.mark.parametrize(
    ("entry", "row", "newer"),
    [
        ((2, HIDDEN), None, True),
        ((2, HIDDEN), (1, True, False), True),
        ((2, HIDDEN), (2, False, False), False),
        ((2, HIDDEN), (3, True, False), False),  # shown again since, by a call that was never answered
        ((2, HIDDEN), (2, True, False), True),  # another history
        ((2, VISIBLE), (1, False, False), True),
        ((2, VISIBLE), (2, True, False), False),
        ((2, ERASED), (9, True, False), True),  # an erased id is never used again
        ((2, ERASED), (2, False, True), False),
    ],
)
def test_an_entry_is_ahead_of_a_row_that_it_is_newer_than(entry: Any, row: Any, newer: bool) -> None:
    said = None if row is None else SimpleNamespace(index_version=row[0], visible=row[1], erased=row[2])
    assert is_ahead(Entry("a", *entry, 0), said) is newer


@pytest.mark.parametrize(
    ("entry", "row", "written"),
    [
        ((2, HIDDEN), (3, True, False), True),
        ((2, VISIBLE), (3, False, False), False),
        ((2, HIDDEN), (3, False, False), False),
        ((2, HIDDEN), None, True),
    ],
)
def test_a_restore_hides_what_the_journal_says_is_hidden_even_where_the_row_was_changed_since(
    entry: Any, row: Any, written: bool
) -> None:
    said = None if row is None else SimpleNamespace(index_version=row[0], visible=row[1], erased=row[2])
    assert must_replay(Entry("a", *entry, 0), said) is written


def test_compacting_keeps_the_newest_of_each_company_and_the_last_restore_and_files_in_use(tmp_path: Path) -> None:
    write_elsewhere(tmp_path, "a", "2", HIDDEN, "a", "3", VISIBLE, "", "4294967296", RESTORED, "b", "2", ERASED)
    write_elsewhere(tmp_path, "a", "4", HIDDEN, "", "8589934592", RESTORED)
    open_now = FileJournal(tmp_path)
    open_now.append("c", 2, HIDDEN)
    before, floor = states(tmp_path), read_newest(tmp_path).floor
    assert compact(tmp_path) == (6, 3)
    assert (states(tmp_path), read_newest(tmp_path).floor) == (before, floor)
    assert len(files(tmp_path)) == 2
    open_now.append("c", 3, VISIBLE)
    assert states(tmp_path)["c"] == (3, VISIBLE)
    assert compact(tmp_path) == (3, 3)


def test_while_others_write_read_and_compact_no_entry_is_ever_missing(tmp_path: Path) -> None:
    done, missed, stop = 0, [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            sure = done
            found = states(tmp_path)
            missed.extend(n for n in range(sure) if f"c{n}" not in found)

    def compacting() -> None:
        while not stop.is_set():
            compact(tmp_path)

    threads = [threading.Thread(target=work) for work in (read, read, compacting, compacting)]
    for thread in threads:
        thread.start()
    for number in range(100):
        journal = FileJournal(tmp_path)
        journal.append(f"c{number}", 2, HIDDEN)
        journal.close()
        done = number + 1
    stop.set()
    for thread in threads:
        thread.join()
    assert missed == []
    assert len(states(tmp_path)) == 100


def test_a_file_that_another_compacted_between_opening_and_locking_it_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_elsewhere(tmp_path, "a", "2", HIDDEN)
    lock = fcntl.flock

    def late(file: IO[bytes], how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        assert compact(tmp_path) == (1, 1)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    assert compact(tmp_path) == (0, 0)
    assert states(tmp_path) == {"a": (2, HIDDEN)}


def test_a_compacting_that_finds_a_damaged_file_leaves_everything_as_it_is(tmp_path: Path) -> None:
    write_elsewhere(tmp_path, "a", "2", HIDDEN)
    (tmp_path / "bad.jsonl").write_bytes(b"\x00" * 20 + b"\n")
    with pytest.raises(Unavailable, match="journal"):
        compact(tmp_path)
    assert len(files(tmp_path)) == 2


def test_a_file_that_somebody_emptied_is_not_written_to_again_and_what_it_said_is_said_anew(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.append("a", 2, HIDDEN)
    os.truncate(files(tmp_path)[0], 0)
    journal.append("a", 2, HIDDEN)
    assert states(tmp_path) == {"a": (2, HIDDEN)}


def test_a_file_that_was_emptied_to_make_room_can_be_read_whatever_fails_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileJournal(tmp_path)
    journal.append("a", 2, HIDDEN)
    os.truncate(files(tmp_path)[0], 0)
    with monkeypatch.context() as patch:
        patch.setattr("directory.journal.writing.os.write", no_room)
        with pytest.raises(Unavailable):
            journal.append("lost", 2, HIDDEN)
    journal.append("after", 2, HIDDEN)
    assert states(tmp_path) == {"after": (2, HIDDEN)}


def no_room(_file: int, _line: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


FULL_FOR_A_WHILE = """
import os, resource, signal, sys
from pathlib import Path
from directory.errors import Unavailable
from directory.journal import FileJournal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = FileJournal(Path(sys.argv[1]))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

def ready():
    try:
        journal.check()
    except Unavailable as error:
        return error.part
    return "ready"

said = [ready()]
resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
try:
    journal.append("lost", 2, "hidden")
except Unavailable:
    said += [ready(), ready()]
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
said.append(ready())
journal.append("after", 2, "hidden")
print(*said)
"""


def test_after_a_line_has_failed_the_journal_is_not_ready_until_there_is_room_again(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_FOR_A_WHILE, tmp_path], capture_output=True, text=True, timeout=30, check=True
    )
    assert ran.stdout.split() == ["ready", "journal", "journal", "ready"]
    assert [entry.company for entry in replay(tmp_path)] == ["after"]


def test_two_journals_of_one_process_that_begin_in_the_same_moment_do_not_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.journal.writing.now", lambda: 1_700_000_000_000)
    journals = [FileJournal(tmp_path) for _ in range(2)]
    writers = [
        threading.Thread(target=one.append, args=("bitfarms", n, "hidden"), daemon=True)
        for n, one in enumerate(journals)
    ]
    for writer in writers:
        writer.start()
        writer.join(10)
    assert not any(writer.is_alive() for writer in writers)
    assert len(list(tmp_path.glob("*.jsonl"))) == 2


def test_a_journal_that_was_only_looked_into_leaves_no_file(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path)
    journal.check()
    journal.close()
    assert files(tmp_path) == []
    journal.append("a", 2, HIDDEN)
    journal.close()
    assert states(tmp_path) == {"a": (2, HIDDEN)}


def test_what_root_writes_belongs_to_whom_the_folder_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _file, user, group: given.append((user, group)))
    write_elsewhere(tmp_path, "a", "2", HIDDEN)
    journal = FileJournal(tmp_path)
    journal.append("b", 2, HIDDEN)
    assert compact(tmp_path) == (1, 1)
    whose = tmp_path.stat()
    assert given == [(whose.st_uid, whose.st_gid)] * 2


def test_a_folder_that_root_makes_belongs_to_whom_the_one_around_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda file, *_whose: given.append(os.fstat(file).st_ino))
    FileJournal(tmp_path / "journal").append("a", 2, HIDDEN)
    (file,) = files(tmp_path / "journal")
    assert given == [(tmp_path / "journal").stat().st_ino, file.stat().st_ino]
