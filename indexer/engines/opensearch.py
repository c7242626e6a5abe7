"""The engine for where one machine is outgrown: an OpenSearch cluster, one index a build, one alias a region.

Invariants. Every write carries the row's version and loses against a newer one, so writers need no order. A company that
must not be found stays as a tombstone, which stops what comes late for ever. Indices and aliases are named whole, never
by pattern. What the cluster says about a document, and what was typed, go no further than this module.
"""

import json
import logging
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ImproperlyConfigured, NotFoundError, OpenSearchException, TransportError
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from directory.errors import Unavailable, Unfit
from directory.ports import Near
from indexer.builds import BuildName, alias
from indexer.engines.opensearch_bulk import batches, outcomes
from indexer.engines.opensearch_query import AFTER_BACKFILL, VISIBLE, index_body, scan_body, search_body
from indexer.engines.port import Counts, Document, Held, Tombstone, Written
from mappings.reading import Typed

LOOK_UP_S = 0.3  # of the 350 ms that a look-up has for everything
ASK_S = 5.0
WRITE_S = 30.0
GIVE_UP_S = 10.0  # how long a write is repeated that the cluster refuses for now
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.6
_MOST_IDS = 1_000
_SCANNED = 10_000  # the most that a cluster gives at once
FLUSH_S = 120.0
_IDS_ONLY = "filter_path=hits.hits.fields.id&allow_partial_search_results=false&request_cache=false"

# Below this level the client logs the bodies of requests: names, and what was typed.
for _logger in ("opensearch", "opensearchpy.trace"):
    logging.getLogger(_logger).setLevel(logging.WARNING)


