"""What OpenSearch is told about a region's index, and the one request that a look-up is. Pure functions, no client."""

from collections.abc import Iterator
from typing import Any

from directory.ports import Near
from mappings import marks
from mappings.data import load
from mappings.reading import WORD_TYPO_FROM, Typed

_Query = dict[str, Any]

_GRAMS: dict[str, dict[str, int]] = load("index.json")
_MAPPING: dict[str, Any] = load("opensearch.json")

# Tiers are whole steps apart; what orders companies within one stays below a step together, or a weight could lift a
# company over a better tier.
_WEIGHTS: dict[str, float] = load("query.json")["weights"]
_TIER_STEP = 1 + sum(_WEIGHTS.values()) + (marks.POPULAR_CLASSES - 1) * _WEIGHTS["popular"]
_RAREST = 0.03  # of how rare a word is: eight of the rarest words of ten million names stay below a step


# While a build is filled nobody reads it, and a crash that loses some of it is found by the comparison afterwards.
_DURING_BACKFILL = {"refresh_interval": "-1", "translog.durability": "async"}
AFTER_BACKFILL = {
    "index": {
        "refresh_interval": _MAPPING["settings"]["refresh_interval"],
        "translog.durability": "request",
    }
}


def _score(query: _Query, boost: float) -> _Query:
    return {"constant_score": {"filter": query, "boost": boost}}


# Within a class, `rank` orders by the step itself.
_POPULAR = [
    _score({"term": {"marks": marks.popular(2 * found)}}, found * _WEIGHTS["popular"])
    for found in range(1, marks.POPULAR_CLASSES + 1)
]


