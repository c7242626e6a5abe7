"""What the promise rests on: each part that is set up otherwise is named, with its mend, and nothing is served."""

import json
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from carnet.stores import open_engine
from directory.errors import Unfit
from directory.records import Records
from directory.records.filesystem import filesystem_of
from directory.records.readiness import check_records
from directory.records.schema import migrate
from indexer.build_names import BuildName
from indexer.render import fingerprint
from tests.services import packages
from tests.services.given import plain
from tests.services.local_database import start_database
from tests.services.process import Process, free_port, own_folder, unprivileged
from tests.services.waiting import database_answers

REFUSED = 4
_ON_LOOPBACK = ("--listen_addresses=127.0.0.1", "--unix_socket_directories=", "--max_connections=300")


def refuses(server: Any, *words: str) -> None:
    """`serve` and, where there is one, `worker` refuse, and doctor says so too."""
    ended = [server.carnet("serve", "--port", "1")]
    if not server.settings.embedded_path:
        ended.append(server.carnet("worker"))
    for one in ended:
        assert one.returncode == REFUSED, one.stderr
        assert "Traceback" not in one.stderr
    told = server.carnet("doctor")
    assert told.returncode == 1
    for said in (*(one.stderr for one in ended), told.stdout):
        for word in words:  # wherever a line or a cell of a table was broken
            assert "".join(word.split()) in re.sub(r"[\s│]", "", said), said


def not_ready(server: Any) -> str:
    answer = server.send("GET", "/readyz", {}, None)
    assert answer.status == 503
    return answer.json["part"]


@pytest.mark.services
def test_a_database_that_answers_before_a_commit_is_on_disk_is_refused_and_makes_readyz_red(
    new_server: Callable[..., Any],
) -> None:
    server = new_server().start()
    url = plain(server.settings.database_url)
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name))
        # Those who are connected keep what they were given; a new connection is another matter.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    parts = {not_ready(server) for _ in range(3)}
    assert parts == {"records"}
    server.stop()
    refuses(server, "synchronous_commit is off", "ALTER DATABASE")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(name))
    server.start()
    assert server.send("GET", "/readyz", {}, None).status == 200


@pytest.fixture
def standby() -> Iterator[str]:
    """The address of a standby of a PostgreSQL of this test's own, with the tables."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-test-"))  # where nobody, who runs it, can reach
    folder.chmod(0o711)
    with start_database(folder / "primary") as primary:
        records = Records(primary.address)
        migrate(records)
        records.close()
        data, port = own_folder(folder / "standby") / "data", free_port()
        programs, source = packages.postgresql(), plain(primary.address)
        copy = [programs / "pg_basebackup", "--dbname", source, "--pgdata", data, "--write-recovery-conf"]
        subprocess.run(unprivileged(copy), cwd=folder, check=True, timeout=60)
        with Process(
            "the standby",
            make_url(primary.address).set(port=port).render_as_string(hide_password=False),
            [programs / "postgres", "-D", data, *_ON_LOOPBACK, f"--port={port}"],
            folder / "standby",
            answers=database_answers,
            within=30,
            stop_with=signal.SIGINT,
        ) as copied:
            yield copied.address
    folder.rmdir()


@pytest.mark.services
def test_a_standby_which_lags_behind_is_refused(standby: str) -> None:
    records = Records(standby)
    with pytest.raises(Unfit) as caught:
        check_records(records)
    records.close()
    assert "standby" in caught.value.reason
    assert "primary" in caught.value.reason


@pytest.mark.services
def test_an_index_of_ours_whose_copies_lag_behind_is_refused_until_it_is_built_anew(
    new_server: Callable[..., Any],
) -> None:
    server = new_server()
    assert server.carnet("import", server.write("few.csv", {"bitfarms": "Bitfarms Ltd."})).returncode == 0
    url, _, prefix = server.settings.search_url.partition("#")
    name = f"{prefix}{BuildName.new('ca', fingerprint())}"
    body = {"settings": {"number_of_replicas": 0, "replication.type": "SEGMENT"}}
    request = Request(f"{url}/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="PUT")
    with urlopen(request, timeout=30):
        pass
    refuses(server, name, "DOCUMENT", "carnet index rebuild")
    with urlopen(Request(f"{url}/{name}", method="DELETE"), timeout=30):
        pass
    server.start()
    assert server.send("GET", "/readyz", {}, None).status == 200


@pytest.mark.services
def test_a_strangers_index_may_be_as_it_likes(new_server: Callable[..., Any]) -> None:
    server = new_server()
    url, _, prefix = server.settings.search_url.partition("#")
    body = {"settings": {"number_of_replicas": 0, "replication.type": "SEGMENT"}}
    request = Request(
        f"{url}/{prefix}logs", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="PUT"
    )
    with urlopen(request, timeout=30):
        pass
    engine = open_engine(server.settings)
    engine.check()
    engine.close()


@pytest.mark.embedded
def test_a_sqlite_file_that_something_else_keeps_from_its_wal_is_named_with_its_mend(network: Any) -> None:
    network.records.close()  # the mode of a file changes only with nobody else in it
    alone = Records(network.settings.database_url)
    with alone.reading() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    with pytest.raises(Unfit) as caught:
        check_records(alone)
    alone.close()
    assert "journal_mode is delete" in caught.value.reason
    assert "synchronous is 0" in caught.value.reason


MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /srv/shared rw,relatime - nfs4 server:/export rw
31 30 254:1 / /srv/shared/local rw,relatime - xfs /dev/vdb rw
32 22 0:41 / /mnt/with\040space rw,relatime - cifs //host/share rw
33 22 0:42 / /srv/covered rw,relatime - nfs server:/old rw
34 22 254:2 / /srv/covered rw,relatime - ext4 /dev/vdc rw
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/carnet/carnet.db", "ext4"),
        ("/srv/shared/carnet.db", "nfs4"),
        ("/srv/shared/local/carnet.db", "xfs"),
        ("/srv/shared-not/carnet.db", "ext4"),
        ("/mnt/with space/carnet.db", "cifs"),
        ("/srv/covered/carnet.db", "ext4"),
    ],
)
def test_the_file_system_is_the_one_of_the_innermost_mount(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


@pytest.mark.embedded
def test_a_database_file_on_a_network_is_refused(network: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No network file system can be mounted here: the system's own list of mounts is given instead."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.replace("/srv/shared ", f"{tmp_path} "))
    monkeypatch.setattr("directory.records.filesystem._MOUNTS", mounts)
    answer = network.nobody().ask("GET", "/readyz")
    assert (answer.status, answer.json["part"]) == (503, "records")
    with pytest.raises(Unfit, match="records"):
        check_records(network.records)
