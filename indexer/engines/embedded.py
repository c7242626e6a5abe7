"""The embedded engine: Tantivy in this process, one folder a build, nothing to start.

Invariants. One process owns the index: the lock file says which, and the operating system frees it with the process.
The engine has no versions of its own, so writers read their rows inside `exclusive`, which orders them; what an index
already holds is compared all the same. The link `companies-<region>` names the build that look-ups read, and is
replaced in one step.
"""

import fcntl
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tantivy import Document as TantivyDocument
from tantivy import Index, IndexWriter

from directory.errors import Message, Refused, Unavailable
from directory.ports import Near
from indexer.builds import alias
from indexer.engines import embedded_query
from indexer.engines.port import Counts, Document, Tombstone, Written
from mappings.reading import Typed

_HEAP_BYTES = 64_000_000  # one writer thread that holds a whole group makes one segment of it
_OPEN_WRITERS = 4  # each keeps threads and memory; an open one keeps merging segments in the background
_LOCK = "owner.lock"


class EmbeddedEngine:
    """`path` is a folder of the engine's own. Raises Refused where `owner` is asked for and another process is it."""

    def __init__(self, path: Path, *, owner: bool = True) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self._writing = threading.RLock()
        self._writers: OrderedDict[str, IndexWriter] = OrderedDict()
        self._indices: dict[str, Index] = {}
        self._serving: dict[str, str | None] = {}
        self._owned = _own(path) if owner else None

    def close(self) -> None:
        """Let merges finish, and give the index to whoever wants it next."""
        with self._writing:
            while self._writers:
                self._writers.popitem()[1].wait_merging_threads()
            self._indices.clear()
            if self._owned is not None:
                os.close(self._owned)
                self._owned = None

    def exclusive(self) -> AbstractContextManager[object]:
        return self._writing

    def create(self, build: str) -> None:
        with _in_our_words():
            (self.path / build).mkdir()
            self._indices[build] = self._opened(build)

    def drop(self, build: str) -> None:
        with self._writing:
            writer = self._writers.pop(build, None)
            if writer:
                writer.wait_merging_threads()
            self._indices.pop(build, None)
            shutil.rmtree(self.path / build, ignore_errors=True)

    def write(self, build: str, items: Sequence[Document | Tombstone], *, refresh: bool) -> list[Written]:
        with self._writing, _in_our_words():
            index, writer = self._index(build), self._writer(build)
            held = self._versions(index, [item.company_id for item in items])
            outcomes = []
            for item in items:
                if held.get(item.company_id, -1) > item.version:
                    outcomes.append(Written.SUPERSEDED)
                    continue
                writer.delete_documents("id", item.company_id)
                writer.add_document(_to_tantivy(item))
                held[item.company_id] = item.version
                outcomes.append(Written.DONE)
            if refresh:
                writer.commit()
                index.reload()
            return outcomes

    def refresh(self, build: str) -> None:
        with self._writing, _in_our_words():
            self._writer(build).commit()
            self._index(build).reload()

    def serve(self, region: str, build: str, instead_of: str | None) -> None:
        with self._writing, _in_our_words():
            if self.serving(region) != instead_of:
                raise Unavailable("search", f"{alias(region)} does not read {instead_of}")
            link = self.path / f"{alias(region)}.new"
            link.unlink(missing_ok=True)
            link.symlink_to(build)
            link.replace(self.path / alias(region))
            _sync_folder(self.path)
            self._serving[region] = build

    def serving(self, region: str) -> str | None:
        link = self.path / alias(region)
        return link.readlink().name if link.is_symlink() else None

    def propose(self, region: str, typed: Typed, near: Near, limit: int) -> list[str]:
        if region not in self._serving or self._owned is None:
            self._serving[region] = self.serving(region)
        build = self._serving[region]
        if build is None:
            return []
        with _in_our_words():
            return embedded_query.propose(self._index(build).searcher(), typed, near, limit)

    def versions(self, build: str, company_ids: Sequence[str]) -> dict[str, int]:
        with _in_our_words():
            return self._versions(self._index(build), company_ids)

    def count(self, build: str) -> Counts:
        with _in_our_words():
            searcher = self._index(build).searcher()
            visible = searcher.search(embedded_query.VISIBLE, 1).count or 0  # type: ignore[attr-defined]  # its stub leaves it out
            return Counts(visible, searcher.num_docs - visible)

    def names(self) -> list[str]:
        return sorted(found.name for found in self.path.glob("companies-??-*") if found.is_dir())

    def _versions(self, index: Index, company_ids: Sequence[str]) -> dict[str, int]:
        searcher = index.searcher()
        if searcher.num_docs == 0:
            return {}
        versions = {}
        for company_id in company_ids:
            hits = searcher.search(embedded_query.by_id(company_id), 1, count=False).hits
            if hits:
                versions[company_id] = int(searcher.fast_field_values("version", [hits[0][1]])[0] or 0)
        return versions

    def _index(self, build: str) -> Index:
        index = self._indices.get(build)
        if index is None:
            if not (self.path / build / "meta.json").exists():
                raise Unavailable("search", f"there is no index {build} in {self.path}")
            index = self._indices[build] = self._opened(build)
        return index

    def _opened(self, build: str) -> Index:
        index = Index(embedded_query.schema(), str(self.path / build))
        embedded_query.register_analyzers(index)
        index.config_reader("manual")
        return index

    def _writer(self, build: str) -> IndexWriter:
        if self._owned is None:
            raise Unavailable("search", "this process does not own the index")
        writer = self._writers.pop(build, None)
        if writer is None:
            while len(self._writers) >= _OPEN_WRITERS:
                idle, closing = self._writers.popitem(last=False)
                closing.commit()
                closing.wait_merging_threads()
                self._indices[idle].reload()
            writer = self._index(build).writer(_HEAP_BYTES, 1)
        self._writers[build] = writer
        return writer


def _to_tantivy(item: Document | Tombstone) -> TantivyDocument:
    made = TantivyDocument()
    made.add_text("id", item.company_id)
    made.add_unsigned("version", item.version)
    made.add_boolean("visible", isinstance(item, Document))
    if isinstance(item, Document):
        for field in ("starts", "joined", "runs", "words", "exact"):
            for text in getattr(item, field):
                made.add_text(field, text)
        for text in item.joined:
            made.add_text("whole", text[:64])
        made.add_text("city", item.city)
        made.add_text("province", item.province)
        made.add_unsigned("rank", item.rank)
    return made


def owner_of(path: Path) -> int | None:
    """The process that owns the index at `path`, None where nobody does. Takes nothing."""
    try:
        file = os.open(path / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(file, 20, 0).split()[0] or 0)
    else:
        return None
    finally:
        os.close(file)


def _own(path: Path) -> int:
    file = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise Refused(
            Message(
                "The search index at %(path)s belongs to another process that is running: stop it first.", path=path
            )
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()} \n".encode(), 0)
    return file


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (
        ValueError,
        OSError,
        RuntimeError,
    ) as error:  # what Tantivy raises for a full disk, a damaged file, a dead thread
        raise Unavailable("search", f"{type(error).__name__}: {error}") from error
