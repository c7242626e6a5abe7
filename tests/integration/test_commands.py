"""The command `carnet`, as processes: what it prints, what it leaves, how it ends, and what it refuses beside a server."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jwt
import pytest
import requests
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from carnet.cli import console, main
from carnet.stores import open_engine, open_records
from directory.errors import Unavailable
from directory.journal import Entry
from directory.records.schema import newest
from indexer import lease
from indexer.doorbell import JOB, QUEUE, count_failed_jobs, failed_jobs, on_ring, retry_failed_jobs
from indexer.render import fingerprint
from mappings.data import load
from tests.conftest import CARNET
from tests.services.process import free_port
from tests.services.waiting import until

DONE, FAILED, WRONG_USAGE, ROWS_REJECTED, REFUSED = 0, 1, 2, 3, 4
COMPANIES = {
    "tremblay": "Quincaillerie Tremblay ltée",
    "bitfarms": "Bitfarms Ltd.",
    "ajax": {"name": "Ajax", "region": "us"},
}


@pytest.fixture
def home(new_server: Callable[..., Any]) -> Any:
    """A folder with settings, no server running."""
    return new_server()


@pytest.fixture
def server(home: Any) -> Any:
    """A server with a few companies."""
    assert home.carnet("import", home.write("few.csv", COMPANIES)).returncode == DONE
    return home.start()


@pytest.fixture
def runs(home: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """The command within this process, which saves starting another: where that makes no difference."""

    def run(*arguments: Any) -> CompletedProcess[str]:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["carnet", *map(str, arguments)])
            patch.chdir(home.folder)
            patch.setenv("COLUMNS", "200")
            for name, value in home.environment.items():
                patch.setenv(name, value)
            status = 0
            try:
                main()
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else 0
            said = capsys.readouterr()
            return CompletedProcess(arguments, status, said.out, said.err)

    return run


def check_sentence(ended: Any, status: int) -> None:
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()


def test_an_import_into_nothing_makes_the_tables_and_shows_in_the_index_what_it_loaded(home: Any) -> None:
    imported = home.carnet("import", home.write("few.csv", COMPANIES))
    assert imported.returncode == DONE, imported.stderr
    assert imported.stdout == ""
    found = home.carnet("lookup", "bitf", "--region", "ca")
    assert "Bitfarms Ltd." in found.stdout
    assert home.carnet("index", "status").returncode == DONE


def test_what_stands_in_brackets_in_a_companys_card_is_shown_as_it_is(home: Any) -> None:
    home.carnet("import", home.write("few[b].csv", {"x": {"name": "Marqueur [b] inc.", "city": "Ville [red]"}}))
    shown = home.carnet("lookup", "marqueur", "--region", "ca").stdout
    assert ("Marqueur [b] inc." in shown, "Ville [red]" in shown) == (True, True)


def test_rejected_rows_go_to_a_file_in_the_current_folder_and_the_exit_status_is_3(home: Any) -> None:
    elsewhere = home.folder / "elsewhere"
    elsewhere.mkdir()
    file = home.folder / "few.csv.gz"
    file.write_bytes(gzip.compress(b"id,region,name\na,ca,Un\nb,zz,Deux\nc,ca,\n"))
    imported = home.carnet("import", file, cwd=elsewhere)
    check_sentence(imported, ROWS_REJECTED)
    assert "few.rejected.csv" in imported.stderr
    lines = (elsewhere / "few.rejected.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["line", "3", "4"]
    assert (elsewhere / "few.rejected.csv").stat().st_mode & 0o777 == 0o600


def test_an_import_from_a_folder_that_cannot_be_written_to_keeps_its_rejected_rows_elsewhere_and_says_where(
    home: Any, runs: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, how: Path(path) != home.folder and allowed(path, how))
    assert runs("import", home.write("few.csv", COMPANIES)).returncode == DONE
    bad = home.folder / "bad.csv"
    bad.write_text("id,region,name\nx,zz,Deux\ny,ca,Nordik\n")
    rejected = runs("import", bad)
    check_sentence(rejected, ROWS_REJECTED)
    assert "Nordik" in runs("lookup", "nordik", "--region", "ca").stdout
    (said,) = re.findall(r"\S+bad\.rejected\.csv", rejected.stderr.replace("\n", ""))
    kept = Path(said)
    assert kept.parent != home.folder
    assert kept.read_text().splitlines()[1].startswith("2,")
    shutil.rmtree(kept.parent)


def test_json_lines_are_imported_too(home: Any, runs: Callable[..., Any]) -> None:
    file = home.folder / "few.jsonl"
    rows = [{"id": "a", "region": "ca", "name": "Boréal", "other_names": ["Nordik"], "visible": True}, {"id": "b"}]
    file.write_text("\n".join(map(json.dumps, rows)))
    check_sentence(runs("import", file), ROWS_REJECTED)
    assert "Nordik" in runs("lookup", "nord", "--region", "ca").stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"id,region,name,shoe_size\na,ca,Un,44\n", "shoe_size"),
        (b"id,name\na,Un\n", "region"),
        (gzip.compress(b"id,region,name\n" + b"a,ca,Un\n" * 5_000, mtime=0)[:-30], "damaged"),
    ],
)
def test_a_file_that_makes_no_sense_ends_with_a_sentence_and_status_2(
    home: Any, runs: Callable[..., Any], content: bytes, said: str
) -> None:
    file = home.folder / "bad.csv"
    file.write_bytes(content)
    imported = runs("import", file)
    check_sentence(imported, WRONG_USAGE)
    assert said in imported.stderr


@pytest.mark.parametrize(
    "arguments",
    [("import", "nothing.csv"), ("import",), ("token",), ("lookup", "a"), ("lookup", "a", "--region", "zz"), ("fly",)],
)
def test_wrong_usage_ends_with_a_sentence_and_status_2(
    home: Any, runs: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    check_sentence(runs(*arguments), WRONG_USAGE)


@pytest.mark.parametrize(
    "setting",
    [
        {"CARNET_REGIONS": "ca,zz"},
        {"CARNET_LIMITS": "maybe"},
        {"CARNET_DATABASE_URL": "mysql://x"},
        {"CARNET_DATABASE_URL": "sqlite://"},
        {"CARNET_SEARCH_URL": "ftp://x"},
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(home: Any, runs: Callable[..., Any], setting: dict[str, str]) -> None:
    home.environment |= setting
    ended = runs("index", "status")
    check_sentence(ended, WRONG_USAGE)
    assert next(iter(setting)) in ended.stderr


def begin_with_nothing(home: Any) -> None:
    """Elsewhere the tables are there already."""
    (home.folder / "home" / "carnet.db").unlink()


@pytest.mark.embedded
def test_migrate_says_what_it_did(home: Any, runs: Callable[..., Any]) -> None:
    begin_with_nothing(home)
    assert "revision" in runs("migrate").stderr
    assert "up to date" in runs("migrate").stderr


def test_a_token_is_printed_on_one_line_and_nothing_else(home: Any, runs: Callable[..., Any]) -> None:
    runs("import", home.write("few.csv", COMPANIES), "--no-index")
    made = runs("token", "--company", "tremblay", "--role", "standard_user", "--member", "a@b.example")
    assert made.stdout.count("\n") == 1
    claims = jwt.decode(made.stdout.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["company"], claims["iss"], claims["aud"]) == (
        "a@b.example",
        "tremblay",
        "carnet",
        "carnet",
    )
    assert "role" not in claims


def test_the_accounting_products_own_token_is_printed_too_and_is_nobodys_member(
    home: Any, runs: Callable[..., Any]
) -> None:
    made = runs("token", "--admin")
    assert made.returncode == DONE
    claims = jwt.decode(made.stdout.strip(), home.settings.jwt_key, ["HS256"], audience="carnet")
    assert (claims["scope"], claims["company"]) == ("admin", "")
    for both in (("--admin", "--company", "tremblay"), ("--admin", "--role", "primary_admin")):
        assert runs("token", *both).returncode == WRONG_USAGE


def test_a_token_for_a_company_that_does_not_exist_is_refused(home: Any, runs: Callable[..., Any]) -> None:
    refused = runs("token", "--company", "nobody")
    check_sentence(refused, REFUSED)
    assert refused.stdout == ""


def test_without_a_key_no_token_is_made_and_nothing_is_served(home: Any, runs: Callable[..., Any]) -> None:
    del home.environment["CARNET_JWT_KEY"]
    for arguments in (("token", "--company", "a"), ("serve", "--port", "1")):
        ended = runs(*arguments)
        check_sentence(ended, WRONG_USAGE)
        assert "CARNET_JWT_KEY" in ended.stderr


def test_no_index_leaves_the_index_to_a_rebuild(home: Any) -> None:
    assert home.carnet("import", home.write("few.csv", COMPANIES), "--no-index").returncode == DONE
    assert home.carnet("index", "status").returncode == FAILED
    assert home.carnet("index", "rebuild").returncode == DONE
    assert home.carnet("index", "status").returncode == DONE


@pytest.mark.embedded
def test_a_second_server_on_the_same_index_is_refused_and_the_first_goes_on(server: Any) -> None:
    refused = server.carnet("serve", "--port", "1")
    check_sentence(refused, REFUSED)
    assert "in use" in refused.stderr
    assert server.member("tremblay").finds("bitf") == ["Bitfarms Ltd."]


@pytest.mark.embedded
def test_beside_a_server_a_rebuild_is_refused_and_a_token_an_import_and_a_look_up_work(server: Any) -> None:
    refused = server.carnet("index", "rebuild")
    check_sentence(refused, REFUSED)
    asker = server.member("tremblay")  # by `carnet token`
    more = {f"n{n}": {"name": f"Nordik {n}", "region": ("ca", "us")[n % 2]} for n in range(700)}
    imported = server.carnet("import", server.write("more.csv", more))
    assert imported.returncode == DONE, imported.stderr
    # It has waited: what it loaded is found now, not a second later.
    assert asker.finds("nordik 698") == ["Nordik 698"]
    assert server.member("ajax").finds("nordik 699") == ["Nordik 699"]
    assert server.carnet("index", "status").returncode == DONE


@pytest.mark.embedded
def test_a_server_makes_the_tables_and_an_index_by_itself_and_tells_a_port_in_use_in_words(home: Any) -> None:
    begin_with_nothing(home)
    home.start()
    assert home.send("GET", "/readyz", {}, None).status == 200
    other = type(home)(home.folder, {**home.environment, "CARNET_HOME": str(home.folder / "other")})
    taken = other.carnet("serve", "--port", str(home.port))
    check_sentence(taken, FAILED)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("CARNET_REDIS_URL", "redis://:s3/cret@redis:6379/0", "CARNET_REDIS_URL"),
        ("CARNET_REDIS_URL", "redis://redis:6379/0?socket_timeout=soon", "CARNET_REDIS_URL"),
        ("CARNET_SECRET", "", "carnet.secret"),
    ],
)
@pytest.mark.embedded
def test_a_server_that_could_not_begin_by_its_settings_says_so_and_ends_with_2(
    home: Any, runs: Callable[..., Any], setting: str, value: str, said: str
) -> None:
    home.environment[setting] = value
    (home.folder / "home" / "carnet.secret").write_bytes(b"")
    refused = runs("serve", "--port", "1")
    check_sentence(refused, WRONG_USAGE)
    assert said in refused.stderr
    assert "s3" not in refused.stderr


@pytest.mark.embedded
def test_a_server_whose_worker_cannot_begin_ends_with_1_and_not_as_if_rows_were_rejected(home: Any) -> None:
    fails = "import carnet.serving\ncarnet.serving.open_app = None\nfrom carnet.entry import main\nmain()"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ended = subprocess.run(
        [sys.executable, "-c", fails, "serve", "--port", str(port)],
        env={**os.environ, **home.environment},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == FAILED, ended.stderr


def log_of(server: Any) -> str:
    return str((server.folder / "server.log").read_text())


def processes_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children]


@pytest.mark.embedded
def test_an_embedded_index_never_gets_a_second_worker(server: Any) -> None:
    parent = server.process.pid
    (first,) = processes_of(parent)
    os.kill(parent, signal.SIGTTIN)
    until(lambda: "one_worker_only" in log_of(server), 10, "the refusal")
    assert processes_of(parent) == [first]
    os.kill(parent, signal.SIGHUP)
    until(lambda: processes_of(parent) not in ([first], []), 30, "the next worker")
    assert len(processes_of(parent)) == 1
    assert server.member("tremblay").finds("bitf") == ["Bitfarms Ltd."]


@pytest.mark.embedded
def test_the_log_of_a_server_quotes_no_request_that_cannot_be_read(server: Any) -> None:
    for line in (b"GET /v1/typeahead?q=whispered words HTTP/1.1", b"GET / HTTP/1.1\r\nAuthorization whispered"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(line + b"\r\n\r\n")
            assert b" 400 " in connection.recv(1_000)
    assert "whispered" not in log_of(server)


@pytest.mark.embedded
@pytest.mark.parametrize("command", ["reconcile", "rollback", "rebuild"])
def test_beside_a_server_the_index_is_left_to_it(server: Any, runs: Callable[..., Any], command: str) -> None:
    check_sentence(runs("index", command), REFUSED)
    assert runs("index", "status").returncode == DONE
    assert runs("index", "history").returncode == DONE


def test_the_index_commands_end_with_what_a_cron_job_can_trust(home: Any, runs: Callable[..., Any]) -> None:
    for command in ("reconcile", "rollback"):
        check_sentence(runs("index", command), REFUSED)
    runs("import", home.write("few.csv", COMPANIES))
    check_sentence(runs("index", "rollback"), REFUSED)
    assert "Nothing was built" in runs("index", "rebuild", "--dry-run").stdout
    assert runs("index", "rebuild").returncode == DONE
    back = runs("index", "rollback", "--region", "ca")
    assert (back.returncode, "ca: look-ups read companies-ca-" in back.stderr) == (DONE, True)
    assert runs("index", "reconcile").returncode == DONE
    records = open_records(home.settings)
    with records.writing() as connection:
        connection.exec_driver_sql("UPDATE companies SET visible = false WHERE id = 'bitfarms'")
    records.close()
    checked = runs("index", "reconcile", "--check")
    assert (checked.returncode, "shown" in checked.stdout) == (FAILED, True)
    assert runs("index", "status").returncode == FAILED
    assert runs("index", "reconcile", "--check", "--region", "us").returncode == DONE
    assert runs("index", "reconcile").returncode == DONE
    status = runs("index", "status")
    assert (status.returncode, "1 shown, 0 left" in status.stdout) == (DONE, True), status.stdout
    told = runs("index", "history", "--region", "ca").stdout
    assert [event for event in ("drift", "rolled_back", "live", "started") if event in told] == [
        "drift",
        "rolled_back",
        "live",
        "started",
    ]
    assert "companies-us-" not in told
    check_sentence(runs("index", "rebuild", "--region", "xx"), WRONG_USAGE)


@pytest.mark.embedded
def test_live_indices_that_are_elsewhere_are_neither_compared_nor_gone_back_to_and_given_up_only_with_a_word(
    home: Any, runs: Callable[..., Any]
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    assert runs("index", "rebuild").returncode == DONE  # so that there is one to go back to
    theirs, scratch = home.environment.get("CARNET_SEARCH_URL"), f"embedded:{home.folder / 'scratch'}"
    home.environment["CARNET_SEARCH_URL"] = scratch
    for command in ("reconcile", "rollback"):
        refused = runs("index", command)
        check_sentence(refused, REFUSED)
        assert scratch in refused.stderr
    assert "no index" in runs("index", "rebuild", "--dry-run").stdout
    if theirs:
        home.environment["CARNET_SEARCH_URL"] = theirs
    else:
        del home.environment["CARNET_SEARCH_URL"]
    assert runs("index", "status").returncode == DONE
    assert runs("index", "rollback").returncode == DONE
    home.environment["CARNET_SEARCH_URL"] = scratch
    rebuilt = runs("index", "rebuild")
    assert rebuilt.returncode == DONE
    assert scratch in rebuilt.stderr
    assert "given up" in rebuilt.stderr
    assert runs("index", "status").returncode == DONE


@pytest.mark.embedded
@pytest.mark.parametrize(("answer", "status"), [("n\n", REFUSED), ("y\n", DONE)])
def test_at_a_terminal_one_is_asked_whether_live_indices_that_are_not_there_are_lost(
    home: Any, runs: Callable[..., Any], answer: str, status: int
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    home.environment["CARNET_SEARCH_URL"] = f"embedded:{home.folder / 'scratch'}"
    reading, typing = os.openpty()
    os.write(reading, answer.encode())
    asked = subprocess.run(
        [*CARNET, "index", "rebuild"], env=home._all(), stdin=typing, capture_output=True, text=True, check=False
    )
    assert asked.returncode == status, asked.stderr
    assert "Are they lost?" in asked.stderr


@pytest.mark.embedded
def test_of_the_index_that_is_kept_for_the_way_back_nobody_is_told_to_rebuild_it(
    home: Any, runs: Callable[..., Any], tmp_path: Path
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    query = {**load("index.json"), "runs": {"min": 6, "max": 24}}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.json").write_text(json.dumps(query))
    home.environment["CARNET_MAPPINGS"] = str(tmp_path / "mine")
    assert home.carnet("index", "rebuild").returncode == DONE
    status = home.carnet("index", "status")
    assert status.returncode == DONE
    assert status.stdout.count("kept for rollback") == 2
    assert "rebuild" not in status.stdout
    del home.environment["CARNET_MAPPINGS"]
    status = home.carnet("index", "status")
    assert (status.returncode, status.stdout.count("of another release or tuning: rebuild")) == (FAILED, 2)


@pytest.mark.embedded
@pytest.mark.parametrize("columns", [80, 100])
def test_in_a_narrow_terminal_nothing_is_cut(
    home: Any, runs: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    assert runs("index", "rebuild", "--region", "ca").returncode == DONE
    wide = runs("index", "status").stdout
    monkeypatch.setattr(console.output, "_width", columns)
    for said, wanted in (
        (runs("index", "status").stdout, re.findall(r"companies-ca-\S+", wide)),
        (
            runs("lookup", "quincaillerie trem", "--region", "ca", "--explain").stdout,
            ["2 start of the name", "tremblay"],
        ),
    ):
        assert max(map(len, said.splitlines())) <= columns
        assert "…" not in said
        assert all(one in said for one in wanted), said
    said = runs("index", "status").stdout
    assert re.search(rf"ca +│ {fingerprint()} │ retiring │ +2 │ +0 │ +2 │ ", said), said


@pytest.mark.embedded
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])  # the first as where LANG is fr_CA without .UTF-8
def test_what_a_terminal_has_no_letters_for_keeps_no_answer_from_it(home: Any, encoding: str) -> None:
    home.carnet("import", home.write("few.csv", COMPANIES))
    home.environment["PYTHONIOENCODING"] = encoding
    for command in (("doctor",), ("lookup", "quinc", "--region", "ca"), ("index", "status"), ("index", "history")):
        said = subprocess.run(
            [*CARNET, *command], env={**os.environ, **home.environment}, capture_output=True, check=False
        )
        assert (said.returncode, said.stderr) == (DONE, b""), said.stderr.decode(encoding)
        assert said.stdout.decode(encoding)


@pytest.mark.embedded
def test_a_rebuild_that_was_killed_is_begun_again_at_once_by_the_owner(home: Any, runs: Callable[..., Any]) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    records = open_records(home.settings)
    assert lease.take(records, "index of ca")
    assert runs("index", "rebuild").returncode == DONE
    records.close()


@pytest.mark.embedded
def test_an_index_that_nobody_could_look_at_is_not_said_to_be_lost(home: Any) -> None:
    home.carnet("import", home.write("few.csv", COMPANIES))
    away = {**home.environment, "CARNET_SEARCH_URL": f"http://127.0.0.1:{free_port()}"}
    status = type(home)(home.folder, away).carnet("index", "status")
    assert status.returncode == FAILED
    assert "search does not answer" in " ".join(status.stdout.split())
    assert "missing" not in status.stdout


@pytest.mark.embedded
def test_a_demo_at_a_port_in_use_says_so_before_it_loads_anything(runs: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = runs("demo", "--port", str(port))
    assert demo.returncode == FAILED
    assert f"127.0.0.1:{port}" in demo.stderr
    assert "--port" in demo.stderr
    assert "Loading" not in demo.stderr


@pytest.mark.embedded
def test_of_an_address_that_is_no_redis_the_jobs_cannot_be_listed_and_no_part_of_it_is_quoted(
    home: Any, runs: Callable[..., Any]
) -> None:
    home.environment["CARNET_REDIS_URL"] = "redis://:s3/cret@redis:6379/0"
    ended = runs("jobs")
    check_sentence(ended, WRONG_USAGE)
    assert "CARNET_REDIS_URL" in ended.stderr
    assert "s3" not in ended.stderr


@pytest.mark.embedded
@pytest.mark.parametrize("missing", ["redis", "rq"])
def test_without_the_extra_for_redis_the_jobs_cannot_be_listed_and_it_is_named(
    home: Any, runs: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    home.environment["CARNET_REDIS_URL"] = "redis://127.0.0.1:1"
    monkeypatch.delitem(sys.modules, "indexer.doorbell")
    monkeypatch.setitem(sys.modules, missing, None)
    ended = runs("jobs")
    check_sentence(ended, WRONG_USAGE)
    assert "pip install 'carnet[redis]'" in ended.stderr


@pytest.mark.embedded
def test_without_a_queue_there_are_no_jobs_to_list(home: Any, runs: Callable[..., Any]) -> None:
    check_sentence(runs("jobs"), REFUSED)


@pytest.mark.services
def test_a_failed_job_is_listed_with_its_reason_and_runs_again(home: Any, runs: Callable[..., Any]) -> None:
    assert runs("jobs").returncode == DONE
    redis = Redis.from_url(home.settings.redis_url)
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    queue.enqueue(JOB, "a key", result_ttl=0)

    def cannot(_rung: str) -> None:
        raise Unavailable("search", "429")

    on_ring(cannot)
    worker = SimpleWorker([queue], connection=redis, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
    listed = runs("jobs")
    assert listed.returncode == FAILED
    assert "Unavailable: search, 429" in listed.stdout
    assert runs("jobs", "--retry").returncode == DONE
    done: list[str] = []
    on_ring(done.append)
    worker.work(burst=True, logging_level="CRITICAL")
    assert done == ["a key"]
    assert runs("jobs").returncode == DONE
    redis.close()


@pytest.mark.embedded
def test_after_a_server_has_stopped_its_index_belongs_to_whoever_comes_next(server: Any) -> None:
    server.stop()
    assert server.carnet("index", "rebuild").returncode == DONE
    server.start()
    assert server.member("tremblay").finds("bitf") == ["Bitfarms Ltd."]


@pytest.mark.embedded
def test_doctor_lists_every_setting_and_no_secret(home: Any, runs: Callable[..., Any]) -> None:
    home.environment |= {"CARNET_SECRET": "very secret indeed", "CARNET_NONSENSE": "1"}
    said = runs("doctor")
    assert said.returncode == FAILED
    assert "CARNET_NONSENSE" in said.stdout
    for secret in ("very secret indeed", home.environment["CARNET_JWT_KEY"]):
        assert secret not in said.stdout + said.stderr


def of_a_newer_release(home: Any) -> None:
    records = open_records(home.settings)
    with records.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    records.close()


@pytest.mark.parametrize(
    "arguments", [("migrate",), ("token", "--company", "tremblay"), ("serve", "--port", "1"), ("index", "status")]
)
def test_tables_of_a_newer_release_are_refused_in_words(
    home: Any, runs: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    of_a_newer_release(home)
    refused = runs(*arguments)
    check_sentence(refused, REFUSED)
    assert f"carnet migrate --back-to {newest()}" in refused.stderr


def test_tables_are_taken_back_to_what_an_older_release_needs(home: Any, runs: Callable[..., Any]) -> None:
    assert "revision 0003" in runs("migrate", "--back-to", "0003").stderr
    assert f"revision {newest()}" in runs("migrate").stderr
    check_sentence(runs("migrate", "--back-to", "9999"), WRONG_USAGE)


@pytest.mark.embedded
def test_doctor_makes_no_database_no_journal_and_no_index_and_migrates_none(
    home: Any, runs: Callable[..., Any]
) -> None:
    home.environment |= {"CARNET_HOME": str(home.folder / "mistyped")}
    said = doctor(runs)
    assert "✓recordssqlite:nodatabasethereyet" in said
    assert not (home.folder / "mistyped").exists()
    home.environment |= {"CARNET_HOME": str(home.folder / "home")}
    runs("migrate", "--back-to", "0003")
    assert "revision0003" in doctor(runs)
    assert "revision0003" in doctor(runs)


@pytest.mark.embedded
def test_doctor_sees_a_build_that_is_gone_and_a_secret_that_is_none(home: Any, runs: Callable[..., Any]) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    assert "✓index" in doctor(runs)
    for build in home.settings.embedded_path.glob("companies-ca-*"):
        shutil.rmtree(build)
    home.settings.secret_file.write_text("")
    said = doctor(runs)
    assert "✗index" in said
    assert "1of2liveindicesaremissing" in said
    assert "holdsnosecret" in said


@pytest.mark.embedded
def test_doctor_sees_an_index_that_it_may_not_write_or_that_is_of_another_user(
    home: Any, runs: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, how: "companies-ca" not in str(path) and allowed(path, how))
    assert "cannotbewrittentobythisuser" in doctor(runs)
    lock = home.settings.embedded_path / "owner.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # which cannot be opened, by root neither
    assert "✗index" in doctor(runs)


@pytest.mark.embedded
def test_doctor_says_what_stands_in_brackets(home: Any, runs: Callable[..., Any]) -> None:
    (home.folder / "a[b]c").mkdir()
    home.environment |= {"CARNET_MAPPINGS": str(home.folder / "a[b]c")}
    assert "a[b]c" in doctor(runs)


@pytest.mark.embedded
def test_doctor_leaves_no_file_in_the_journal(home: Any, runs: Callable[..., Any]) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    home.settings.journal.mkdir(exist_ok=True)
    runs("doctor")
    assert list(home.settings.journal.glob("*")) == []


@pytest.mark.embedded
def test_doctor_sees_a_database_that_it_may_not_write_or_that_was_taken_away_from_its_index(
    home: Any, runs: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    assert "✓records" in doctor(runs)
    allowed, database = os.access, home.settings.sqlite_path
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, how: Path(path) != database and allowed(path, how))
        assert "✗records" in doctor(runs)
    database.rename(database.with_suffix(".away"))
    assert "✗records" in doctor(runs)


@pytest.mark.embedded
@pytest.mark.parametrize(("full", "part"), [("home", "records"), ("journal", "journal"), ("index", "index")])
def test_doctor_sees_a_disk_that_is_full_by_the_part_that_can_write_no_more(
    home: Any, runs: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, full: str, part: str
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    home.settings.journal.mkdir(exist_ok=True)
    assert f"✓{part}" in doctor(runs)
    asked = shutil.disk_usage
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: asked(path)._replace(free=4_096) if Path(path).name == full else asked(path)
    )
    said = doctor(runs)
    assert f"✗{part}" in said
    assert "isfull" in said


@pytest.mark.embedded
def test_a_server_starts_beside_a_journal_that_cannot_be_written_to_and_promises_nothing(home: Any) -> None:
    assert home.carnet("import", home.write("few.csv", COMPANIES)).returncode == DONE
    home.environment["CARNET_JOURNAL"] = str(home.write("no_folder.csv", COMPANIES))
    member = home.start().member("tremblay")
    assert member.finds("bitf") == ["Bitfarms Ltd."]
    assert member.ask("PUT", "/v1/company/visibility", {"visible": False}).status == 503
    assert member.ask("GET", "/readyz").json["part"] == "journal"


@pytest.mark.embedded
def test_doctor_has_nothing_to_say_of_a_journal_before_the_tables_are_made(home: Any, runs: Callable[..., Any]) -> None:
    begin_with_nothing(home)
    home.settings.sqlite_path.touch()  # as PostgreSQL has a database before anything is in it
    said = doctor(runs)
    assert "✗records" in said
    assert "✓journal" in said
    home.settings.journal.mkdir()
    (home.settings.journal / "old.jsonl").write_bytes(Entry("tremblay", 2, "hidden", 1).line)
    said = doctor(runs)
    assert "✗journalTherearenotables" in said
    assert "nosuchtable" not in said


@pytest.mark.services
def test_doctor_sends_nobody_to_start_a_server_for_an_index_that_only_a_rebuild_brings_back(
    home: Any, runs: Callable[..., Any]
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    lose_the_index(home, "ca")
    said = doctor(runs)
    assert "✗index" in said
    assert "`carnetindexrebuild`buildsitanew" in said


@pytest.mark.services
def test_an_index_that_is_gone_is_named_and_keeps_no_other_from_being_compared(
    home: Any, runs: Callable[..., Any]
) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    lose_the_index(home, "ca")
    said = runs("index", "reconcile")
    assert said.returncode == FAILED
    assert "1 companies in 1 regions compared" in said.stderr
    assert "The live index is gone: ca." in said.stderr
    runs("index", "rebuild")
    assert runs("index", "reconcile").returncode == DONE


def lose_the_index(home: Any, region: str) -> None:
    """As when somebody has deleted it in the cluster."""
    engine = open_engine(home.settings)
    lost = engine.serving(region)
    engine.close()
    cluster, _, prefix = home.settings.search_url.partition("#")
    assert requests.delete(f"{cluster}/{prefix}{lost}", timeout=10).ok


@pytest.mark.embedded
def test_tables_are_not_taken_back_from_under_a_server(server: Any, runs: Callable[..., Any]) -> None:
    check_sentence(runs("migrate", "--back-to", "0004"), REFUSED)
    assert "up to date" in runs("migrate").stderr
    assert server.member("tremblay").finds("bitf") == ["Bitfarms Ltd."]


@pytest.mark.embedded
def test_tables_are_not_taken_back_to_what_lies_ahead_of_them(home: Any, runs: Callable[..., Any]) -> None:
    runs("migrate", "--back-to", "0003")
    check_sentence(runs("migrate", "--back-to", "0005"), WRONG_USAGE)
    assert runs("migrate").returncode == DONE


def doctor(runs: Callable[..., Any]) -> str:
    """What it says, without the lines and breaks of its table."""
    return re.sub(r"[\s│]", "", runs("doctor").stdout)


@pytest.mark.embedded
def test_doctor_shows_no_password_of_an_address_and_says_what_does_not_answer(
    home: Any, runs: Callable[..., Any]
) -> None:
    home.environment |= {
        "CARNET_SEARCH_URL": "http://admin:s3cret@127.0.0.1:1",
        "CARNET_REDIS_URL": "redis://:s3cret@127.0.0.1:1/0",
        "CARNET_JWKS_URL": "http://admin:s3cret@127.0.0.1:1/keys",
        "CARNET_SECRET": "short",
    }
    said = doctor(runs)
    assert "s3cret" not in said
    for sentence in (
        "http://…@127.0.0.1:1",
        "Is OpenSearch running, and is CARNET_SEARCH_URL its address?",
        "Is Redis running, and is CARNET_REDIS_URL its address?",
        "no keys can be read there",
        "one is shorter than 32 characters",
    ):
        assert re.sub(r"\s", "", sentence) in said, said


@pytest.mark.services
def test_doctor_has_nothing_to_say_of_a_redis_that_keeps_its_jobs(home: Any, runs: Callable[..., Any]) -> None:
    assert "✓queue" in doctor(runs)


def test_an_index_that_no_look_up_reads_is_no_healthy_one(server: Any, runs: Callable[..., Any]) -> None:
    assert runs("index", "status").returncode == DONE
    engine = open_engine(server.settings)
    engine.withdraw("ca", str(engine.serving("ca")))
    engine.close()
    status = runs("index", "status")
    assert (status.returncode, "look-ups read none" in status.stdout) == (FAILED, True), status.stdout
    assert server.send("GET", "/readyz", {}, None).json["part"] == "search"


def test_the_status_of_a_region_that_is_not_there_is_wrong_usage(home: Any, runs: Callable[..., Any]) -> None:
    runs("import", home.write("few.csv", COMPANIES))
    assert runs("index", "status", "--region", "us").returncode == DONE
    check_sentence(runs("index", "status", "--region", "xx"), WRONG_USAGE)


@pytest.mark.services
def test_a_failed_job_that_is_gone_is_counted_no_longer_and_does_not_stop_the_others(home: Any) -> None:
    redis = Redis.from_url(home.settings.redis_url)
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    registry = queue.failed_job_registry
    later = time.time() + 600

    def fails(job_id: str) -> None:
        redis.zadd(registry.key, {job_id: later})

    fails("a-gone")
    assert failed_jobs(home.settings.redis_url) == []
    assert count_failed_jobs(home.settings.redis_url) == 0
    fails("a-gone")
    fails(queue.enqueue(JOB, "a key").id)
    assert retry_failed_jobs(home.settings.redis_url) == 1
    assert count_failed_jobs(home.settings.redis_url) == 0
