"""What a cluster keeps: indices, the versions of their documents, what a refresh shows, and what blocks refuse.

Invariant: every rule here is one that OpenSearch was measured to have; tests/contract/test_cluster.py asks both the same.
Nothing here waits, and nothing is done in part: whoever interleaves does so between two requests.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.terms import Analysis, Terms

GC_DELETES_S = 60.0


class Refused(Exception):
    """What the cluster answers instead: a status, and the type of the error."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(f"{status} {kind}")
        self.status, self.kind = status, kind


@dataclass
class Held:
    """One id: its version and document. Without `terms` it was deleted, `at` that moment."""

    version: int
    terms: Terms | None
    at: float


@dataclass
class Index:
    """`seen`: what searches find, as it was at the last refresh."""

    analysis: Analysis
    refresh_s: float
    gc_deletes_s: float = GC_DELETES_S
    held: dict[str, Held] = field(default_factory=dict)
    seen: dict[str, Terms] = field(default_factory=dict)
    blocks: set[str] = field(default_factory=set)
    closed: bool = False
    unseen_since: float | None = None

    def open(self) -> "Index":
        if self.closed:
            raise Refused(400, "index_closed_exception")
        return self

    def write(
        self, company_id: str, terms: Terms | None, version: int | None, gte: bool, now: float
    ) -> tuple[int, int]:
        """Index, or delete where `terms` is None; without `version` the index counts by itself. (status, version)."""
        self._refuse_where_blocked()
        before = self._remembered(company_id, now)
        if version is None:
            version = before.version + 1 if before else 1
        elif before and (before.version > version or (before.version == version and not gte)):
            raise Refused(409, "version_conflict_engine_exception")
        there = before is not None and before.terms is not None
        self.held[company_id] = Held(version, terms, now)
        self.unseen_since = now if self.unseen_since is None else self.unseen_since
        missing = 404 if terms is None else 201
        return (200 if there else missing), version

    def _refuse_where_blocked(self) -> None:
        if "read_only_allow_delete" in self.blocks:
            raise Refused(429, "cluster_block_exception")
        if "write" in self.blocks:
            raise Refused(403, "cluster_block_exception")

    def _remembered(self, company_id: str, now: float) -> Held | None:
        """What decides about the next write: the version of a deleted document is forgotten after a while."""
        before = self.held.get(company_id)
        if before and before.terms is None and now - before.at >= self.gc_deletes_s:
            del self.held[company_id]
            return None
        return before

    def refresh(self) -> None:
        self.seen = {company_id: held.terms for company_id, held in self.held.items() if held.terms is not None}
        self.unseen_since = None

    def refresh_when_due(self, now: float) -> None:
        if self.unseen_since is not None and 0 <= self.refresh_s <= now - self.unseen_since:
            self.refresh()

    def close(self) -> None:
        """Memory of what was deleted does not outlive this, nor a restart."""
        self.held = {company_id: held for company_id, held in self.held.items() if held.terms is not None}
        self.refresh()
        self.closed = True


@dataclass
class Indices:
    """`aliases`: name → index → filter. `clock` is in seconds. Without `auto_create` a write to no index is refused."""

    clock: Callable[[], float]
    auto_create: bool = False
    by_name: dict[str, Index] = field(default_factory=dict)
    aliases: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, name: str) -> Index:
        found = self.by_name.get(name)
        if found is None:
            raise Refused(404, "index_not_found_exception")
        found.refresh_when_due(self.clock())
        return found

    def create(self, name: str, index: Index) -> None:
        if name in self.by_name:
            raise Refused(400, "resource_already_exists_exception")
        if name in self.aliases:
            raise Refused(400, "invalid_index_name_exception")
        self.by_name[name] = index

    def drop(self, name: str) -> None:
        if name in self.aliases:
            raise Refused(400, "illegal_argument_exception")
        self.get(name)
        del self.by_name[name]
        for alias in list(self.aliases):
            self._take_off(name, alias)

    def read_as(self, name: str) -> list[tuple[str, Index, Any]]:
        """What a search of this index or alias reads: (name, index, filter)."""
        if name in self.aliases:
            return [(index, self.get(index).open(), kept) for index, kept in self.aliases[name].items()]
        return [(name, self.get(name).open(), None)]

    def written_as(self, name: str) -> Index:
        """What a write to this index, or to an alias of one index alone, changes."""
        several = self.aliases.get(name, {name: None})
        if len(several) > 1:
            raise Refused(400, "illegal_argument_exception")
        return self.get(next(iter(several))).open()

    def change_aliases(self, actions: list[dict[str, dict[str, Any]]]) -> None:
        """All of them or none."""
        for action in actions:
            for what, said in action.items():
                if "read_only_allow_delete" in self.get(said["index"]).blocks:
                    raise Refused(429, "cluster_block_exception")
                if what == "remove_index":
                    continue
                there = said["index"] in self.aliases.get(said["alias"], {})
                if what == "remove" and not there and said.get("must_exist", True):
                    raise Refused(404, "aliases_not_found_exception")
        for action in actions:
            for what, said in action.items():
                if what == "remove_index":
                    self.drop(said["index"])
                elif what == "remove":
                    self._take_off(said["index"], said["alias"])
                else:
                    self.aliases.setdefault(said["alias"], {})[said["index"]] = said.get("filter")

    def _take_off(self, index: str, alias: str) -> None:
        self.aliases.get(alias, {}).pop(index, None)
        if not self.aliases.get(alias):
            self.aliases.pop(alias, None)
