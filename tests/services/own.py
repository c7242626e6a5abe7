"""What one test has to itself in services that others use at the same moment, and what is removed when it ends."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url

from tests.services import PREFIX, NotToBeHad
from tests.services.given import mark, plain

_LOCK_S = 3_600  # a Redis database whose user was killed is free again after this long
_WAIT_S = 60
_AT_ONCE = 20  # names that the first line of a request has room for


@contextmanager
def own_prefix(search_url: str) -> Iterator[str]:
    """A prefix for names of indices. Whatever bears it at the end is removed, each index by its whole name."""
    prefix = f"{PREFIX}-{uuid4().hex[:10]}-"
    try:
        yield prefix
    finally:
        names = index_names(search_url, prefix)
        for at in range(0, len(names), _AT_ONCE):
            these = ",".join(names[at : at + _AT_ONCE])
            with urlopen(Request(f"{search_url}/{these}", method="DELETE"), timeout=30):
                pass


def index_names(search_url: str, prefix: str) -> list[str]:
    with urlopen(f"{search_url}/_alias?expand_wildcards=all", timeout=30) as answer:
        return sorted(name for name in json.load(answer) if name.startswith(prefix))


@contextmanager
def own_redis(redis_url: str) -> Iterator[str]:
    """The address of an empty database of this Redis."""
    with redis.Redis.from_url(redis_url, db=0) as shared:
        mark(shared)
        number = _free_number(shared)
        try:
            with redis.Redis.from_url(redis_url, db=number) as own:
                own.flushdb()
                yield f"{redis_url.rstrip('/')}/{number}"
                own.flushdb()
        finally:
            shared.delete(_lock(number))


def _free_number(shared: redis.Redis) -> int:
    databases = int(shared.config_get("databases")["databases"] or 0)
    deadline = time.monotonic() + _WAIT_S
    while time.monotonic() < deadline:
        for number in range(1, databases):
            if shared.set(_lock(number), "taken", nx=True, ex=_LOCK_S):
                return number
        time.sleep(0.1)
    raise NotToBeHad(f"all {databases - 1} databases of the Redis for tests are taken")


def _lock(number: int) -> str:
    return f"{PREFIX}:database:{number}"


@contextmanager
def own_database(database_url: str, template: str | None = None) -> Iterator[str]:
    """The address of a new database, empty or a copy of the one at the address `template`, which nobody may be using."""
    name = f"{PREFIX}_{uuid4().hex[:10]}".replace("-", "_")
    source = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(make_url(template).database or "") if template else sql.Identifier("template1")
    )
    with psycopg.connect(plain(database_url), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
        try:
            yield make_url(database_url).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
