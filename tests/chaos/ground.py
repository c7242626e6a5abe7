"""The services that a run may hurt: its own OpenSearch, Redis and PostgreSQL, behind lines that can be cut.

What is started here is stopped by its own id. Call from a thread that lives as long: they go with the thread.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from directory.records import Records
from directory.records.schema import migrate
from tests.races.proxy import Line
from tests.services.local_database import start_database
from tests.services.local_redis import start_redis
from tests.services.local_search import start_search
from tests.services.own import own_database
from tests.services.process import Process


@dataclass(frozen=True)
class Ground:
    """`template`: a migrated database to copy from."""

    folder: Path
    search: Process
    redis: Process
    database: Process
    template: str


@contextmanager
def ground() -> Iterator[Ground]:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="carnet-chaos-")))
        folder.chmod(0o711)
        search = running.enter_context(start_search(folder / "search"))
        redis = running.enter_context(start_redis(folder / "redis"))
        database = running.enter_context(start_database(folder / "database"))
        template = running.enter_context(own_database(database.address))
        records = Records(template)
        migrate(records)
        records.close()
        yield Ground(folder, search, redis, database, template)


@contextmanager
def frozen(process: Process) -> Iterator[None]:
    """SIGSTOP: it keeps its connections and answers nothing."""
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def restarted(process: Process, meanwhile: Callable[[], None] = lambda: None) -> None:
    """SIGKILL, and start again on what it left."""
    process.kill()
    meanwhile()
    process.start()


def copied(source: Path, target: Path) -> None:
    """A folder of a service as it is, with its owners; what stands at `target` goes."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    owner = source.stat()
    for path in [target, *target.rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid)


def line_to(address: str) -> tuple[Line, str]:
    """A line to a service, and the address that leads through it."""
    found = urlsplit(address)
    line = Line(found.hostname or "", found.port or 0)
    if address.startswith("postgresql"):
        through = make_url(address).set(host="127.0.0.1", port=line.port)
        return line, through.render_as_string(hide_password=False)
    return line, address.replace(f":{found.port}", f":{line.port}", 1)
