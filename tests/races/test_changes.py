"""The feed while many write at once and whoever numbers the changes dies at every step: nothing lost, nothing twice."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from api.webhooks.courier import HttpsCourier
from directory import standing
from directory.companies import lock_company
from directory.updates.feed import change_id
from directory.updates.leases import take_due
from directory.updates.numbering import head, number_committed
from directory.values import Card

KILLS = 50
STEPS = 12  # of numbering, waking, and into numbering again
PACE_S = 0.02  # of each writer, so that reading keeps up on a busy machine

# What a worker's loop does, in a process that kills itself (SIGKILL) at the n-th step of writing: before or after a
# statement, or before a commit. One life for each n that it is given; forked, as starting Python anew would take longer.
LIVES = """
import os, signal, sys, time
from contextlib import suppress
from sqlalchemy import event
from directory.updates.numbering import number_committed
from directory.errors import CarnetError
from directory.updates.leases import wake
from directory.records import Records

def live(url, steps):
    records, left = Records(url), [steps]
    def step(connection, *_):
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(records._writer, name, step)
    while True:
        with suppress(CarnetError):  # as the loop does: the lock was not to be had
            number_committed(records)
            wake(records)
        time.sleep(0.002)

for line in sys.stdin:
    child = os.fork()
    if not child:
        live(sys.argv[1], int(line))
    print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def lives(network: Any) -> Iterator[Callable[[int], None]]:
    """A function that has one worker live and die at the n-th step."""
    url = network.records.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", LIVES, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin
        assert process.stdout
        sent, heard = process.stdin, process.stdout

        def live_and_die(steps: int) -> None:
            sent.write(f"{steps}\n")
            assert heard.readline() == "9\n"

        yield live_and_die


def follows(asker: Any, after: str, limit: int) -> Any:
    return asker.ask("GET", f"/v1/changes?after={after}&limit={limit}").ok()


def test_with_writers_in_parallel_and_50_killed_workers_every_change_comes_once_and_in_the_order_of_commits(
    network: Any, together: Callable[..., Any]
) -> None:
    asker = network.member("tremblay")
    names = {"bitfarms": "bitf", "heroux": "heroux", "noise-1": "noisette", "noise-2": "abatement"}
    linked = {asker.saves(q): company for company, q in names.items()} | {asker.saves("bitf", "vendor"): "bitfarms"}
    cursor = asker.ask("GET", "/v1/changes/latest").ok()["next"]
    saved: Counter[str] = Counter()
    over, written, lived = threading.Event(), threading.Event(), threading.Semaphore(0)
    counting, writing = threading.Lock(), [len(names)]

    def write(company: str) -> None:
        member = network.member(company)
        while not over.wait(PACE_S):
            answer = member.edits(email=f"e{saved[company]}@{company}.example")
            assert answer.status in (200, 503), answer.text  # 503: the lock was not to be had, and nothing was saved
            saved[company] += answer.status == 200
        with counting:
            writing[0] -= 1
            if not writing[0]:
                written.set()
                lived.release()

    def kill() -> None:
        try:
            with lives(network) as live_and_die:
                for life in range(KILLS):
                    live_and_die(1 + life % STEPS)
                    lived.release()
        finally:
            over.set()

    seen: list[Any] = []

    def follow() -> None:
        """Reads to the end after each death: in between, the workers alone give numbers, and while it reads they go on."""
        after, last = cursor, False
        while not last:
            assert lived.acquire(timeout=60)
            last, more = written.is_set(), True
            while more:
                page = follows(asker, after, 7)
                seen.extend(page["changes"])
                after, more = page["next"], page["more"]

    together(kill, follow, *[lambda company=company: write(company) for company in names])

    assert min(saved.values()) >= 5, saved
    assert len({change["id"] for change in seen}) == len(seen)
    per_contact = Counter(change["contact"] for change in seen)
    assert per_contact == {contact: saved[company] for contact, company in linked.items()}
    versions = dict(network.sql("SELECT seq, card_version FROM changes"))
    with network.records.reading() as connection:
        salt = head(connection).salt
    for contact in linked:
        version_of = {change_id(salt, seq, contact): version for seq, version in versions.items()}
        came = [version_of[change["id"]] for change in seen if change["contact"] == contact]
        assert came == sorted(set(came))
    numbers = [number for (number,) in network.sql("SELECT number FROM changes ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.services
def test_a_change_that_was_written_first_and_committed_last_is_not_passed_over(network: Any) -> None:
    """Its row has the lower sequence number: a cursor on that would lose it."""
    asker = network.member("tremblay")
    early, late = asker.saves("bitf"), asker.saves("heroux")
    cursor = asker.ask("GET", "/v1/changes/latest").ok()["next"]
    with network.records.writing() as slow:
        _edit(slow, "bitfarms")
        with network.records.writing() as quick:
            _edit(quick, "heroux")
        page = follows(asker, cursor, 10)
        assert [change["contact"] for change in page["changes"]] == [late]
    page = follows(asker, page["next"], 10)
    assert [change["contact"] for change in page["changes"]] == [early]


def _edit(connection: Any, company: str) -> None:
    row = lock_company(connection, company)
    card = Card.of({**row._mapping, "email": "edited@company.example"})
    standing.change(connection, row, {}, card, by="a test")


def test_however_many_number_at_once_each_change_gets_one_number(network: Any, together: Callable[..., Any]) -> None:
    owner = network.member("bitfarms")
    for turn in range(10):
        owner.edits(email=f"e{turn}@bitfarms.example")
    given = together(*[lambda: number_committed(network.records)] * 4)
    assert sum(given) == 10
    assert network.sql("SELECT number FROM changes ORDER BY seq") == [(number,) for number in range(1, 11)]


def test_however_many_look_for_webhooks_at_once_each_is_leased_to_one(
    network: Any, together: Callable[..., Any]
) -> None:
    network.app.extensions["carnet"] = replace(network.services, courier=HttpsCourier(find=lambda *_: ["8.8.8.8"]))
    asker = network.member("tremblay")
    made = {asker.ask("POST", "/v1/webhooks", {"url": f"https://hooks.example/{n}"}).ok()["id"] for n in range(6)}
    taken = [due.id for dues in together(*[lambda: take_due(network.records, 4)] * 4) for due in dues]
    taken += [due.id for due in take_due(network.records, 10)]
    assert sorted(taken) == sorted(made)
