"""The promise: no answer to a request that was sent after the receipt shows the company. With real processes."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

COMPANIES = {
    "tremblay": "Quincaillerie Tremblay ltée",
    "heroux": "Héroux-Devtek inc.",
    "bitfarms": {"name": "Bitfarms Ltd.", "other_names": "Cryptofermes", "visible": "true"},
    "noise": "Bitumar inc.",
    "ajax": {"name": "Ajax", "region": "us"},
}


@pytest.fixture
def server(new_server: Callable[..., Any]) -> Any:
    made = new_server()
    made.carnet("import", made.write("few.csv", COMPANIES))
    return made.start()


def looking_for(member: Any, q: str = "bitf", name: str = "Bitfarms") -> Callable[[], bool]:
    return lambda: name in member.types(q).text


def test_while_others_ask_in_a_loop_no_answer_after_the_receipt_shows_the_company(
    server: Any, watching: Any, opt_outs: Any
) -> None:
    owner, asker, other = (server.member(company) for company in ("bitfarms", "tremblay", "heroux"))
    askers = [
        looking_for(asker),
        looking_for(other, "bitfarms ltd"),
        looking_for(asker, "crypto"),
        looking_for(other, "b"),
    ]
    with watching(askers) as watch:
        assert opt_outs(watch, owner, 5) == []
    assert sum(one.shown for one in watch.seen) >= 40


def test_the_same_file_imported_again_beside_the_server_shows_it_to_nobody(server: Any, watching: Any) -> None:
    owner, asker = server.member("bitfarms"), server.member("tremblay")
    with watching([looking_for(asker), looking_for(asker, "crypto")]) as watch:
        watch.until(5, shown=True)
        owner.turns(visible=False)
        off = time.monotonic()
        for _ in range(2):
            assert server.carnet("import", server.folder / "few.csv").returncode == 0
        changed = COMPANIES | {"bitfarms": {"name": "Bitfarms Limited", "visible": "true", "city": "Laval"}}
        assert server.carnet("import", server.write("few.csv", changed)).returncode == 0
        watch.until(20, since=off)
    assert watch.broken(off, time.monotonic()) == []
    assert owner.ask("GET", "/v1/company/visibility").json["visible"] is False


def test_a_pick_and_a_save_after_the_receipt_show_nothing_either(server: Any) -> None:
    asker = server.member("tremblay")
    suggestion, link = asker.suggestion("bitf"), asker.picks("bitf")["link"]
    server.member("bitfarms").turns(visible=False)
    for answer in (
        asker.ask("POST", "/v1/reveals", {"suggestion": suggestion}),
        asker.ask("POST", "/v1/contacts", {"relation": "customer", "link": link}),
    ):
        assert answer.status == 404
        assert "bitfarms" not in answer.text.lower()


def test_after_the_server_was_killed_and_started_again_it_is_still_hidden(server: Any) -> None:
    owner = server.member("bitfarms")
    asker = server.member("tremblay")
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    owner.turns(visible=False)
    server.kill()
    server.start()
    assert asker.finds("bitf") == []
    assert asker.finds("bitu") == ["Bitumar inc."]


CRASH = """
import os, signal, sys
from carnet.settings import read_settings
from carnet.stores import open_records
from directory.members import identify
from directory.visibility import set_visibility

class Killed:
    def append(self, *_): os.kill(os.getpid(), signal.SIGKILL) if sys.argv[1] == "journal" else None
    def publish(self, *_, **__): os.kill(os.getpid(), signal.SIGKILL)

records = open_records(read_settings())
asker = identify(records, "primary_admin@token.invalid", "bitfarms")
set_visibility(records, Killed(), Killed(), asker, False)
"""


@pytest.mark.parametrize("before", ["journal", "index"])
def test_a_process_killed_after_the_commit_and_before_the_rest_has_hidden_the_company(server: Any, before: str) -> None:
    """What answered nothing promised nothing; what it committed holds all the same, and the index follows by itself."""
    asker = server.member("tremblay")
    server.member("bitfarms")
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    died = subprocess.run([sys.executable, "-c", CRASH, before], env=server._all(), check=False, timeout=60)
    assert died.returncode == -9
    assert asker.finds("bitf") == []
    assert server.carnet("import", server.folder / "few.csv").returncode == 0  # which waits for the outbox to be empty
    assert server.carnet("index", "status").returncode == 0
    assert asker.finds("bitf") == []
