"""What OpenSearch is told about a region's index, and the one request that a look-up is. Pure functions, no client."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from directory.ports import Near, Reach
from indexer.engines import forgiving
from mappings.data import load
from mappings.reading import Typed

_Query = dict[str, Any]

_GRAMS: dict[str, dict[str, int]] = load("index.json")
_MAPPING: dict[str, Any] = load("opensearch.json")

# Tiers are whole steps apart; where a company is stays below a step, or a weight could lift it over a better tier.
_WEIGHTS: dict[str, float] = {
    "known": 1.0,  # a query.json that somebody tuned for an earlier release has none
    **load("query.json")["weights"],
}
_TIER_STEP = 1 + sum(_WEIGHTS.values())
_HANDFUL = 8  # texts
_LIKELIER = 0.3  # less than what is known to many: two of them
_RAREST = 0.03  # of how rare a word is: eight of the rarest words of ten million names stay below a step


class _Graded(NamedTuple):
    """A tier, and parts of it that stand first where companies are as near and as well known."""

    query: _Query
    likelier: list[_Query]


_KNOWN: _Query = {"term": {"known": True}}

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


def search_body(typed: Typed, near: Near, limit: int, reach: Reach = Reach.NEAR) -> dict[str, Any] | None:
    """One search: the best `limit` by tier, then nearness, then whether many are connected to it. A hit's only field is
    its id. None where there is nothing to ask for.

    Companies alike in all that come in the order in which they stand in the index: each of its segments is sorted by rank,
    which is popularity and name. Only so can the cluster stop at the first that fit best; told to sort by rank as well, it
    looks at each of the thousands that a few letters fit. What else orders an answer (what is left to type of a name) is
    found by the names of those that are proposed.
    """
    if reach is Reach.FARTHEST:
        words = _with_typos_in_words(typed)
        if words is None:
            return None
        query = _above(_score(words, _TIER_STEP), _places(near))
    elif reach is Reach.FAR:
        far, rarest = _far(typed), _rarest(typed)
        if not any(far) and not rarest:
            return None  # `saint` is no name, and begins nothing else
        query = _above(_tiers(far, *rarest), _places(near))
    elif typed.short:
        query = _tiers(
            [
                *_nearest_first([_whole(typed)], near),
                *_nearest_first(_begun(typed), near, known=True),
                *_nearest_first(_further(typed), near),
            ]
        )
    else:
        begun = forgiving.initials_begun(typed)
        alike = [*_with_a_typo(typed.typo), {"term": {"acronyms": begun}} if begun else None]
        tiers = _tiers([_whole(typed), *_begun(typed), *_further(typed), *alike])
        query = _above(tiers, [*_places(near), (_KNOWN, _WEIGHTS["known"])])
    return {
        "query": query,
        "size": limit,
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


def _tiers(found: Sequence[_Query | _Graded | None], *beneath: _Query) -> _Query:
    """Every company that fits, scored by the best tier that it fits in and by nothing else, and what is beneath them all."""
    fitting = [tier for tier in found if tier]
    scored = [_scored(tier, _TIER_STEP * (len(fitting) - place)) for place, tier in enumerate(fitting)]
    return {"dis_max": {"queries": [*scored, *beneath]}}


def _scored(tier: _Query | _Graded, boost: float) -> _Query:
    if isinstance(tier, _Graded):
        return _above(_score(tier.query, boost), [(part, _LIKELIER) for part in tier.likelier])
    return _score(tier, boost)


def _whole(typed: Typed) -> _Query:
    return _one_of("exact", [typed.exact, *typed.joined])


def _begun(typed: Typed) -> list[_Query | None]:
    """Names that begin so: where the last word is finished, and all of them."""
    begun = _start("starts", typed.starts)
    if forgiving.is_cut("starts", typed):
        return [_within(begun, _start("joined", typed.joined))]
    return [_start("starts", tuple(f"{text} " for text in typed.starts)), begun]


def _run(typed: Typed) -> _Query | None:
    """Names that go on so from a later word on."""
    run = _start("runs", typed.starts) if typed.many_words else None
    if not forgiving.is_cut("runs", typed):
        return run
    readings = [words for reading in typed.readings if (words := _every_word(reading))]
    return _within(run, {"bool": {"should": readings}} if readings else None)


def _within(cut: _Query | None, rest: _Query | None) -> _Query | None:
    """What the index holds of a start, and what tells those apart that are alike so far."""
    return _all_of([cut, rest]) if cut and rest else cut


def _further(typed: Typed) -> list[_Query | None]:
    words = [_every_word(reading) for reading in typed.readings]
    joined = _start("joined", typed.joined)
    return [
        _run(typed),
        *([joined, *words] if forgiving.joined_is_surer(typed) else [*words, joined]),
        *map(_with_compounds, typed.readings),
        {"term": {"acronyms": typed.acronym}} if typed.acronym else None,
    ]


def _with_a_typo(text: str) -> list[_Query | _Graded | None]:
    """One typo; beneath it, one that is in the first letter; beneath that, names that begin alike."""
    if not text:
        return []
    one = _gaps(forgiving.one_typo(text))
    later = [{"term": {"joined": start}} for start, _ in forgiving.later_typo(text)]
    alike = [{"term": {"joined": start}} for start in forgiving.alike(text)]
    return [_Graded(one, later) if one else None, _gaps(forgiving.wrong_first_letter(text)), *alike]


def _gaps(terms: list[str]) -> _Query | None:
    if len(terms) == 1:
        return {"term": {"gaps": terms[0]}}
    return {"terms": {"gaps": terms}} if terms else None


def _far(typed: Typed) -> list[_Query | None]:
    """Names with something before or behind them; two typos; what begins alike."""
    names, behind, begun = forgiving.whole_names(typed), forgiving.names_behind(typed), forgiving.starts_behind(typed)
    return [
        _one_of("exact", names) if names else None,
        _one_of("exact", behind) if behind else None,  # few, where a word may be that of a thousand names
        _every_word(typed.no_article),
        _every_word(typed.uncommon),
        _one_of("starts", begun) if begun else None,
        *(_gaps(terms) for terms in forgiving.two_typos(typed)),  # of the first letters alone
        *(_begins(start) for start in typed.beginnings),
    ]


def _with_typos_in_words(typed: Typed) -> _Query | None:
    words = forgiving.word_typos(typed)
    found = [_word_with_typo(word) if fuzzy else {"term": {"words": word}} for word, fuzzy in words]
    return _all_of(found) if found else None


def _begins(start: str) -> _Query:
    whole = {"term": {"exact": start.replace(" ", "")}}
    begun = _start("starts" if start.endswith(" ") else "joined", (start,))
    return {"bool": {"should": [whole, *([begun] if begun else [])]}}


def _rarest(typed: Typed) -> list[_Query]:
    """Names with any of the telling words, scored by the sum of how rare those are: beneath every tier.

    The last word, which may be growing still, begins so many names that a sum in which it stands alone takes longer than
    all the rest, since none of them can be passed over: so there is a part for those that have others beside it.
    """
    words = [word[: _GRAMS["words"]["max"]] for word in typed.telling_starts]
    rare: list[_Query] = [{"term": {"words": {"value": word, "boost": _RAREST}}} for word in words]
    others, last = rare[:-1], rare[-1:]
    if not others:
        return last
    both = {"bool": {"must": last, "should": others, "minimum_should_match": 1}}
    return [both, {"bool": {"should": others}}, *last]


def _word_with_typo(word: str) -> _Query:
    how = {
        "value": word,
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
    """One text nearly always, or a handful: a `terms` query is made for many, and looks each up twice."""
    if len(texts) > _HANDFUL:
        return {"terms": {field: texts}}
    found: list[_Query] = [{"term": {field: text}} for text in _distinct(texts)]
    return found[0] if len(found) == 1 else {"bool": {"should": found}}


def _every_word(reading: tuple[str, ...]) -> _Query | None:
    words = _distinct([word[: _GRAMS["words"]["max"]] for word in reading])
    return _all_of([{"term": {"words": word}} for word in words]) if words else None


def _with_compounds(reading: tuple[str, ...]) -> _Query | None:
    terms = forgiving.written_as_one(reading)
    return _all_of([{"term": {"words": term}} for term in terms]) if terms else None


def _nearest_first(tiers: list[_Query | None], near: Near, *, known: bool = False) -> list[_Query | None]:
    """Each tier in the asker's city, in its province, anywhere, in each of them those first that many know: an order that
    needs no sum of scores, so that companies further down are passed over and not scored. A letter or two fit tens of
    thousands of them.
    """
    where = [[at] for at, _ in _places(near)] + [[]]
    within = [[*at, *more] for at in where for more in (([_KNOWN], []) if known else ([],))]
    return [_all_of([tier, *at]) for tier in tiers if tier for at in within]


def _all_of(queries: list[_Query]) -> _Query:
    return queries[0] if len(queries) == 1 else {"bool": {"filter": queries}}


def _places(near: Near) -> list[tuple[_Query, float]]:
    """The asker's own city, then its province, and what each adds to a score."""
    city = [({"term": {"city": place(near.city, near.province)}}, _WEIGHTS["same_city"])] if near.city else []
    return city + ([({"term": {"province": near.province}}, _WEIGHTS["same_province"])] if near.province else [])


def place(city: str, province: str) -> str:
    """One term for a city that has namesakes in other provinces."""
    return f"{city} {province}" if province else city


def _above(query: _Query, preferred: list[tuple[_Query, float]]) -> _Query:
    """Within each tier, those above the others that are preferred, by so much each."""
    more = [_score(those, weight) for those, weight in preferred]
    return {"bool": {"must": query, "should": more}} if more else query
