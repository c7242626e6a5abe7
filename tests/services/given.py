"""Services at addresses that the environment gives. One that holds what tests did not make is refused, untouched."""

import json
import os
from urllib.request import urlopen

import psycopg
import redis
from sqlalchemy import make_url

from tests.services import PREFIX, VARIABLES, NotToBeHad

MARK = PREFIX  # a key in database 0: this Redis is for these tests


def address(name: str) -> str | None:
    """The address that the environment gives, None where it gives none. Raises NotToBeHad where it may not be used."""
    variable = VARIABLES[name]
    found = os.environ.get(variable, "").strip().rstrip("/")
    if not found:
        return None
    check = {"search_url": foreign_indices, "redis_url": foreign_keys, "database_url": foreign_tables}[name]
    try:
        foreign = check(found)
    except (OSError, redis.RedisError, psycopg.Error) as error:
        raise NotToBeHad(f"{variable}: nothing answers there ({type(error).__name__}).") from error
    if foreign:
        raise NotToBeHad(
            f"{variable}: refused, it holds {foreign} that these tests did not make. Give the address of a service "
            f"of their own, or leave the variable out and one is started."
        )
    return found


def foreign_indices(url: str) -> str:
    with urlopen(f"{url}/_cat/indices?h=index&format=json&expand_wildcards=all", timeout=10) as answer:
        names = [row["index"] for row in json.load(answer)]
    foreign = [name for name in names if not name.startswith((".", f"{PREFIX}-"))]
    return f"{len(foreign)} indices" if foreign else ""


def foreign_keys(url: str) -> str:
    with redis.Redis.from_url(url, socket_timeout=10) as client:
        keys = sum(database["keys"] for database in client.info("keyspace").values())
        if client.exists(MARK):
            return ""
        if keys:
            return f"{keys} keys"
        mark(client)
        return ""


def mark(client: redis.Redis) -> None:
    """Say in a Redis that it is for these tests: from then on nothing in it is a stranger's."""
    client.set(MARK, "this server is for Carnet's tests, which empty it")


def foreign_tables(url: str) -> str:
    database = make_url(url)
    if (database.database or "").startswith(PREFIX.replace("-", "_")):
        return ""
    with psycopg.connect(plain(url), connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    return f"{found[0]} tables" if found and found[0] else ""


def plain(url: str) -> str:
    """An SQLAlchemy URL as the driver itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
