"""The engine for where one machine is outgrown: an OpenSearch cluster, one index a build, one alias a region.

Invariants. Every write carries the row's version and loses against a newer one, so writers need no order. A company that
must not be found stays as a tombstone, which stops what comes late for ever. Indices and aliases are named whole, never
by pattern.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from directory.errors import Unavailable, Unfit
from directory.ports import Near, Reach, nothing
from indexer.build_names import BuildName, alias, is_build
from indexer.engines.opensearch_bulk import batches, outcomes
from indexer.engines.opensearch_client import ASK_S, Blocked, Client, Missing
from indexer.engines.opensearch_query import SEEN, VISIBLE, index_body, scan_body, search_body
from indexer.engines.port import Counts, Document, Held, Tombstone, TryLater, Written
from mappings.reading import Typed

LOOK_UP_S = 0.3  # of the 350 ms that a look-up has for everything
_TOO_LITTLE_S = 0.02
WRITE_S = 30.0
GIVE_UP_S = 10.0  # how long a write is repeated that the cluster refuses for now
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.6
_WHOLE_PAUSES_S = (0.0, 3.0, 6.0)  # a node that starts again has its indices back after some seconds
_MOST_IDS = 1_000
_SEEN_AT_ONCE = 2_000  # companies; of a longer backfill nothing is seen before its end, which it gains by
_SCANNED = 10_000  # the most that a cluster gives at once
_IDS_ONLY = "filter_path=hits.hits.fields.id&allow_partial_search_results=false&request_cache=false"


class OpenSearchEngine:
    """`connections`: as many as there are threads that look up. `prefix`: of every name, for tests that share a cluster."""

    # The cluster takes in one request while the next is rendered; more of them fill its heap, not its index.
    writers = 2

    def __init__(
        self,
        url: str,
        *,
        connections: int = 32,
        prefix: str = "",
        look_up_s: float = LOOK_UP_S,
        give_up_s: float = GIVE_UP_S,
    ) -> None:
        self._prefix, self._look_up_s, self._give_up_s = prefix, look_up_s, give_up_s
        self._client = Client(url, connections)
        self._unseen: set[str] = set()

    def close(self) -> None:
        self._client.close()

    def check(self) -> None:
        """Raises Unfit where the cluster, or an index of ours, is not set up as the protocol needs it."""
        found = self._client.ask(
            "GET", "/_cluster/settings", {"include_defaults": "true", "filter_path": "*.action.auto_create_index"}
        )
        value = next(found[layer]["action"]["auto_create_index"] for layer in _LAYERS if layer in found)
        if value != "false":
            raise Unfit(
                "search",
                f"the cluster's action.auto_create_index is {value} and must be false: PUT /_cluster/settings "
                '{"persistent": {"action.auto_create_index": "false"}}',
            )
        kinds = self._client.ask(
            "GET", "/_all/_settings/index.replication.type", {"expand_wildcards": "all", "flat_settings": "true"}
        )
        for index, said in kinds.items():
            kind = said["settings"].get("index.replication.type", _BY_DOCUMENT)
            if self._own(index) and kind != _BY_DOCUMENT:
                raise Unfit(
                    "search",
                    f"{index} has index.replication.type {kind} and DOCUMENT is needed, or copies of it lag behind: "
                    "`carnet index rebuild` makes it anew.",
                )

    def exclusive(self) -> AbstractContextManager[object]:
        return nullcontext()  # the versions order the writers

    def create(self, build: str, *, expected: int = 0) -> None:
        unseen = expected > _SEEN_AT_ONCE
        made = self._client.ask("PUT", self._at(build), body=index_body(unseen=unseen), within=WRITE_S)
        if unseen:
            self._unseen.add(build)
        if not made["shards_acknowledged"]:
            raise Unavailable("search", f"the index {build} was made, and did not start")

    def finish(self, build: str, meanwhile: Callable[[], None] = nothing) -> None:  # noqa: ARG002 - it takes no time
        if build in self._unseen:  # each change of settings is one of the cluster's state, which all others wait for
            self._client.ask("PUT", f"{self._at(build)}/_settings", body=SEEN, within=WRITE_S)
            self._unseen.discard(build)
        self.refresh(build)

    def drop(self, build: str) -> None:
        """One request that also requires that look-ups read what they read a moment ago: a swap may be on its way."""
        region = BuildName.parse(build).region
        served = self.serving(region)
        if served == build:
            raise Unavailable("search", f"look-ups read {build}")
        try:
            if served:
                same = {"index": self._prefix + served, "alias": self._prefix + alias(region)}
                put_back = [{"remove": {**same, "must_exist": True}}, {"add": {**same, "filter": VISIBLE}}]
                actions = [*put_back, {"remove_index": {"index": self._prefix + build}}]
                self._client.ask("POST", "/_aliases", body={"actions": actions}, within=WRITE_S)
                return
        except Missing:
            if build not in self.names():
                return
            raise
        except Blocked:  # a full disk: no swap gets through either, and what goes makes room
            pass
        self._client.ask("DELETE", self._at(build), {"ignore_unavailable": "true"}, within=WRITE_S)

    def write(self, build: str, items: Sequence[Document | Tombstone], *, refresh: bool) -> list[Written]:
        parts = list(batches(items))
        written = [one for part in parts for one in self._write(build, part, refresh and len(parts) == 1)]
        if refresh and len(parts) > 1:
            self.refresh(build)
        return written

    def _write(self, build: str, batch: Sequence[bytes], refresh: bool) -> list[Written]:
        """One bulk request; what the cluster refuses for now is repeated, all of it or item by item."""
        written = [Written.FAILED] * len(batch)
        waiting = list(range(len(batch)))
        for last in _tries(self._give_up_s):
            try:
                body = b"".join(batch[n] for n in waiting)
                answer = self._client.bulk(self._at(build), body, refresh=refresh, within=WRITE_S)
            except TryLater:
                if last:
                    raise
                continue
            results = outcomes(build, answer)
            for at, result in zip(waiting, results, strict=True):
                written[at] = result or Written.FAILED
            waiting = [at for at, result in zip(waiting, results, strict=True) if result is None]
            if not waiting:
                break
        if len(waiting) == len(batch):
            raise Unavailable("search", f"for now nothing can be written to {build}")
        return written

    def refresh(self, build: str) -> None:
        self._client.ask("POST", f"{self._at(build)}/_refresh", within=WRITE_S)

    def serve(self, region: str, build: str, instead_of: str | None) -> None:
        name = self._prefix + alias(region)
        actions: list[dict[str, Any]] = [{"add": {"index": self._prefix + build, "alias": name, "filter": VISIBLE}}]
        if instead_of is None:
            if (read := self.readers(region)) != []:
                raise Unavailable("search", f"look-ups of {region} read {read[0]} already")
        elif instead_of != build:
            actions.insert(0, {"remove": {"index": self._prefix + instead_of, "alias": name, "must_exist": True}})
        elif self.serving(region) != build:
            raise Unavailable("search", f"look-ups of {region} do not read {build}")
        self._client.ask("POST", "/_aliases", body={"actions": actions}, within=WRITE_S)
        if instead_of is None and self.readers(region) != [build]:  # somebody else was as quick: neither has it
            mine = {"index": self._prefix + build, "alias": name, "must_exist": True}
            self._client.ask("POST", "/_aliases", body={"actions": [{"remove": mine}]}, within=WRITE_S)
            raise Unavailable("search", f"look-ups of {region} were given another index at the same moment")

    def withdraw(self, region: str, build: str) -> None:
        read = {"index": self._prefix + build, "alias": self._prefix + alias(region), "must_exist": True}
        self._client.ask("POST", "/_aliases", body={"actions": [{"remove": read}]}, within=WRITE_S)

    def serving(self, region: str) -> str | None:
        read = self.readers(region)
        if len(read) > 1:
            raise Unavailable("search", f"look-ups of {region} read {len(read)} indices at once")
        return read[0] if read else None

    def readers(self, region: str) -> list[str]:
        try:
            found = self._client.ask("GET", f"/_alias/{self._prefix}{alias(region)}")
        except Missing:
            return []
        return sorted(name.removeprefix(self._prefix) for name in found)

    def served_regions(self) -> set[str]:
        start = self._prefix + alias("")
        names = {name for index in self._aliases().values() for name in index["aliases"] if name.startswith(start)}
        return {name.removeprefix(start) for name in names}

    def propose(
        self,
        region: str,
        typed: Typed,
        near: Near,
        limit: int,
        *,
        reach: Reach = Reach.NEAR,
        spent_s: float = 0.0,
        meanwhile: Callable[[], None] = nothing,
        all_of: int = 0,
    ) -> list[str]:
        # A region without an index is an error like any other: a member of it is there, so "nothing" would be a guess.
        within = self._look_up_s - spent_s
        if within < _TOO_LITTLE_S:  # a question that is given up costs the cluster as much, just when it is slow
            raise Unavailable("search", "the look-up has no time left")
        body = search_body(typed, near, max(limit, all_of + 1), reach)
        found = self._ids(alias(region), body, within, meanwhile)
        return found if len(found) <= all_of else found[:limit]

    def were_all(self, proposed: int, limit: int) -> bool:
        return proposed != limit

    def try_out(self, build: str, typed: Typed, near: Near, limit: int) -> list[str]:
        return self._ids(build, search_body(typed, near, limit), WRITE_S)

    def _ids(
        self, index: str, body: dict[str, Any] | None, within: float, meanwhile: Callable[[], None] = nothing
    ) -> list[str]:
        if body is None:
            meanwhile()
            return []
        found = self._client.look_up(f"{self._at(index)}/_search?{_IDS_ONLY}", body, within, meanwhile)
        return [hit["fields"]["id"][0] for hit in found["hits"]["hits"]] if found else []

    def scan(self, build: str) -> Iterator[Held]:
        after: list[Any] | None = None
        while hits := self._search(build, scan_body(_SCANNED, after), WRITE_S):
            yield from map(_held, hits)
            if len(hits) < _SCANNED:
                return
            after = hits[-1]["sort"]

    def held(self, build: str, company_ids: Sequence[str]) -> dict[str, Held]:
        held = {}
        for at in range(0, len(company_ids), _MOST_IDS):
            ids = list(company_ids[at : at + _MOST_IDS])
            for one in map(_held, self._search(build, scan_body(len(ids), None, ids), WRITE_S)):
                held[one.company_id] = one
        return held

    def _search(self, index: str, body: Any, within: float) -> list[Any]:
        params = {
            "filter_path": "hits.hits.fields,hits.hits.sort",
            "allow_partial_search_results": "false",
            "request_cache": "false",
        }
        found = self._client.ask("POST", f"{self._at(index)}/_search", params, body, within=within)
        return list(found["hits"]["hits"]) if found else []

    def versions(self, build: str, company_ids: Sequence[str]) -> dict[str, int]:
        held = {}
        for at in range(0, len(company_ids), _MOST_IDS):
            found = self._client.ask(
                "POST",
                f"{self._at(build)}/_mget",
                {"_source": "false", "filter_path": "docs._id,docs._version,docs.error.type"},
                {"ids": company_ids[at : at + _MOST_IDS]},
                within=WRITE_S,
            )
            for document in found["docs"]:
                if "error" in document:
                    raise Unavailable("search", f"{build}: {document['error']['type']}")
                if "_version" in document:
                    held[document["_id"]] = document["_version"]
        return held

    def count(self, build: str) -> Counts:
        everything = self._client.ask("POST", f"{self._at(build)}/_count", within=ASK_S)["count"]
        visible = self._client.ask("POST", f"{self._at(build)}/_count", body={"query": VISIBLE}, within=ASK_S)["count"]
        return Counts(visible, everything - visible)

    def is_whole(self, build: str) -> bool:
        for pause in _WHOLE_PAUSES_S:
            _pause(pause)
            if build not in self.names():
                return False
            health = self._client.ask("GET", f"/_cluster/health{self._at(build)}", {"filter_path": "status"})
            if health["status"] != "red":
                return True
        return False

    def names(self) -> list[str]:
        return sorted(name for index in self._aliases() if (name := self._own(index)))

    def _aliases(self) -> Any:
        """What each index of the cluster is called besides, from the cluster's state alone: /_cat/indices asks every index how
        large it is, which takes longer with each.
        """
        return self._client.ask("GET", "/_alias", {"expand_wildcards": "all"})

    def _own(self, index: str) -> str | None:
        """The build that an index of the cluster is; None for one that is not ours."""
        name = index.removeprefix(self._prefix)
        return name if index.startswith(self._prefix) and is_build(name) else None

    def _at(self, name: str) -> str:
        return f"/{self._prefix}{name}"


def _held(hit: Any) -> Held:
    fields = hit["fields"]
    return Held(hit["sort"][0], fields["version"][0], fields["visible"][0])


_BY_DOCUMENT = "DOCUMENT"
_LAYERS = ("transient", "persistent", "defaults")  # the first that has a setting decides it


_pause = time.sleep


def _tries(within: float) -> Iterator[bool]:
    """Once, and again after growing pauses for so many seconds; True for the last time."""
    end, pause = time.monotonic() + within, _FIRST_PAUSE_S
    while time.monotonic() + pause < end:
        yield False
        _pause(random.uniform(pause / 2, pause))  # noqa: S311  # so that workers do not come back all at once
        pause = min(pause * 2, _LONGEST_PAUSE_S)
    yield True
