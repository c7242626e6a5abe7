"""The real processes of Carnet on a ground, over lines that can be cut: one API, workers, and commands."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import urllib3
from sqlalchemy import select

from carnet.settings import Settings
from directory.records import Records
from directory.records.tables import companies
from indexer.engines.port import Engine
from tests.chaos.ground import Ground
from tests.chaos.names import Names
from tests.chaos.points import Points
from tests.conftest import Home
from tests.races.proxy import Line
from tests.services import ROOT

API_PROCESSES, WORKERS = 2, 1
_UP_WITHIN_S = 90
_PLENTY = "1000000/minute"  # limits are on, so that every look-up asks Redis; nobody reaches them


@dataclass
class Site:
    """`settings` lead to the services themselves, and so do processes unless the site is `lined`: then they go through the
    lines, which takes them longer. `prefix`: of every index name."""

    ground: Ground
    home: Home
    settings: Settings
    search_line: Line
    records_line: Line
    points: Points
    prefix: str
    names: Names
    records: Records
    engine: Engine
    lined: bool = False
    port: int = 0
    server: "subprocess.Popen[bytes] | None" = None
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    ended: list[tuple[str, int]] = field(default_factory=list)  # commands, with their exit statuses
    drifted: Counter[str] = field(default_factory=Counter)  # what a fault found by `drift` while the row went on

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def spawn(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARNET_", "CHAOS_"))}
        place = {
            "CARNET_DATABASE_URL": self.settings.database_url,
            "CARNET_SEARCH_URL": self.settings.search_url,
        }
        given = {**self.home.environment, **({} if self.lined else place), **environment}
        linked = (
            ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
        )  # they go when we go, be it by force
        command = [*linked, sys.executable, "-m", "tests.chaos.launch", *arguments]
        with (self.home.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.home.folder,
                env={**kept, **given, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def carnet(self, *arguments: str, within: float = 120, **environment: str) -> int:
        """A command to its end; its exit status, that of a signal negative."""
        process = self.spawn(*arguments, **environment)
        try:
            status = process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        self.ended.append((" ".join(arguments[:2]), status))
        return status

    def start(self, *, lined: bool) -> None:
        """The API and a worker, as a row needs them; those that run so already stay."""
        if self.server is None or self.lined != lined:
            self.stop()
            self.lined = lined
            self.serve()
            self.work()

    def serve(self, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = self.port or free.getsockname()[1]
        self.server = self.spawn("serve", "--port", str(self.port), "--workers", str(API_PROCESSES), **environment)
        deadline = time.monotonic() + _UP_WITHIN_S
        with urllib3.PoolManager(retries=False, timeout=2) as http:
            while True:
                try:
                    if http.request("GET", f"{self.url}/livez").status == 200:
                        return
                except urllib3.exceptions.HTTPError:
                    pass
                if self.server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self.log()[-3_000:])
                time.sleep(0.05)

    def work(self, **environment: str) -> "subprocess.Popen[bytes]":
        self.workers.append(self.spawn("worker", **environment))
        return self.workers[-1]

    def work_again(self, **environment: str) -> None:
        """A worker in the place of each that has died."""
        dead = [worker for worker in self.workers if worker.poll() is not None]
        for worker in dead:
            self.workers.remove(worker)
            self.work(**environment)

    def api_processes(self) -> list[int]:
        """Those that answer: the children of the one that was started."""
        assert self.server
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def stop(self) -> None:
        for process in [*self.workers, *([self.server] if self.server else [])]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)
                process.terminate()
        for process in [*self.workers, *([self.server] if self.server else [])]:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.server = None
        self.workers.clear()

    def regions(self) -> dict[str, str]:
        with self.records.reading() as connection:
            return {row.id: row.region for row in connection.execute(select(companies.c.id, companies.c.region))}

    def log(self) -> str:
        return (self.home.folder / "processes.log").read_text(errors="replace")
