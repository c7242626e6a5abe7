"""The embedded engine: Tantivy in this process, one folder a build, nothing to start.

Invariants. One process owns the index: the lock file says which, and the operating system frees it with the process.
The engine has no versions of its own, so writers read their rows inside `exclusive`, which orders them; what an index
already holds is compared all the same. The link `companies-<region>` names the build that look-ups read, and is
replaced in one step.
"""

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tantivy import Document as TantivyDocument
from tantivy import Index, IndexWriter

from directory.errors import Unavailable
from directory.journal import sync_folder
from directory.ports import Near, Reach, nothing
from indexer.build_names import BuildName, alias, is_build
from indexer.engines import embedded_query, memory, segments
from indexer.engines.ownership import Ownership
from indexer.engines.port import Counts, Document, Held, NoSuchBuild, Tombstone, Written
from mappings.reading import Typed

_HEAP_BYTES = 20_000_000  # of one writer thread; what it holds becomes one segment
_OPEN_INDICES = 8  # each open one keeps a thread and a few megabytes; opening takes some 2 ms
_OPEN_WRITERS = 2  # each keeps threads and memory; an open one keeps merging segments in the background
_MOST_WRITERS = 8  # with those that are filled or merge, which are left open as long as may be
_LOOK_AGAIN_S = 0.2  # at a merge
_STALLED_S = 30.0  # a merge that has written nothing for so long has failed, or is as good as that


