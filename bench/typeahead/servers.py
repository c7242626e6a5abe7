"""HTTP servers as processes of their own, asked over kept connections on loopback; what they cost of a processor."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from directory.errors import Unavailable
from tests.services.process import free_port
from tests.services.waiting import until

_START_S = 60
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    port: int
    path: str
    process: "subprocess.Popen[bytes]"

    def cpu_s(self) -> float:
        """Seconds of processor time that all its processes have used so far."""
        return sum(_cpu_s(stat, self.process.pid) for stat in Path("/proc").glob("[0-9]*/stat"))

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, connection: HTTPConnection, text: str, headers: Mapping[str, str]) -> bytes:
        """The whole answer. Raises Unavailable for a 503."""
        connection.request("GET", f"{self.path}?{urlencode({'q': text})}", headers=dict(headers))
        answer = connection.getresponse()
        said = answer.read()
        if answer.status == 503:
            raise Unavailable("search", "503")
        if answer.status != 200:
            raise RuntimeError(f"{self.path} answered {answer.status}: {said.decode()}")
        return said


def _cpu_s(stat: Path, group: int) -> float:
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0.0
    return (int(fields[11]) + int(fields[12])) * _TICK_S if int(fields[2]) == group else 0.0


@contextmanager
def carnet(environment: Mapping[str, str]) -> Iterator[Server]:
    with _process(["-m", "carnet", "serve"], lambda port: ["--port", str(port)], environment, "/v1/typeahead") as found:
        yield found


@contextmanager
def documented(search_url: str, index: str) -> Iterator[Server]:
    command = ["-m", "bench.typeahead.documented"]
    with _process(command, lambda port: [str(port), search_url, index], {}, "/typeahead") as found:
        yield found


@contextmanager
def _process(
    command: Sequence[str], arguments: Callable[[int], Sequence[str]], environment: Mapping[str, str], path: str
) -> Iterator[Server]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARNET_", "PROMETHEUS_"))}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, *command, *arguments(port)],
            env={**kept, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        server = Server(port, path, process)
        try:
            until(lambda: _answers(port), _START_S, path, lives=lambda: process.poll() is None)
            yield server
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-3_000:])
            raise
        finally:
            process.terminate()
            process.wait(30)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status in (200, 404)
    except OSError:
        return False
    finally:
        connection.close()


def search_cpu_s(search_url: str) -> float:
    """Seconds of processor time that OpenSearch has used so far."""
    with urlopen(f"{search_url}/_nodes/stats/process", timeout=30) as answer:
        nodes = json.load(answer)["nodes"]
    return sum(node["process"]["cpu"]["total_in_millis"] for node in nodes.values()) / 1000
