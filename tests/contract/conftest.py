"""One suite for every engine: Tantivy in a folder of the test's own, OpenSearch under a prefix of its own, and the engine
for OpenSearch over the cluster in memory that the simulator uses.

What a test is given is the engine itself, made as in production but for the time limits: these tests are about what an
engine does, on machines that may be busy. Time limits have tests of their own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer.build_names import BuildName
from indexer.engines.embedded import EmbeddedEngine
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.ownership import Ownership
from indexer.engines.port import Document, Engine, Tombstone
from indexer.render import fingerprint, render
from tests.services import Addresses
from tests.services.fixtures import index_prefix, services
from tests.services.own import own_prefix
from tests.simulator.cluster import Cluster
from tests.simulator.indices import Indices
from tests.simulator.line import engine_over

__all__ = ["index_prefix", "services"]

PATIENT_S = 20.0
OpenEngine = Callable[[str, Path, pytest.FixtureRequest], AbstractContextManager[Engine]]


@contextmanager
def open_engine(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """`kind`: embedded, memory or opensearch. The services are started only where they are needed."""
    if kind == "memory":
        made = Cluster(Indices(time.monotonic))
        memory = engine_over(lambda: made)
        memory.check()
        yield memory
        memory.close()
        return
    if kind == "embedded":
        ownership = Ownership.take(folder)
        embedded = EmbeddedEngine(folder, ownership)
        yield embedded
        embedded.close()
        assert ownership
        ownership.give_back()
        return
    found: Addresses = request.getfixturevalue("services")
    with own_prefix(found.search_url) as prefix:
        cluster = OpenSearchEngine(found.search_url, prefix=prefix, look_up_s=PATIENT_S)
        cluster.check()
        yield cluster
        cluster.close()


@pytest.fixture(scope="session", params=["embedded", "memory", "opensearch"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def engine(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine without any index."""
    with open_engine(kind, tmp_path / "index", request) as opened:
        yield opened


@pytest.fixture
def both_engines(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[dict[str, Engine]]:
    with ExitStack() as opened:
        yield {
            kind: opened.enter_context(open_engine(kind, tmp_path / "index", request))
            for kind in ("embedded", "opensearch")
        }


def new_build(engine: Engine, region: str = "ca", *, expected: int = 0) -> str:
    """An empty index of this region that nobody reads yet."""
    name = str(BuildName.new(region, fingerprint()))
    engine.create(name, expected=expected)
    return name


def document(company_id: str, name: str, version: int = 1, **row: object) -> Document:
    """The document of a company as production renders it; `row`: other_names, city, province, popularity."""
    fields = {"other_names": [], "city": "", "province": "", "popularity": 0, **row}
    return render(SimpleNamespace(id=company_id, name=name, index_version=version, **fields))


def serve_companies(engine: Engine, region: str, items: list[Document | Tombstone]) -> str:
    """A build of these companies that look-ups of the region read."""
    build = new_build(engine, region)
    engine.write(build, items, refresh=True)
    engine.serve(region, build, instead_of=None)
    return build