def index_body(*, backfill: bool = False) -> dict[str, Any]:
    """Settings and mapping of a build, from mappings/opensearch.json and the lengths in mappings/index.json."""
    starts = {f"starts_of_{field}": lengths for field, lengths in _GRAMS.items()}
    return {
        "settings": {
            "index": {**_MAPPING["settings"], **(_DURING_BACKFILL if backfill else {})},
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


def search_body(typed: Typed, near: Near, limit: int, *, far: bool = False) -> dict[str, Any]:
    """One search: the best `limit` by tier, then nearness, then what is left to type, then rank, then id. A hit's only
    field is its id.
    """
    tiers = _far(typed) if far else _best_first(typed)
    return {
        "query": _ordered(_tiers(tiers, _rarest(typed) if far else None), near, None if far else typed),
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


def scan_body(size: int, after: list[Any] | None, only: list[str] | None = None) -> dict[str, Any]:
    """The next `size` companies by id, after the sort values of the last one: id, version, whether visible."""
    return {
        "query": {"ids": {"values": only}} if only is not None else {"match_all": {}},
        "size": size,
        "sort": [{"id": "asc"}],
        **({"search_after": after} if after else {}),
        "track_total_hits": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["version", "visible"],
    }


def _tiers(found: list[_Query | None], beneath: _Query | None = None) -> _Query:
    """Every company that fits, scored by the best tier that it fits in and by nothing else, and what is beneath them all."""
    fitting = [tier for tier in found if tier]
    scored = [_score(tier, _TIER_STEP * (len(fitting) - place)) for place, tier in enumerate(fitting)]
    return {"dis_max": {"queries": [*scored, *([beneath] if beneath else [])]}}


def _best_first(typed: Typed) -> list[_Query | None]:
    return [
        _one_of("exact", [typed.exact, *typed.joined]),
        _start("starts", typed.starts),
        _start("runs", typed.starts) if typed.many_words else None,
        *(_every_word(reading) for reading in typed.readings),
        _start("joined", typed.joined),
        {"term": {"marks": marks.acronym(typed.acronym)}} if typed.acronym else None,
        *_with_a_typo(typed.typo),
    ]


def _with_a_typo(text: str) -> list[_Query]:
    """One typo; beneath it, one that is in the first letter: wrong, missing or too many."""
    if not text:
        return []
    tails = _start("tails", (text[1:], text))
    first = [tails] if tails else []
    without = _start("joined", (text[1:],))
    return [_fuzzy("joined", text, 1, right_letters=1), {"bool": {"should": [*first, *([without] if without else [])]}}]


def _far(typed: Typed) -> list[_Query | None]:
    """Asked only where nothing fits better: two typos, a wrong first letter, a typo in a later word."""
    return [
        _fuzzy("joined", typed.typo, 2, right_letters=1) if typed.two_typos else None,
        *({"bool": {"filter": [_word_with_typo(word) for word in _distinct(list(words))]}} for words in typed.readings),
        *(_begins(start) for start in typed.beginnings),
    ]


def _begins(start: str) -> _Query:
    whole = {"term": {"exact": start.replace(" ", "")}}
    begun = _start("starts" if start.endswith(" ") else "joined", (start,))
    return {"bool": {"should": [whole, *([begun] if begun else [])]}}


def _rarest(typed: Typed) -> _Query | None:
    """Names with any of the telling words, scored by how rare those are: beneath every tier."""
    words = [word[: _GRAMS["words"]["max"]] for word in typed.telling_starts]
    rare = [{"term": {"words": {"value": word, "boost": _RAREST}}} for word in words]
    return {"bool": {"should": rare}} if rare else None


def _word_with_typo(word: str) -> _Query:
    if len(word) < WORD_TYPO_FROM:
        return {"term": {"words": word}}
    return _fuzzy("words", word, 1, right_letters=0)


def _start(field: str, texts: tuple[str, ...]) -> _Query | None:
    lengths = _GRAMS[field]
    long_enough = [text[: lengths["max"]] for text in texts if len(text) >= lengths["min"]]
    return _one_of(field, long_enough) if long_enough else None


def _one_of(field: str, texts: list[str]) -> _Query:
    """One text nearly always, and a handful at most: a `terms` query is made for hundreds, and looks each up twice."""
    found: list[_Query] = [{"term": {field: text}} for text in _distinct(texts)]
    return found[0] if len(found) == 1 else {"bool": {"should": found}}


def _every_word(reading: tuple[str, ...]) -> _Query | None:
    words = _distinct([word[: _GRAMS["words"]["max"]] for word in reading])
    return {"bool": {"filter": [{"term": {"words": word}} for word in words]}} if words else None


def _fuzzy(field: str, text: str, typos: int, *, right_letters: int) -> _Query:
    """Starts with so many letters wrong, missing, extra or swapped, none of them among the first `right_letters`.

    Asked that much shorter than the longest start that is indexed, so that a missing letter still finds its start.
    """
    how = {
        "value": text[: _GRAMS[field]["max"] - typos],
        "fuzziness": typos,
        "prefix_length": right_letters,
        "transpositions": True,
        "rewrite": "constant_score",
    }
    return {"fuzzy": {field: how}}


def _ordered(query: _Query, near: Near, typed: Typed | None) -> _Query:
    """What orders companies within a tier: where they are, then what is left to type of the name."""
    more = []
    if near.province:
        more.append(_score({"term": {"province": near.province}}, _WEIGHTS["same_province"]))
    if near.city:
        here = [{"term": {"city": near.city}}] + ([{"term": {"province": near.province}}] if near.province else [])
        more.append(_score({"bool": {"filter": here}}, _WEIGHTS["same_city"]))
    if typed:
        more.append({"dis_max": {"queries": _POPULAR}})
        more.append({"dis_max": {"queries": _least_left(typed)}})
    return {"bool": {"must": query, "should": more}} if more else query


def _least_left(typed: Typed) -> list[_Query]:
    """Names in which the last typed word is whole, those with the fewest words after it first."""
    few = [
        _score(_one_of("marks", [marks.left(start, left) for start in typed.starts]), _finished(left))
        for left in range(1, marks.MOST_LEFT + 1)
    ]
    whole = _start("starts", tuple(f"{start} " for start in typed.starts))
    return [*few, *([_score(whole, _finished(marks.MOST_LEFT + 1))] if whole else []), *_whole_words(typed.readings[0])]


def _whole_words(reading: tuple[str, ...]) -> Iterator[_Query]:
    """Names in which the typed words are whole: all of them, then all but the last, which may still be growing."""
    if len(reading) == 1:
        for left in range(1, marks.MOST_LEFT + 1):
            yield _score({"term": {"marks": marks.beside(reading[0], left)}}, _finished(left))
    whole = [{"term": {"words": f"{word}{marks.WHOLE}"[: _GRAMS["words"]["max"]]}} for word in reading]
    if whole:
        yield _score({"bool": {"filter": whole}}, _finished(marks.MOST_LEFT + 1))
    if len(whole) > 1:
        yield _score({"bool": {"filter": whole[:-1]}}, _finished(marks.MOST_LEFT + 2))


def _finished(words_left: int) -> float:
    return max(0.0, _WEIGHTS["finished_word"] - (words_left - 1) * _WEIGHTS["each_word_left"])


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))
