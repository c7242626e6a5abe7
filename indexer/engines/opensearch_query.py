"""What OpenSearch is told about a region's index, and the one request that a look-up is. Pure functions, no client."""

from typing import Any

from directory.ports import Near
from indexer.engines.opensearch_typos import one_typo, wrong_first_letter
from mappings import gaps, marks
from mappings.data import load
from mappings.reading import WORD_TYPO_FROM, Typed

_Query = dict[str, Any]

_GRAMS: dict[str, dict[str, int]] = {field: of for field, of in load("index.json").items() if field != "tails"}
_MAPPING: dict[str, Any] = load("opensearch.json")

# Tiers are whole steps apart; what orders companies within one stays below a step together, or a weight could lift a
# company over a better tier.
_WEIGHTS: dict[str, float] = load("query.json")["weights"]
_TIER_STEP = 1 + sum(_WEIGHTS.values()) + (marks.POPULAR_CLASSES - 1) * _WEIGHTS["popular"]
_RAREST = 0.03  # of how rare a word is: eight of the rarest words of ten million names stay below a step


_SHORT = 3  # letters: so few say nothing about whether a word is whole
_ALIKE_LESS = (0, 2, 5, 9)  # letters: names that begin alike so far are asked for in so few steps
_FUZZY_LETTERS = 8  # of a word: what an automaton costs grows with its letters


_UNSEEN = {"refresh_interval": "-1"}
SEEN = {"index": {"refresh_interval": _MAPPING["settings"]["refresh_interval"]}}


def _score(query: _Query, boost: float) -> _Query:
    return {"constant_score": {"filter": query, "boost": boost}}


def index_body(*, unseen: bool = False) -> dict[str, Any]:
    """Settings and mapping of a build, from mappings/opensearch.json and the lengths in mappings/index.json."""
    starts = {f"starts_of_{field}": lengths for field, lengths in _GRAMS.items()}
    return {
        "settings": {
            "index": {**_MAPPING["settings"], **(_UNSEEN if unseen else {})},
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
    """One search: the best `limit` by tier, then nearness, then what is left to type, then rank. A hit's only field is its
    id.

    Of companies alike in all that, the order of segments tells; which of them are among the best depends on it only where
    there are more of them than `limit`, and sorting by id as well would cost more than a tenth of the whole.
    """
    if len(typed.joined[0]) <= _SHORT and not far:
        query = _tiers(_nearest_first(_best_first(typed), near))
    elif far:
        query = _ordered(_tiers(_far(typed), _rarest(typed)), near, None)
    else:
        query = _ordered(_tiers(_best_first(typed)), near, typed)
    return {
        "query": query,
        "size": limit,
        "sort": ["_score", {"rank": "asc"}],
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
    """One typo; beneath it, one that is in the first letter; beneath that, names that begin alike, the longest first: among
    them is the one that is meant where the typo is further on than `gaps` go. Whether it is one is found by its name.
    """
    if not text:
        return []
    longest = min(len(text) - 1, _GRAMS["joined"]["max"])
    rungs = [letters for fewer in _ALIKE_LESS if (letters := longest - fewer) > gaps.LETTERS] + [gaps.LETTERS]
    alike = [{"term": {"joined": text[:letters]}} for letters in rungs if letters < len(text)]
    return [one_typo(text), wrong_first_letter(text), *alike]


def _far(typed: Typed) -> list[_Query | None]:
    """Asked only where nothing fits better: two typos, of which the later is in the last quarter or half of the text; a
    typo in a later word; what begins alike.
    """
    text = typed.typo
    twice = (len(text) * 3 // 4, len(text) // 2) if typed.two_typos else ()
    return [
        *(one_typo(text[:letters]) for letters in twice),
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
    how = {
        "value": word[:_FUZZY_LETTERS],
        "fuzziness": 1,
        "prefix_length": 0,
        "transpositions": True,
        "rewrite": "constant_score",
    }
    return {"fuzzy": {"words": how}}


def _start(field: str, texts: tuple[str, ...]) -> _Query | None:
    lengths = _GRAMS[field]
    long_enough = [text[: lengths["max"]] for text in texts if len(text) >= lengths["min"]]
    return _one_of(field, long_enough) if long_enough else None


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _one_of(field: str, texts: list[str]) -> _Query:
    """One text nearly always, and a handful at most: a `terms` query is made for hundreds, and looks each up twice."""
    found: list[_Query] = [{"term": {field: text}} for text in _distinct(texts)]
    return found[0] if len(found) == 1 else {"bool": {"should": found}}


# Within a level, `rank` orders by the step itself. As few as keep the best known of many ahead: each costs every look-up.
_POPULAR_LEVELS = ((1, 2), (3, 4), (5, 6))
_POPULAR = [
    _score(_one_of("marks", [marks.popular(2 * found) for found in level]), level[0] * _WEIGHTS["popular"])
    for level in _POPULAR_LEVELS
]


def _every_word(reading: tuple[str, ...]) -> _Query | None:
    words = _distinct([word[: _GRAMS["words"]["max"]] for word in reading])
    return {"bool": {"filter": [{"term": {"words": word}} for word in words]}} if words else None


def _nearest_first(tiers: list[_Query | None], near: Near) -> list[_Query | None]:
    """Each tier in the asker's city, in its province, anywhere: an order that needs no sum of scores, so that companies
    further down are passed over and not scored. A letter or two fit tens of thousands of them.
    """
    province: list[_Query] = [{"term": {"province": near.province}}] if near.province else []
    city: list[_Query] = [{"term": {"city": near.city}}, *province] if near.city else []
    places = [place for place in (city, province) if place]
    return [at for tier in tiers if tier for at in (*({"bool": {"filter": [tier, *place]}} for place in places), tier)]


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
    reading = typed.readings[0]
    found = [
        _score(_one_of("marks", _so_few_left(typed, left)), _finished(left)) for left in range(1, marks.MOST_LEFT + 1)
    ]
    whole = _finished(marks.MOST_LEFT + 1)
    if started := _start("starts", tuple(f"{start} " for start in typed.starts)):
        found.append(_score(started, whole))
    if len(reading) > 1:
        words = [{"term": {"words": f"{word}{marks.WHOLE}"[: _GRAMS["words"]["max"]]}} for word in reading]
        found.append(_score({"bool": {"filter": words}}, whole))
        found.append(_score({"bool": {"filter": words[:-1]}}, _finished(marks.MOST_LEFT + 2)))
    elif reading:
        found.append(_score({"term": {"words": f"{reading[0]}{marks.WHOLE}"[: _GRAMS["words"]["max"]]}}, whole))
    return found


def _so_few_left(typed: Typed, left: int) -> list[str]:
    """Terms of names in which the typed words are whole, with so many words after them, or beside the only one."""
    reading = typed.readings[0]
    beside = [marks.beside(reading[0], left)] if len(reading) == 1 else []
    return [*(marks.left(start, left) for start in typed.starts), *beside]


def _finished(words_left: int) -> float:
    return max(0.0, _WEIGHTS["finished_word"] - (words_left - 1) * _WEIGHTS["each_word_left"])