class EmbeddedEngine:
    """`path` is a folder of the engine's own. Without `ownership` it only reads."""

    writers = 1

    def __init__(self, path: Path, ownership: Ownership | None) -> None:
        self.path = path
        memory.share_heaps()
        path.mkdir(parents=True, exist_ok=True)
        self._writing = threading.RLock()
        self._writers: OrderedDict[str, IndexWriter] = OrderedDict()
        self._filling: dict[str, segments.Parts] = {}
        self._indices: OrderedDict[str, Index] = OrderedDict()
        self._opening = threading.Lock()
        self._serving: dict[str, str | None] = {}
        self._ownership = ownership

    def close(self) -> None:
        """Let merges finish. Who took the ownership gives it back."""
        with self._writing:
            while self._writers:
                self._writers.popitem()[1].wait_merging_threads()
            self._indices.clear()

    def check(self) -> None:
        """There is nothing here that somebody else could have set up otherwise."""

    def exclusive(self) -> AbstractContextManager[object]:
        return self._writing

    def create(self, build: str, *, expected: int = 0) -> None:
        with self._writing, _in_our_words():
            (self.path / build).mkdir()
            self._keep(build, self._opened(build))
            if expected:
                self._filling[build] = segments.Parts(expected)

    def finish(self, build: str, meanwhile: Callable[[], None] = nothing) -> None:
        parts = self._filling.pop(build, None)
        if parts and parts.several:
            with self._writing, _in_our_words(), self._forgotten_if_it_fails(build):
                self._writer(build).commit()
            self._let_merge(build, meanwhile)
        self.refresh(build)

    def _let_merge(self, build: str, meanwhile: Callable[[], None]) -> None:
        """Wait for merges, which may take minutes, without keeping anybody from writing."""
        written, since = -1, time.monotonic()
        while time.monotonic() - since < _STALLED_S:
            with _in_our_words():
                if not segments.merge_is_due(self.path / build):
                    return
                so_far = segments.bytes_of(self.path / build)
            if so_far != written:
                written, since = so_far, time.monotonic()
            meanwhile()
            time.sleep(_LOOK_AGAIN_S)

    def drop(self, build: str) -> None:
        with self._writing, _in_our_words():
            if self.serving(BuildName.parse(build).region) == build:
                raise Unavailable("search", f"look-ups read {build}")
            self._filling.pop(build, None)
            writer = self._writers.pop(build, None)
            self._indices.pop(build, None)
        with _in_our_words():
            if writer:  # a merge of what was given up may take a minute, and keeps nobody from writing to the others
                writer.wait_merging_threads()
            shutil.rmtree(self.path / build, ignore_errors=True)

    def write(self, build: str, items: Sequence[Document | Tombstone], *, refresh: bool) -> list[Written]:
        with self._writing, _in_our_words(), self._forgotten_if_it_fails(build):
            index = self._index(build)
            held = self._versions(index, [item.company_id for item in items])
            outcomes = []
            self._writer(build)
            parts = self._filling.get(build)
            for item in items:
                if held.get(item.company_id, -1) > item.version:
                    outcomes.append(Written.SUPERSEDED)
                    continue
                self._writers[build].delete_documents_by_term("id", item.company_id)
                self._writers[build].add_document(_to_tantivy(item))
                if parts and parts.ends_here():
                    self._writers[build].commit()
                held[item.company_id] = item.version
                outcomes.append(Written.DONE)
            if refresh:
                self._writers[build].commit()
                index.reload()
            return outcomes

    def refresh(self, build: str) -> None:
        with self._writing, _in_our_words():
            self._writer(build)
            self._close_writer(build)
            with self._opening:  # what was mapped while it was written is given back; the next use opens it anew
                self._indices.pop(build, None)

    def serve(self, region: str, build: str, instead_of: str | None) -> None:
        with self._writing, _in_our_words():
            if self.serving(region) != instead_of:
                raise Unavailable("search", f"{alias(region)} does not read {instead_of}")
            link = self.path / f"{alias(region)}.new"
            link.unlink(missing_ok=True)
            link.symlink_to(build)
            with self._opening:  # whoever looks up what is read meanwhile keeps the one or the other, and not what was
                link.replace(self.path / alias(region))
                self._serving[region] = build
            sync_folder(self.path)

    def withdraw(self, region: str, build: str) -> None:
        with self._writing, _in_our_words():
            if self.serving(region) == build:
                with self._opening:
                    (self.path / alias(region)).unlink()
                    self._serving.pop(region, None)

    def serving(self, region: str) -> str | None:
        link = self.path / alias(region)
        return link.readlink().name if link.is_symlink() else None

    def readers(self, region: str) -> list[str]:
        served = self.serving(region)
        return [served] if served else []

    def served_regions(self) -> set[str]:
        return {link.name.removeprefix(alias("")) for link in self.path.glob(alias("??")) if link.is_symlink()}

    def propose(
        self,
        region: str,
        typed: Typed,
        near: Near,
        limit: int,
        *,
        reach: Reach = Reach.NEAR,
        spent_s: float = 0.0,  # noqa: ARG002  # it answers at once, or not at all
        meanwhile: Callable[[], None] = nothing,
        all_of: int = 0,  # noqa: ARG002  # each of its questions costs less than to confirm that many
    ) -> list[str]:
        meanwhile()
        build = self._serving.get(region) if self._ownership else None
        if build is None:
            build = self._read_anew(region)
        if build is None:  # a region with a member in it has an index, or is about to: "nothing" would be a guess
            raise Unavailable("search", f"there is no index of {region}")
        with _in_our_words():
            return embedded_query.propose(self._index(build).searcher(), typed, near, limit, reach)

    def were_all(self, proposed: int, limit: int) -> bool:
        return embedded_query.were_all(proposed, limit)

    def _read_anew(self, region: str) -> str | None:
        with self._opening:
            build = self.serving(region)
            if build:
                self._serving[region] = build
            return build

    def try_out(self, build: str, typed: Typed, near: Near, limit: int) -> list[str]:
        with _in_our_words():
            return embedded_query.propose(self._index(build).searcher(), typed, near, limit, Reach.NEAR)

    def scan(self, build: str) -> Iterator[Held]:
        with _in_our_words():  # all at once, some 150 bytes a company: Tantivy cannot stream by id
            searcher = self._index(build).searcher()
            found = embedded_query.everything(searcher)
        yield from sorted((Held(*one) for one in found), key=lambda held: held.company_id)

    def held(self, build: str, company_ids: Sequence[str]) -> dict[str, Held]:
        held = {}
        with _in_our_words():
            searcher = self._index(build).searcher()
            for company_id in company_ids:
                for one in embedded_query.everything(searcher, embedded_query.by_id(company_id)):
                    held[company_id] = Held(*one)
        return held

    def versions(self, build: str, company_ids: Sequence[str]) -> dict[str, int]:
        with _in_our_words():
            return self._versions(self._index(build), company_ids)

    def count(self, build: str) -> Counts:
        with _in_our_words():
            searcher = self._index(build).searcher()
            visible = searcher.search(embedded_query.VISIBLE, 1).count or 0  # type: ignore[attr-defined]  # its stub leaves it out
            return Counts(visible, searcher.num_docs - visible)

    def names(self) -> list[str]:
        """Those that were ever whole: of a build whose folder is there, and its contents gone, nothing is left."""
        folders = (found.parent.name for found in self.path.glob("companies-??-*/meta.json"))
        return sorted(name for name in folders if is_build(name))  # and not an operator's copy of one

    def is_whole(self, build: str) -> bool:
        try:
            self.count(build)
        except Unavailable:
            return False
        return True

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
        with self._opening:
            index = self._indices.get(build)
            if index is not None:
                self._indices.move_to_end(build)
                return index
        if not (self.path / build / "meta.json").exists():
            raise NoSuchBuild(build)
        return self._keep(build, self._opened(build))

    def _keep(self, build: str, opened: Index) -> Index:
        """The one open index of this name. A writer's own index is never closed under it, or its commits would be missed."""
        with self._opening:
            index = self._indices.setdefault(build, opened)
            idle = [name for name in self._indices if name != build and name not in self._writers]
            for name in idle[: max(0, len(self._indices) - _OPEN_INDICES)]:
                del self._indices[name]
            return index

    def _opened(self, build: str) -> Index:
        index = Index(embedded_query.schema(), str(self.path / build))
        embedded_query.register_analyzers(index)
        index.config_reader("manual")
        return index

    def _writer(self, build: str) -> IndexWriter:
        if self._ownership is None:
            raise Unavailable("search", "this process does not own the index")
        writer = self._writers.pop(build, None)
        if writer is None:
            self._make_room()
            heap = self._filling[build].heap if build in self._filling else 0
            writer = self._index(build).writer(max(heap, _HEAP_BYTES), 1)
        self._writers[build] = writer
        return writer

    def _make_room(self) -> None:
        """Close writers that were not used for longest. To close one waits for its merges, and of one that fills an index cuts
        it short: those only where there are many.
        """
        for name in list(self._writers):
            open_ones = len(self._writers)
            if open_ones < _OPEN_WRITERS:
                return
            try:
                busy = name in self._filling or segments.merge_is_due(self.path / name)
            except (OSError, ValueError):  # it is lost, which is to be the trouble of who writes to it
                self._writers.pop(name)
                continue
            if not busy or open_ones >= _MOST_WRITERS:
                self._close_writer(name)

    def _close_writer(self, build: str) -> None:
        """Commit, and let its merges finish: few segments are what makes look-ups fast."""
        with self._forgotten_if_it_fails(build):
            self._writers[build].commit()
            self._writers.pop(build).wait_merging_threads()
            self._index(build).reload()
        memory.give_back()

    @contextmanager
    def _forgotten_if_it_fails(self, build: str) -> Iterator[None]:
        """A writer that a full disk has failed once goes on to say that all is done, and stores nothing: the next begins at
        the last commit. Nobody else keeps a writer in a variable: its lock goes with the last who has it.
        """
        try:
            yield
        except BaseException:
            self._writers.pop(build, None)
            with self._opening:
                self._indices.pop(build, None)
            raise


def _to_tantivy(item: Document | Tombstone) -> TantivyDocument:
    made = TantivyDocument()
    made.add_text("id", item.company_id)
    made.add_unsigned("version", item.version)
    made.add_boolean("visible", isinstance(item, Document))
    if isinstance(item, Document):
        for field in ("starts", "joined", "runs", "words", "gaps", "exact", "acronyms"):
            for text in getattr(item, field):
                made.add_text(field, text)
        made.add_text("city", item.city)
        made.add_text("province", item.province)
        made.add_unsigned("rank", item.rank)
    return made


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    # What Tantivy raises for a full disk, a damaged file, a dead thread.
    except (ValueError, OSError, RuntimeError) as error:
        raise Unavailable("search", f"{type(error).__name__}: {error}") from error
