"""Redis from the system's packages, on loopback, keeping nothing."""

from pathlib import Path

from tests.services import packages
from tests.services.process import Process, free_port, own_folder
from tests.services.waiting import redis_answers

_DATABASES = 64  # a test has one to itself


def start_redis(folder: Path) -> Process:
    server, port = packages.redis_server(), free_port()
    settings = {
        "--bind": "127.0.0.1",
        "--port": str(port),
        "--databases": str(_DATABASES),
        "--save": "",
        "--maxmemory-policy": "noeviction",
        "--dir": str(own_folder(folder)),
    }
    command: list[str | Path] = [server, *(part for setting in settings.items() for part in setting)]
    return Process("Redis", f"redis://127.0.0.1:{port}", command, folder, answers=redis_answers, within=20)
