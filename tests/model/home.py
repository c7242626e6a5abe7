"""Records and an index that a test may close and open again, as a process does that is restarted; on each engine."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from carnet.restoring import bring_up
from directory.errors import Refused
from directory.journal import FileJournal
from directory.records import Records
from directory.restoring.comparing import check_replayed
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
        self.database, self._backup = folder / "carnet.db", folder / "backup.db"
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

    def backs_up(self) -> None:
        with closing(sqlite3.connect(self.database)) as now, closing(sqlite3.connect(self._backup)) as kept:
            now.backup(kept)

    def is_put_back(self) -> None:
        """The database as it was, and then what the handbook says; the index and the journal are today's."""
        self.close()
        for beside in ("-wal", "-shm"):
            self.database.with_name(self.database.name + beside).unlink(missing_ok=True)
        shutil.copyfile(self._backup, self.database)
        self._open()
        with pytest.raises(Refused):
            check_replayed(self.records, self.journal.folder)
        bring_up(self.records, self.engine, self.journal.folder, lambda _step, _total: lambda _done: None)
        check_replayed(self.records, self.journal.folder)

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
