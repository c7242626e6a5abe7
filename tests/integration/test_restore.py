"""A database that was restored to an earlier moment, through the commands, as an operator does it."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import update

from carnet.settings import read_settings
from carnet.stores import open_records
from directory.errors import Refused
from directory.journal import replay
from directory.members import set_role
from directory.records.tables import companies
from directory.restoring import check_replayed
from directory.values import Role
from tests.conftest import Member
from tests.services import addresses, packages
from tests.services.given import plain
from tests.services.own import own_database

DONE, ROWS_REJECTED, REFUSED = 0, 3, 4
BEFORE = {
    "tremblay": "Quincaillerie Tremblay ltée",
    "bitfarms": "Bitfarms Ltd.",
    "heroux": "Héroux-Devtek inc.",
    "orford": "Mont Orford inc.",
    "noise": "Boulangerie Noisette inc.",
    "ajax": {"name": "Ajax Novelty", "region": "us"},
}
LATER = {**BEFORE, "late": "Latulippe et fils", "back": "Backwoods Outfitters", "gone": "Gonzague inc."}
QUERIES = {"bitfarms": "bitf", "heroux": "heroux", "ajax": "ajax", "late": "latulippe", "gone": "gonzague"}


@dataclass
class Backup:
    """A copy of the database of a server, and the way back to it."""

    server: Any
    copy: Path

    def restore(self) -> None:
        if path := self.server.settings.sqlite_path:
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            shutil.copy(self.copy, path.with_name("restored"))
            path.with_name("restored").replace(path)
        else:
            url = plain(self.server.settings.database_url)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            subprocess.run([postgres("pg_restore"), "--no-owner", "-d", url, self.copy], check=True, timeout=60)


def postgres(program: str) -> Path:
    return packages.postgresql() / program


def back_up(server: Any) -> Backup:
    copy = server.folder / "backup"
    copy.unlink(missing_ok=True)
    if path := server.settings.sqlite_path:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    else:
        url = plain(server.settings.database_url)
        subprocess.run([postgres("pg_dump"), "-Fc", "-f", copy, url], check=True, timeout=60)
    return Backup(server, copy)


def check_refused(ended: Any) -> None:
    assert ended.returncode == REFUSED, ended.stderr
    assert "carnet restore" in ended.stderr
    assert "Traceback" not in ended.stderr


def member(server: Any, company: str) -> Any:
    """Its primary admin, made in the records as they are now."""
    records = open_records(server.settings)
    set_role(records, company, f"primary_admin@{company}.example", Role.PRIMARY_ADMIN)
    records.close()
    return Member(server.send, server.token(company))


def product(server: Any) -> Any:
    return Member(server.send, server.token("", sub="books", company=None, scope="admin"))


def shown(server: Any) -> list[str]:
    """Which of the companies that opted out or were erased somebody finds."""
    askers = {"ca": member(server, "tremblay"), "us": member(server, "asker")}
    return [company for company, q in QUERIES.items() for asker in askers.values() if asker.finds(q)]


@pytest.fixture
def server(new_server: Callable[..., Any]) -> Any:
    made = new_server()
    asker = {"asker": {"name": "Zebra Crossing", "region": "us"}}
    assert made.carnet("import", made.write("before.csv", {**BEFORE, **asker})).returncode == DONE
    made.write("later.csv", {**LATER, **asker})
    return made


@pytest.fixture
def forgotten(server: Any) -> Any:
    """A server that was stopped, whose database has forgotten what was answered after the backup."""
    server.start()
    cursor = member(server, "tremblay").ask("GET", "/v1/changes").ok()["next"]
    member(server, "bitfarms").turns(visible=False)
    backup = back_up(server)
    member(server, "heroux").turns(visible=False)
    for visible in (False, True):
        member(server, "orford").turns(visible=visible)
    assert server.carnet("import", server.folder / "later.csv").returncode == DONE
    member(server, "late").turns(visible=False)
    for visible in (False, True):
        member(server, "back").turns(visible=visible)
    for company in ("ajax", "gone"):
        assert product(server).ask("DELETE", f"/v1/admin/companies/{company}").status == 200
    assert shown(server) == []
    server.stop()
    backup.restore()
    server.cursor, server.backup = cursor, backup
    return server


def test_until_the_journal_is_replayed_nothing_is_served_and_then_nothing_is_shown_that_said_no(forgotten: Any) -> None:
    server = forgotten
    for command in (
        ("serve", "--port", "1"),
        ("import", server.folder / "before.csv"),
        ("lookup", "heroux", "--region", "ca"),
        ("index", "rebuild"),
        *([] if server.settings.embedded_path else [("worker",)]),
    ):
        check_refused(server.carnet(*command))
    assert "carnet restore" in server.carnet("doctor").stdout

    restored = server.carnet("restore")
    assert restored.returncode == DONE, restored.stderr
    assert "1 hidden" not in restored.stderr  # heroux and late
    assert "2 hidden, 1 visible again, 2 erased" in restored.stderr, restored.stderr

    server.start()
    assert server.send("GET", "/readyz", {}, None).status == 200
    assert shown(server) == []
    assert member(server, "tremblay").finds("orford") == ["Mont Orford inc."]
    imported = server.carnet("import", server.folder / "later.csv")
    assert imported.returncode == ROWS_REJECTED, imported.stderr
    rejected = (server.folder / "later.rejected.csv").read_text().splitlines()[1:]
    assert sorted(line.split(",")[1] for line in rejected) == ["erased", "erased"]
    assert shown(server) == []
    assert member(server, "tremblay").finds("backwoods") == ["Backwoods Outfitters"]  # its last choice was to be found
    assert server.carnet("index", "status").returncode == DONE

    late = member(server, "late")
    assert late.ask("GET", "/v1/company/visibility").json["visible"] is False
    assert late.turns(visible=True)["index_confirmed"] in (True, False)
    assert member(server, "tremblay").finds("latulippe") == ["Latulippe et fils"]
    answer = member(server, "tremblay").ask("GET", f"/v1/changes?after={server.cursor}")
    assert (answer.status, answer.code) == (410, "cursor_expired")


def test_restoring_twice_does_nothing_more_and_a_second_restore_to_the_same_backup_is_noticed_too(
    forgotten: Any,
) -> None:
    assert forgotten.carnet("restore").returncode == DONE
    again = forgotten.carnet("restore")
    assert again.returncode == DONE, again.stderr
    assert "0 hidden, 0 visible again, 0 erased" in again.stderr
    forgotten.backup.restore()
    check_refused(forgotten.carnet("serve", "--port", "1"))
    assert "2 hidden" in forgotten.carnet("restore").stderr
    forgotten.start()
    assert shown(forgotten) == []


def test_a_database_that_was_restored_to_before_the_last_restore_is_refused_though_nobody_chose_since(
    server: Any,
) -> None:
    server.start()
    member(server, "bitfarms").turns(visible=False)
    server.stop()
    backup = back_up(server)
    assert server.carnet("restore").returncode == DONE
    assert server.carnet("import", server.folder / "later.csv").returncode == DONE
    backup.restore()
    check_refused(server.carnet("lookup", "orford", "--region", "ca"))


STEPS = ("replay_into", "raise_versions", "rebuild_everything", "finish")
KILLED = """
import os, signal, sys
import carnet.restoring as command
from carnet.cli import main

