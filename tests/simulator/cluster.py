"""OpenSearch in memory, as it is spoken to: the requests that Carnet sends, and the answers that it reads.

The real engine, with its real client, talks to this; only the line is replaced (tests/simulator/line.py).
"""

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from tests.simulator.indices import Index, Indices, Refused
from tests.simulator.terms import Analysis, Terms, score

Answer = tuple[int, Any]


class Cluster:
    """`sheds` says, for each item of a bulk, whether the cluster is too busy for it."""

    def __init__(self, indices: Indices, sheds: Callable[[], bool] = lambda: False) -> None:
        self.indices, self._sheds = indices, sheds
        self._one_at_a_time = Lock()

    def ask(self, method: str, path: str, params: Mapping[str, str] | None = None, body: Any = None) -> Answer:
        """Status and answer of one request, which happens whole at this moment."""
        said = json.loads(body) if isinstance(body, bytes | str) and not path.endswith("/_bulk") and body else body
        params = params or {}
        with self._one_at_a_time:
            try:
                status, answer = 200, self._do(method, path.strip("/").split("/"), params, said)
            except Refused as refusal:
                return refusal.status, _error(refusal)
        return status, _filtered(answer, params["filter_path"]) if "filter_path" in params else answer

    def _do(self, method: str, path: list[str], params: Mapping[str, str], body: Any) -> Any:
        match method, *path:
            case "PUT", name if not name.startswith("_"):
                self._create(name, body or {})
                return {"acknowledged": True, "shards_acknowledged": True, "index": name}
            case "DELETE", name:
                known = name in self.indices.by_name or name in self.indices.aliases
                if known or params.get("ignore_unavailable") != "true":
                    self.indices.drop(name)
                return {"acknowledged": True}
            case "POST", "_aliases":
                self.indices.change_aliases(body["actions"])
                return {"acknowledged": True}
            case "GET", "_alias", name:
                if name not in self.indices.aliases:
                    raise Refused(404, f"alias [{name}] missing")
                found = self.indices.aliases[name]
                return {index: {"aliases": {name: _alias(kept)}} for index, kept in found.items()}
            case "GET", "_alias":
                return {name: {"aliases": self._aliases_of(name)} for name in sorted(self.indices.by_name)}
            case "GET", "_cluster", "health", _:
                return {"status": "yellow"}
            case "GET", "_cluster", "settings":
                return {"persistent": {"action": {"auto_create_index": str(self.indices.auto_create).lower()}}}
            case "GET", "_all", "_settings", "index.replication.type":
                return {name: {"settings": {"index.replication.type": "DOCUMENT"}} for name in self.indices.by_name}
            case "POST", name, "_bulk":
                lines = [json.loads(line) for line in body.splitlines()]
                return {"items": self._bulk(name, lines, params.get("refresh") == "true")}
            case "POST", name, ("_refresh" | "_flush") as what:
                for _, index, _kept in self.indices.read_as(name):
                    if what == "_refresh":
                        index.refresh()
                return {"_shards": {"failed": 0}}
            case "POST", "_reindex":
                source, into = self.indices.get(body["source"]["index"]), self.indices.get(body["dest"]["index"])
                for company_id, terms in source.seen.items():
                    into.write(company_id, terms, None, False, self.indices.clock())
                return {"total": len(source.seen), "failures": []}
            case "POST", name, "_mget":
                return {"docs": [self._get(name, company_id) for company_id in body["ids"]]}
            case "POST", name, "_count":
                return {"count": len(self._matching(name, (body or {}).get("query", {"match_all": {}})))}
            case (("POST" | "GET"), name, "_search"):
                return {"hits": {"hits": self._search(name, body or {"query": {"match_all": {}}})}}
            case "PUT", name, "_settings":
                self._configure(self.indices.get(name), body)
                return {"acknowledged": True}
            case "POST", name, "_close":
                self.indices.get(name).close()
                return {"acknowledged": True}
            case "POST", name, "_open":
                self.indices.get(name).closed = False
                return {"acknowledged": True, "shards_acknowledged": True}
        raise NotImplementedError(f"{method} {'/'.join(path)}")

    def _create(self, name: str, body: Any) -> None:
        interval = body.get("settings", {}).get("index", {}).get("refresh_interval", "1s")
        self.indices.create(name, Index(Analysis(body), _seconds(interval)))

    def _configure(self, index: Index, body: Mapping[str, Any]) -> None:
        for name, value in (_flat(body["index"], "index.") if "index" in body else body).items():
            match name.split("."):
                case "index", "gc_deletes":
                    index.gc_deletes_s = _seconds(value)
                case "index", "refresh_interval":
                    index.refresh_s = _seconds(value)
                case "index", "blocks", block:
                    (index.blocks.add if value in (True, "true") else index.blocks.discard)(block)

    def _aliases_of(self, index: str) -> dict[str, Any]:
        return {name: _alias(found[index]) for name, found in self.indices.aliases.items() if index in found}

    def _bulk(self, name: str, lines: list[Any], refresh: bool) -> list[Any]:
        items, at = [], 0
        while at < len(lines):
            ((action, said),) = lines[at].items()
            source = None if action == "delete" else lines[at + 1]
            at += 1 if action == "delete" else 2
            try:
                if self._sheds():
                    raise Refused(429, "rejected_execution_exception")
                status, version = self._write(name, said, source)
                items.append({action: {"_index": name, "_id": said["_id"], "_version": version, "status": status}})
            except Refused as refusal:
                items.append({action: {"_index": name, "_id": said["_id"], **_error(refusal)}})
        if refresh and any(next(iter(item.values()))["status"] < 300 for item in items):
            self.indices.written_as(name).refresh()
        return items

    def _write(self, name: str, said: Mapping[str, Any], source: Any) -> tuple[int, int]:
        if self.indices.auto_create and name not in self.indices.by_name and name not in self.indices.aliases:
            self._create(name, {})
        index = self.indices.written_as(name)
        terms = None if source is None else Terms(source, index.analysis)
        gte = said.get("version_type") == "external_gte"
        return index.write(said["_id"], terms, said.get("version"), gte, self.indices.clock())

    def _get(self, name: str, company_id: str) -> Any:
        here = {"_index": name, "_id": company_id}
        try:
            held = self.indices.get(name).open().held.get(company_id)
        except Refused as refusal:
            return {**here, "error": _error(refusal)["error"]}
        if held is None or held.terms is None:
            return {**here, "found": False}
        return {**here, "_version": held.version, "found": True}

    def _matching(self, name: str, query: Any) -> list[tuple[float, str, Terms, str]]:
        return [
            (found, company_id, terms, index_name)
            for index_name, index, kept in self.indices.read_as(name)
            for company_id, terms in index.seen.items()
            if (kept is None or score(kept, terms) is not None) and (found := score(query, terms)) is not None
        ]

    def _search(self, name: str, body: Any) -> list[Any]:
        """In ascending order of the fields in `sort`, after `search_after`; `_score` is descending, as it always is. Those
        alike in that stand as in an index of one segment, which is sorted by rank.
        """
        by = [one if isinstance(one, str) else next(iter(one)) for one in body.get("sort", ["_score"])]
        found = [
            ([-points if field == "_score" else _last_if_missing(terms.value(field)) for field in by], terms, index)
            for points, _, terms, index in self._matching(name, body["query"])
        ]
        found.sort(key=lambda one: (one[0], _last_if_missing(one[1].value("rank"))))
        after = [one for one in found if "search_after" not in body or one[0] > body["search_after"]]
        asked = body.get("docvalue_fields", [])
        return [
            {"_index": index, "sort": place, "fields": {name: [terms.value(name)] for name in asked}}
            for place, terms, index in after[: body.get("size", 10)]
        ]


