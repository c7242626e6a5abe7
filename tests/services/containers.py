"""Services in containers, through testcontainers, where a Docker engine answers."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.services.waiting import database_answers, redis_answers, search_answers, until

_START_WITHIN_S = 180
_SOCKET = Path("/var/run/docker.sock")


def engine_answers() -> bool:
    try:
        import docker
        import docker.errors
    except ImportError:
        return False
    # The library leaves a socket open that it cannot connect.
    if "DOCKER_HOST" not in os.environ and not _SOCKET.exists():
        return False
    try:
        with closing(docker.from_env(timeout=3)) as client:
            return bool(client.ping())
    except (docker.errors.DockerException, OSError):
        return False


@contextmanager
def container(name: str) -> Iterator[str]:
    """Its address. The container is removed when the block ends."""
    from testcontainers.core.container import DockerContainer

    match name:
        case "search_url":
            made = DockerContainer("opensearchproject/opensearch:3.6.0").with_exposed_ports(9200)
            for key, value in {
                "discovery.type": "single-node",
                "action.auto_create_index": "false",
                "DISABLE_SECURITY_PLUGIN": "true",
                "DISABLE_INSTALL_DEMO_CONFIG": "true",
                "OPENSEARCH_JAVA_OPTS": "-Xms1g -Xmx1g",
            }.items():
                made = made.with_env(key, value)
            port, pattern, answers = 9200, "http://{}:{}", search_answers
        case "redis_url":
            made = DockerContainer("redis:7").with_exposed_ports(6379)
            made = made.with_command("redis-server --databases 64 --save '' --maxmemory-policy noeviction")
            port, pattern, answers = 6379, "redis://{}:{}", redis_answers
        case _:
            made = DockerContainer("postgres:15").with_exposed_ports(5432)
            made = made.with_env("POSTGRES_HOST_AUTH_METHOD", "trust").with_env("POSTGRES_USER", "carnet")
            port, pattern, answers = 5432, "postgresql+psycopg://carnet@{}:{}/postgres", database_answers
    with made as running:
        address = pattern.format(running.get_container_host_ip(), running.get_exposed_port(port))
        until(lambda: answers(address), _START_WITHIN_S, f"the container for {name}")
        yield address
