"""Real OpenSearch, Redis and PostgreSQL for tests, benches and CI: never a stand-in, and never skipped.

Each of the three is, in this order: the one at an address in the environment (CARNET_TEST_SEARCH_URL,
CARNET_TEST_REDIS_URL, CARNET_TEST_DATABASE_URL), if it holds nothing that tests did not make; a container, where a Docker
engine answers; a process started here from packages. Where none can be had, `NotToBeHad` says what to install.

They are started once a run, by a process of its own that lives as long as somebody is connected to it. So all workers of
one pytest run share them, and they go when the last one goes, be it by kill -9.
"""

import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PREFIX = "carnet-test"  # of every index, database and key that tests make
VARIABLES = {
    "search_url": "CARNET_TEST_SEARCH_URL",
    "redis_url": "CARNET_TEST_REDIS_URL",
    "database_url": "CARNET_TEST_DATABASE_URL",
}
START_WITHIN_S = 900  # the first time, a few hundred megabytes are fetched

_connections: list[socket.socket] = []  # held open until this process ends: the services live as long


class NotToBeHad(Exception):
    """A service that tests need is not there. The sentence says what to install, or why an address was refused."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """`search_url` http://HOST:PORT · `redis_url` redis://HOST:PORT · `database_url` postgresql+psycopg://…, to connect to
    and make databases beside."""

    search_url: str
    redis_url: str
    database_url: str

    def environment(self) -> dict[str, str]:
        return {VARIABLES[name]: address for name, address in asdict(self).items()}


@cache
def addresses() -> Addresses:
    """Where this run's services are; the first call of a run starts them. Raises NotToBeHad."""
    folder = Path(tempfile.gettempdir()) / f"{PREFIX}-run-{os.geteuid()}-{_run()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(START_WITHIN_S)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        door = folder / "door"
        if not door.exists():
            _start_keeper(folder)
        connection.connect(str(door))
    _connections.append(connection)
    answer = json.loads(connection.makefile().readline() or '{"error": "the process that keeps the services died"}')
    if "error" in answer:
        raise NotToBeHad(answer["error"])
    return Addresses(**answer)


def _run() -> str:
    """The same in all workers of one pytest run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())


def _start_keeper(folder: Path) -> None:
    """Start the process that keeps the services; returns once its door is open."""
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.services", "keep", folder],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests: the keeper goes after them
        )
    assert keeper.stdout
    with keeper.stdout:
        if not keeper.stdout.readline():
            raise NotToBeHad((folder / "keeper.log").read_text())
    keeper.returncode = 0  # not ours to wait for: it outlives us by a moment
