"""What OpenSearch is told about a region's index, and the one request that a look-up is. Pure functions, no client."""

from typing import Any

from directory.ports import Near
from mappings.data import load
from mappings.reading import Typed

_Query = dict[str, Any]

_GRAMS: dict[str, dict[str, int]] = load("index.json")
_MAPPING: dict[str, Any] = load("opensearch.json")

# Tiers are whole steps apart; what nearness adds stays below one step, so that it orders companies within a tier only.
_TIER_STEP = 4.0
_SAME_CITY, _SAME_PROVINCE = 2.0, 1.0


def index_body() -> dict[str, Any]:
    """Settings and mapping of a build, from mappings/opensearch.json and the lengths in mappings/index.json."""
    starts = {f"starts_of_{field}": lengths for field, lengths in _GRAMS.items()}
    return {
        "settings": {
            "index": _MAPPING["settings"],
            "analysis": {
                "tokenizer": {
                    name: {"type": "edge_ngram", "min_gram": lengths["min"], "max_gram": lengths["max"]}
                    for name, lengths in starts.items()
                },
                "analyzer": {name: {"type": "custom", "tokenizer": name} for name in starts},
            },
        },
        "mappings": {
            "dynamic": False,
            "_source": {"enabled": False},  # nothing reads it: an index is always built from the records
            "properties": {
                **{field: {**_MAPPING["starts_of_a_text"], "analyzer": f"starts_of_{field}"} for field in _GRAMS},
                **_MAPPING["fields"],
            },
        },
    }


VISIBLE: _Query = {"term": {"visible": True}}


def search_body(typed: Typed, near: Near, limit: int) -> dict[str, Any]:
    """One search: the best `limit` by tier, then nearness, then rank, then id. A hit's only field is its id."""
    return {
        "query": _nearest(_tiers(typed), near),
        "size": limit,
        "sort": [
            "_score",
            {"rank": "asc"},
            {"id": "asc"},
        ],  # else the order of segments would tell, on each copy another
        "track_total_hits": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["id"],
    }


def _tiers(typed: Typed) -> _Query:
    """Every company that fits, scored by the best tier that it fits in and by nothing else."""
    found = [tier for tier in _best_first(typed) if tier]
    scored = [
        {"constant_score": {"filter": tier, "boost": _TIER_STEP * (len(found) - place)}}
        for place, tier in enumerate(found)
    ]
    return {"dis_max": {"queries": scored}}


def _best_first(typed: Typed) -> list[_Query | None]:
    return [
        {"terms": {"exact": _distinct([typed.exact, *typed.joined])}},
        _start("starts", typed.starts),
        _start("runs", typed.starts) if typed.many_words else None,
        *(_every_word(reading) for reading in typed.readings),
        _start("joined", typed.joined),
        _one_typo(typed.typo),
    ]


def _start(field: str, texts: tuple[str, ...]) -> _Query | None:
    lengths = _GRAMS[field]
    long_enough = [text[: lengths["max"]] for text in texts if len(text) >= lengths["min"]]
    return {"terms": {field: _distinct(long_enough)}} if long_enough else None


def _every_word(reading: tuple[str, ...]) -> _Query | None:
    words = _distinct([word[: _GRAMS["words"]["max"]] for word in reading])
    return {"bool": {"filter": [{"term": {"words": word}} for word in words]}} if words else None


def _one_typo(typo: str) -> _Query | None:
    """Starts of the joined name with one letter wrong, missing, extra or swapped; the first letter is right.

    Asked one letter shorter than the longest start that is indexed, so that a missing letter still finds its start.
    """
    if not typo:
        return None
    text = typo[: _GRAMS["joined"]["max"] - 1]
    how = {"value": text, "fuzziness": 1, "prefix_length": 1, "transpositions": True, "rewrite": "constant_score"}
    return {"fuzzy": {"joined": how}}


def _nearest(query: _Query, near: Near) -> _Query:
    places = []
    if near.province:
        places.append(_score({"term": {"province": near.province}}, _SAME_PROVINCE))
    if near.city:
        here = [{"term": {"city": near.city}}] + ([{"term": {"province": near.province}}] if near.province else [])
        places.append(_score({"bool": {"filter": here}}, _SAME_CITY))
    return {"bool": {"must": query, "should": places}} if places else query


def _score(query: _Query, boost: float) -> _Query:
    return {"constant_score": {"filter": query, "boost": boost}}


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))