step, when = sys.argv.pop(1), sys.argv.pop(1)
real = getattr(command, step)

def killed(*args, **more):
    if when == "after":
        real(*args, **more)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(command, step, killed)
sys.argv = ["carnet", "restore"]
main()
"""


def test_a_restore_that_was_killed_at_any_step_is_refused_until_it_is_run_again(forgotten: Any) -> None:
    for step in STEPS:
        for when in ("before", "after"):
            died = subprocess.run(
                [sys.executable, "-c", KILLED, step, when],
                env=forgotten._all(),
                check=False,
                timeout=60,
                capture_output=True,
            )
            assert died.returncode == -signal.SIGKILL, died.stderr
            if (step, when) != ("finish", "after"):
                records = open_records(forgotten.settings)
                with pytest.raises(Refused, match="carnet restore"):
                    check_replayed(records, forgotten.settings.journal)
                records.close()
    restored = forgotten.carnet("restore")
    assert restored.returncode == DONE, restored.stderr
    assert forgotten.carnet("index", "status").returncode == DONE
    forgotten.start()
    assert shown(forgotten) == []


def forget_more(server: Any, company: str) -> None:
    """What goes on in other processes may raise the version of what was forgotten, until no entry is ahead of it."""
    records = open_records(server.settings)
    with records.writing() as connection:
        higher = {"index_version": companies.c.index_version + 9}
        connection.execute(update(companies).where(companies.c.id == company).values(higher))
    with pytest.raises(Refused, match="carnet restore"):
        check_replayed(records, server.settings.journal)
    records.close()


def test_a_restore_under_a_running_server_is_noticed_and_nobody_is_answered(server: Any) -> None:
    server.start()
    asker = member(server, "tremblay")
    backup = back_up(server)
    member(server, "heroux").turns(visible=False)
    backup.restore()
    until(lambda: asker.types("heroux").status == 503)
    answer = asker.in_french().types("heroux")
    assert (answer.json["part"], "carnet restore" in answer.text) == ("journal", False)
    forget_more(server, "heroux")
    ready = server.send("GET", "/readyz", {}, None)
    assert (ready.status, ready.json["part"]) == (503, "journal")
    assert server.send("GET", "/livez", {}, None).status == 200
    if server.settings.embedded_path:
        server.stop()
        assert server.carnet("restore").returncode == DONE
        server.start()
    else:  # the servers need not be stopped: they answer again when it is done
        assert server.carnet("restore").returncode == DONE
        until(lambda: asker.types("heroux").status == 200)
    assert asker.finds("heroux") == []


@pytest.mark.services
def test_a_worker_ends_with_status_4_where_the_database_is_restored_under_it(server: Any) -> None:
    server.start()
    worker = server.spawn("worker")
    until(lambda: "worker_started" in (server.folder / "server.log").read_text())
    backup = back_up(server)
    member(server, "heroux").turns(visible=False)
    backup.restore()
    assert worker.wait(30) == REFUSED
    assert "carnet restore" in (server.folder / "server.log").read_text()


def test_without_the_journal_restore_says_what_that_means_and_wants_to_be_told(forgotten: Any) -> None:
    shutil.rmtree(forgotten.settings.journal)
    said = forgotten.carnet("doctor").stdout
    assert "those made since could not be known" in " ".join(said.split())
    refused = forgotten.carnet("restore")
    check_refused(refused)
    assert "nothing can be known" in refused.stderr
    restored = forgotten.carnet("restore", "--without-journal")
    assert restored.returncode == DONE, restored.stderr
    assert "not known" in restored.stderr
    forgotten.start()
    assert shown(forgotten) == ["heroux", "ajax"]  # forgotten for good; bitfarms opted out before the backup
    assert [entry.company for entry in replay(forgotten.settings.journal) if entry.company] == ["bitfarms"]


def doctor(server: Any) -> str:
    """What it says, however the lines of its table are broken."""
    return " ".join(server.carnet("doctor").stdout.replace("│", " ").split())


def test_a_journal_that_was_lost_is_written_anew_and_knows_every_choice(server: Any) -> None:
    server.start()
    backup = back_up(server)
    member(server, "heroux").turns(visible=False)
    assert product(server).ask("DELETE", "/v1/admin/companies/ajax").status == 200
    server.stop()
    shutil.rmtree(server.settings.journal)
    assert "carnet restore --compact" in doctor(server)
    assert server.carnet("restore", "--compact").returncode == DONE
    assert "carnet restore" not in doctor(server)
    server.start()
    member(server, "bitfarms").turns(visible=False)
    assert {(e.company, e.state) for e in replay(server.settings.journal)} == {
        ("heroux", "hidden"),
        ("ajax", "erased"),
        ("bitfarms", "hidden"),
    }
    server.stop()
    backup.restore()
    assert server.carnet("restore").returncode == DONE
    server.start()
    assert shown(server) == []


def test_a_journal_that_is_lost_under_a_running_server_forgets_nobody(server: Any) -> None:
    server.start()
    backup = back_up(server)
    member(server, "heroux").turns(visible=False)
    shutil.rmtree(server.settings.journal)
    member(server, "bitfarms").turns(visible=False)  # as the folder is found: made anew
    until(lambda: {entry.company for entry in replay(server.settings.journal)} == {"heroux", "bitfarms"})
    assert "journal_lacks_choices" in (server.folder / "server.log").read_text()
    assert "carnet restore" not in doctor(server)
    server.stop()
    backup.restore()
    assert server.carnet("restore").returncode == DONE
    server.start()
    assert shown(server) == ["ajax"]


def until(true: Callable[[], bool]) -> None:
    from tests.services.waiting import until as wait

    wait(true, 30, "what was waited for")


@pytest.fixture
def elsewhere(forgotten: Any) -> Iterator[str]:
    with ExitStack() as stack:
        yield stack.enter_context(own_database(addresses().database_url))


@pytest.mark.services
def test_a_backup_restored_into_a_fresh_database_is_refused_and_comes_back_alike(
    forgotten: Any, elsewhere: str
) -> None:
    subprocess.run(
        [postgres("pg_restore"), "--no-owner", "-d", plain(elsewhere), forgotten.backup.copy], check=True, timeout=60
    )
    forgotten.environment["CARNET_DATABASE_URL"] = elsewhere
    forgotten.settings = read_settings(forgotten.environment)
    check_refused(forgotten.carnet("serve", "--port", "1"))
    assert forgotten.carnet("restore").returncode == DONE
    forgotten.start()
    assert shown(forgotten) == []


def test_a_region_that_had_its_first_company_after_the_backup_does_not_keep_the_restore_from_ending(
    server: Any,
) -> None:
    backup = back_up(server)
    first = server.write("first.csv", {"lyon": {"name": "Lyon Soie", "region": "fr"}})
    assert server.carnet("import", first).returncode == DONE
    server.start()
    member(server, "heroux").turns(visible=False)
    server.stop()
    backup.restore()
    check_refused(server.carnet("index", "status"))
    assert server.carnet("restore").returncode == DONE
    assert server.carnet("import", first).returncode == DONE
    assert server.carnet("index", "status").returncode == DONE


@pytest.mark.embedded
def test_an_index_that_was_lost_while_look_ups_read_it_does_not_keep_the_restore_from_ending(server: Any) -> None:
    backup = back_up(server)
    server.start()
    member(server, "heroux").turns(visible=False)
    server.stop()
    backup.restore()
    for contents in server.settings.embedded_path.glob("companies-*-*/meta.json"):
        contents.unlink()
    assert server.carnet("restore").returncode == DONE
    assert server.carnet("index", "status").returncode == DONE
