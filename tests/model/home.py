"""Records and an index that a test may close and open again, as a process does that is restarted; on each engine."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from directory.journal import FileJournal
from directory.records import Records
from indexer.engines.embedded import EmbeddedEngine
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.ownership import Ownership
from indexer.engines.port import Engine
from indexer.recover import recover
from tests.contract.conftest import PATIENT_S
from tests.services import Addresses
from tests.services.own import own_prefix
from tests.simulator.beginning import empty_records
from tests.simulator.cluster import Cluster
from tests.simulator.indices import Indices
from tests.simulator.line import engine_over

Open = Callable[[], Engine]


class Home:
    def __init__(self, folder: Path, open_engine: Open, ownership: Callable[[], Ownership | None]) -> None:
        self._open_engine, self._own = open_engine, ownership
        self.database = folder / "carnet.db"
        shutil.copyfile(empty_records(), self.database)
        self.journal = FileJournal(folder / "journal")
        self._open()

    def _open(self) -> None:
        self.ownership = self._own()
        self.records = Records(f"sqlite:///{self.database}")
        self.engine = self._open_engine()

    def restarts(self) -> None:
        self.close()
        self._open()
        if self.ownership:  # what the server does first, where it owns the index
            recover(self.records, self.engine)

    def close(self) -> None:
        self.engine.close()
        self.records.close()
        if self.ownership:
            self.ownership.give_back()


@contextmanager
def home_on(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[Path], Home]]:
    """Makes homes with an index of their own, each in its own folder."""
    if kind == "embedded":

        def embedded(place: Path) -> Home:
            held: list[Ownership | None] = []

            def own() -> Ownership | None:
                held[:] = [Ownership.take(place / "index")]
                return held[0]

            return Home(place, lambda: EmbeddedEngine(place / "index", held[0]), own)

        yield embedded
    elif kind == "memory":

        def memory(place: Path) -> Home:
            cluster = Cluster(Indices(time.monotonic))
            return Home(place, lambda: engine_over(lambda: cluster), lambda: None)

        yield memory
    else:
        found: Addresses = request.getfixturevalue("services")
        with own_prefix(found.search_url) as prefix:

            def opensearch(place: Path) -> Home:
                own = f"{prefix}{place.name}-"
                url = found.search_url
                return Home(place, lambda: OpenSearchEngine(url, prefix=own, look_up_s=PATIENT_S), lambda: None)

            yield opensearch