def _last_if_missing(value: Any) -> Any:
    return float("inf") if value is None else value


def _seconds(interval: str) -> float:
    return float(interval.removesuffix("s"))


def _flat(settings: Mapping[str, Any], before: str) -> dict[str, Any]:
    return {before + name: value for name, value in settings.items()}


def _error(refusal: Refused) -> dict[str, Any]:
    error = refusal.kind if " " in refusal.kind else {"type": refusal.kind, "reason": refusal.kind}
    return {"status": refusal.status, "error": error}


def _alias(kept: Any) -> dict[str, Any]:
    return {"filter": kept} if kept else {}


def _filtered(answer: Any, paths: str) -> Any:
    """What `filter_path` leaves of an answer."""
    return _picked(answer, [path.split(".") for path in paths.split(",")])


def _picked(value: Any, paths: list[list[str]]) -> Any:
    if any(not path for path in paths):
        return value
    if isinstance(value, list):
        return [kept for one in value if (kept := _picked(one, paths)) not in ({}, [])]
    if not isinstance(value, dict):
        return {}
    picked = {
        name: _picked(inner, [path[1:] for path in paths if path[0] in (name, "*")])
        for name, inner in value.items()
        if any(path[0] in (name, "*") for path in paths)
    }
    return {name: inner for name, inner in picked.items() if inner not in ({}, [])}