class OpenSearchEngine:
    """`connections`: as many as there are threads that look up. `prefix`: of every name, for tests that share a cluster."""

    writers = (
        2  # the cluster takes in one request while the next is rendered; more of them fill its heap, not its index
    )

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
        with _in_our_words():
            self._client = OpenSearch(url, pool_maxsize=connections, max_retries=0)

    def close(self) -> None:
        self._client.close()

    def check(self) -> None:
        """Raises Unfit where the cluster, or an index of ours, is not set up as the protocol needs it."""
        found = self._ask(
            "GET", "/_cluster/settings", {"include_defaults": "true", "filter_path": "*.action.auto_create_index"}
        )
        value = next(found[layer]["action"]["auto_create_index"] for layer in _LAYERS if layer in found)
        if value != "false":
            raise Unfit(
                "search",
                f"the cluster's action.auto_create_index is {value} and must be false: PUT /_cluster/settings "
                '{"persistent": {"action.auto_create_index": "false"}}',
            )
        kinds = self._ask(
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

    def create(self, build: str) -> None:
        made = self._ask("PUT", self._at(build), body=index_body(backfill=True), within=WRITE_S)
        if not made["shards_acknowledged"]:
            raise Unavailable("search", f"the index {build} was made, and did not start")

    def finish(self, build: str) -> None:
        self._ask("PUT", f"{self._at(build)}/_settings", body=AFTER_BACKFILL, within=WRITE_S)
        self._ask("POST", f"{self._at(build)}/_flush", {"wait_if_ongoing": "true"}, within=FLUSH_S)
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
                self._ask("POST", "/_aliases", body={"actions": actions}, within=WRITE_S)
                return
        except _Missing:
            if build not in self.names():
                return
            raise
        except _Blocked:  # a full disk: no swap gets through either, and what goes makes room
            pass
        self._ask("DELETE", self._at(build), {"ignore_unavailable": "true"}, within=WRITE_S)

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
                results = outcomes(build, self._bulk(build, b"".join(batch[n] for n in waiting), refresh))
            except TransportError as error:
                if last or error.status_code not in (429, 503):
                    raise _unavailable(error) from None
                continue
            for at, result in zip(waiting, results, strict=True):
                written[at] = result or Written.FAILED
            waiting = [at for at, result in zip(waiting, results, strict=True) if result is None]
            if not waiting:
                break
        return written

    def _bulk(self, build: str, body: bytes, refresh: bool) -> Any:
        params = {"refresh": "true" if refresh else "false", "filter_path": "items.*.status"}
        return self._client.transport.perform_request(
            "POST", f"{self._at(build)}/_bulk", params=params, body=body, timeout=WRITE_S
        )

    def refresh(self, build: str) -> None:
        self._ask("POST", f"{self._at(build)}/_refresh", within=WRITE_S)

    def serve(self, region: str, build: str, instead_of: str | None) -> None:
        name = self._prefix + alias(region)
        actions: list[dict[str, Any]] = [{"add": {"index": self._prefix + build, "alias": name, "filter": VISIBLE}}]
        if instead_of is None:
            if (read := self._readers(region)) != []:
                raise Unavailable("search", f"look-ups of {region} read {read[0]} already")
        elif instead_of != build:
            actions.insert(0, {"remove": {"index": self._prefix + instead_of, "alias": name, "must_exist": True}})
        elif self.serving(region) != build:
            raise Unavailable("search", f"look-ups of {region} do not read {build}")
        self._ask("POST", "/_aliases", body={"actions": actions}, within=WRITE_S)
        if instead_of is None and self._readers(region) != [build]:  # somebody else was as quick: neither has it
            mine = {"index": self._prefix + build, "alias": name, "must_exist": True}
            self._ask("POST", "/_aliases", body={"actions": [{"remove": mine}]}, within=WRITE_S)
            raise Unavailable("search", f"look-ups of {region} were given another index at the same moment")

    def withdraw(self, region: str, build: str) -> None:
        read = {"index": self._prefix + build, "alias": self._prefix + alias(region), "must_exist": True}
        self._ask("POST", "/_aliases", body={"actions": [{"remove": read}]}, within=WRITE_S)

    def serving(self, region: str) -> str | None:
        read = self._readers(region)
        if len(read) > 1:
            raise Unavailable("search", f"look-ups of {region} read {len(read)} indices at once")
        return read[0] if read else None

    def _readers(self, region: str) -> list[str]:
        """The builds that the region's alias stands for."""
        try:
            found = self._ask("GET", f"/_alias/{self._prefix}{alias(region)}")
        except _Missing:
            return []
        return sorted(name.removeprefix(self._prefix) for name in found)

    def propose(self, region: str, typed: Typed, near: Near, limit: int, *, far: bool = False) -> list[str]:
        # A region without an index is an error like any other: a member of it is there, so "nothing" would be a guess.
        found = self._look_up(
            f"{self._at(alias(region))}/_search?{_IDS_ONLY}", search_body(typed, near, limit, far=far)
        )
        return [hit["fields"]["id"][0] for hit in found["hits"]["hits"]] if found else []

    def try_out(self, build: str, typed: Typed, near: Near, limit: int) -> list[str]:
        found = self._search(build, search_body(typed, near, limit), WRITE_S)
        return [hit["fields"]["id"][0] for hit in found]

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
        found = self._ask("POST", f"{self._at(index)}/_search", params, body, within=within)
        return list(found["hits"]["hits"]) if found else []

    def _look_up(self, path: str, body: dict[str, Any]) -> Any:
        """As `_ask`, straight on a connection that the client keeps: what the client does around a request costs more
        than half of what the cluster needs to answer it.
        """
        connection = self._client.transport.get_connection()
        headers = {**connection.headers, "content-type": "application/json"}
        sent = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
        timeout = Timeout(total=self._look_up_s)
        try:
            answer = connection.pool.urlopen(
                "POST", connection.url_prefix + path, sent, headers, retries=False, timeout=timeout
            )
        except HTTPError as error:
            raise Unavailable("search", type(error).__name__) from None
        if answer.status != 200:
            raise _refused(answer.status, answer.data)
        return json.loads(answer.data)

    def versions(self, build: str, company_ids: Sequence[str]) -> dict[str, int]:
        held = {}
        for at in range(0, len(company_ids), _MOST_IDS):
            found = self._ask(
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
        everything = self._ask("POST", f"{self._at(build)}/_count", within=ASK_S)["count"]
        visible = self._ask("POST", f"{self._at(build)}/_count", body={"query": VISIBLE}, within=ASK_S)["count"]
        return Counts(visible, everything - visible)

    def names(self) -> list[str]:
        # From the cluster's state alone: /_cat/indices asks every index how large it is, which takes longer with each.
        found = self._ask("GET", "/_alias", {"expand_wildcards": "all"})
        return sorted(name for index in found if (name := self._own(index)))

    def _own(self, index: str) -> str | None:
        """The build that an index of the cluster is; None for one that is not ours."""
        name = index.removeprefix(self._prefix)
        try:
            return str(BuildName.parse(name)) if index.startswith(self._prefix) else None
        except ValueError:
            return None

    def _at(self, name: str) -> str:
        return f"/{self._prefix}{name}"

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        within: float = ASK_S,
    ) -> Any:
        timeout = Timeout(total=within)
        with _in_our_words():
            return self._client.transport.perform_request(method, path, params=params, body=body, timeout=timeout)  # type: ignore[arg-type]  # urllib3 takes it


def _held(hit: Any) -> Held:
    fields = hit["fields"]
    return Held(hit["sort"][0], fields["version"][0], fields["visible"][0])


_BY_DOCUMENT = "DOCUMENT"
_LAYERS = ("transient", "persistent", "defaults")  # the first that has a setting decides it


class _Missing(Unavailable):
    """There is no such index or alias."""


class _Blocked(Unavailable):
    """The cluster takes no changes for now: its disk is full, or somebody has forbidden it."""


_pause = time.sleep


def _tries(within: float) -> Iterator[bool]:
    """Once, and again after growing pauses for so many seconds; True for the last time."""
    end, pause = time.monotonic() + within, _FIRST_PAUSE_S
    while time.monotonic() + pause < end:
        yield False
        _pause(random.uniform(pause / 2, pause))  # noqa: S311  # so that workers do not come back all at once
        pause = min(pause * 2, _LONGEST_PAUSE_S)
    yield True


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (OpenSearchException, ImproperlyConfigured) as error:
        raise _unavailable(error) from None


def _refused(status: int, said: bytes) -> Unavailable:
    try:
        kind = f" {json.loads(said)['error']['type']}"
    except (ValueError, LookupError, TypeError):
        kind = ""
    return (_Missing if status == 404 else Unavailable)("search", f"{status}{kind}")


def _unavailable(error: Exception) -> Unavailable:
    """Says what kind of failure it was. The cluster's own text may quote documents, and queries: it is left out."""
    kind = type(error).__name__
    if isinstance(error, TransportError) and isinstance(error.status_code, int):
        kind = f"{error.status_code} {error.error}" if error.error.isidentifier() else str(error.status_code)
    if isinstance(error, NotFoundError):
        return _Missing("search", kind)
    return (_Blocked if kind.startswith(("403", "429")) else Unavailable)("search", kind)
