"""PostgreSQL from the system's packages: a cluster of its own in a folder of its own, on loopback.

It collates by a language, as the stock image and most servers do: what wrongly relies on the order of bytes fails here.
"""

import signal
import subprocess
from pathlib import Path

from tests.services import NotToBeHad, packages
from tests.services.process import Process, free_port, own_folder, unprivileged
from tests.services.waiting import database_answers

_USER = "carnet"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "synchronous_commit": "on",
}


def start_database(folder: Path) -> Process:
    binaries, port, data = packages.postgresql(), free_port(), own_folder(folder) / "data"
    collation = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
    made = subprocess.run(
        unprivileged([binaries / "initdb", "--no-sync", "--auth=trust", f"--username={_USER}", *collation, data]),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise NotToBeHad(f"PostgreSQL's initdb failed: {made.stderr}")
    settings = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": port}.items()]
    return Process(
        "PostgreSQL",
        f"postgresql+psycopg://{_USER}@127.0.0.1:{port}/postgres",
        [binaries / "postgres", "-D", data, *settings],
        folder,
        answers=database_answers,
        within=30,
        stop_with=signal.SIGINT,  # its fast shutdown: does not wait for clients
    )
