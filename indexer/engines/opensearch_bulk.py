"""A bulk request of OpenSearch: what is sent, in parts that a small cluster can hold, and what each answer means."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from indexer.engines.opensearch_query import place
from indexer.engines.port import Document, NoSuchBuild, Tombstone, Written

# More at once has tripped the circuit breaker of a node with 2 GB, and is no faster.
_MOST_ACTIONS = 1_000
_MOST_BYTES = 4_000_000

_OUTCOMES = {200: Written.DONE, 201: Written.DONE, 409: Written.SUPERSEDED}
_TRY_LATER = (429, 503)
_LINES = b'{"index":{"_id":%b,"version":%d,"version_type":"external_gte"}}\n%b\n'


def batches(items: Sequence[Document | Tombstone]) -> Iterator[list[bytes]]:
    """The items as the lines of bulk requests, in order; each element is one item, whole."""
    batch: list[bytes] = []
    size = 0
    for item in items:
        lines = _lines(item)
        if batch and (len(batch) == _MOST_ACTIONS or size + len(lines) > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(lines)
        size += len(lines)
    if batch:
        yield batch


def _lines(item: Document | Tombstone) -> bytes:
    """A whole document, for a tombstone as well: a partial update cannot carry a version from outside."""
    return _LINES % (orjson.dumps(item.company_id), item.version, orjson.dumps(_source(item)))


def _source(item: Document | Tombstone) -> dict[str, Any]:
    if isinstance(item, Tombstone):
        return {"id": item.company_id, "version": item.version, "visible": False}
    return {
        "id": item.company_id,
        "version": item.version,  # the engine's own cannot be read for many at once
        "visible": True,
        "starts": item.starts,
        "joined": item.joined,
        "runs": item.runs,
        "words": item.words,
        "gaps": item.gaps,
        "exact": item.exact,
        "acronyms": item.acronyms,
        "city": [item.city, place(item.city, item.province)] if item.city and item.province else item.city,
        "province": item.province,
        "rank": item.rank,
        **({"known": True} if item.known else {}),
    }


def outcomes(build: str, answer: Any) -> list[Written | None]:
    """What became of each item, in order; None for one to be tried later.

    Raises NoSuchBuild, and then no item of the request was written.
    """
    found: list[Written | None] = []
    for item in answer["items"]:
        result = item["index"]
        if result["status"] == 404:
            raise NoSuchBuild(build)
        found.append(None if result["status"] in _TRY_LATER else _OUTCOMES.get(result["status"], Written.FAILED))
    return found
