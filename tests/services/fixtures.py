"""The services as fixtures: import those you need in a conftest.py. The first test that asks for one starts all three."""

from collections.abc import Iterator

import pytest

from tests.services import Addresses, addresses
from tests.services.own import own_database, own_prefix, own_redis


@pytest.fixture(scope="session")
def services() -> Addresses:
    """Where the services of this run are. Use them only under a prefix, number or name of your own."""
    return addresses()


@pytest.fixture
def index_prefix(services: Addresses) -> Iterator[str]:
    """What the names of this test's indices begin with."""
    with own_prefix(services.search_url) as prefix:
        yield prefix


@pytest.fixture
def redis_url(services: Addresses) -> Iterator[str]:
    """An empty Redis database of this test's own."""
    with own_redis(services.redis_url) as url:
        yield url


@pytest.fixture
def database_url(services: Addresses) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    with own_database(services.database_url) as url:
        yield url
