"""OpenSearch, the whole official server, on a JDK of this machine: one node, on loopback, in a folder of its own.

CARNET_TEST_SEARCH_HEAP sets its heap, 1g unless told.
"""

import os
from pathlib import Path

from tests.services import packages
from tests.services.process import Process, free_port, own_folder
from tests.services.waiting import search_answers

_START_WITHIN_S = 300
# What the server's own jvm.options say and we do not want: a module that small JDKs lack, its heap, files in its home.
_LEFT_OUT = ("jdk.incubator.vector", "-Xms", "-Xmx", "logs/", "HeapDump")


def start_search(folder: Path) -> Process:
    server, java = packages.opensearch()
    port = free_port()
    own_folder(folder)
    configuration = own_folder(folder / "config")
    settings = {
        "cluster.name": folder.parent.name,
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": free_port(),
        "path.data": own_folder(folder / "data"),
        "path.logs": own_folder(folder / "logs"),
        "action.auto_create_index": "false",
        # Tests say themselves when a disk is full.
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    _write(configuration / "opensearch.yml", "".join(f"{name}: {value}\n" for name, value in settings.items()))
    _write(configuration / "jvm.options", _jvm_options(server))
    _write(configuration / "log4j2.properties", _LOG_TO_CONSOLE)
    return Process(
        "OpenSearch",
        f"http://127.0.0.1:{port}",
        ["bash", server / "bin" / "opensearch"],
        folder,
        answers=search_answers,
        within=_START_WITHIN_S,
        environment={
            "OPENSEARCH_JAVA_HOME": str(java),
            "OPENSEARCH_PATH_CONF": str(configuration),
            "OPENSEARCH_TMPDIR": str(own_folder(folder / "tmp")),
        },
    )


def _jvm_options(server: Path) -> str:
    stock = (server / "config" / "jvm.options").read_text().splitlines()
    kept = [line for line in stock if not line.startswith("#") and not any(part in line for part in _LEFT_OUT)]
    heap = os.environ.get("CARNET_TEST_SEARCH_HEAP", "1g")
    return "\n".join([*kept, f"-Xms{heap}", f"-Xmx{heap}", "-XX:-UsePerfData", ""])


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


_LOG_TO_CONSOLE = """\
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
