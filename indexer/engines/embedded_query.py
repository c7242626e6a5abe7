"""What the embedded engine is asked: one small query a tier, best tier first, so that a later one is rarely needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tantivy import (
    DocAddress,
    Filter,
    Index,
    Occur,
    Order,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from directory.ports import Near
from mappings import marks
from mappings.data import load
from mappings.reading import WORD_TYPO_FROM, Typed

_GRAMS: dict[str, dict[str, int]] = {field: of for field, of in load("index.json").items() if field != "gaps"}
_LONGEST_TERM = 200  # bytes that a whole joined name is indexed with, for the typo tier


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("version", stored=True, fast=True)
    builder.add_boolean_field("visible", indexed=True)
    for field in _GRAMS:
        builder.add_text_field(field, tokenizer_name=f"edge_{field}", index_option="basic")
    for field in ("exact", "marks", "whole", "city", "province"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("rank", fast=True)
    return builder.build()


def register_analyzers(index: Index) -> None:
    """Each value of a field is one text: the index holds its starts, whole characters at a time."""
    for field, lengths in _GRAMS.items():
        tokenizer = Tokenizer.ngram(lengths["min"], lengths["max"], prefix_only=True)
        analyzer = TextAnalyzerBuilder(tokenizer).filter(Filter.remove_long(_LONGEST_TERM)).build()
        index.register_tokenizer(f"edge_{field}", analyzer)


def by_id(company_id: str) -> Query:
    return _term("id", company_id)


def everything(searcher: Searcher, within: Query | None = None) -> Iterator[tuple[str, int, bool]]:
    """(id, version, whether visible) of all companies, or of those within a query, in no order."""
    most = searcher.num_docs
    if not most:
        return
    for occur, visible in ((Occur.Must, True), (Occur.MustNot, False)):
        query = Query.boolean_query([(Occur.Must, within or Query.all_query()), (occur, VISIBLE)])
        addresses = [address for _, address in searcher.search(query, most, count=False).hits]
        versions = searcher.fast_field_values("version", addresses)
        for address, version in zip(addresses, versions, strict=True):
            yield str(searcher.doc(address).get_first("id")), int(version or 0), visible


@dataclass(frozen=True, slots=True)
class _Tier:
    """`first`: what comes first among its matches, where they are more than there is room for."""

    all: Query
    first: tuple[Query, ...] = ()


def propose(searcher: Searcher, typed: Typed, near: Near, limit: int, *, far: bool) -> list[str]:
    found: dict[str, None] = {}
    for tier in _far(typed) if far else _tiers(typed):
        _collect(searcher, tier, near, limit, found)
        if len(found) >= limit:
            break
    if far and typed.telling and len(found) < limit:
        rarest = _any([_start("words", word) for word in typed.telling_starts])
        hits = searcher.search(rarest, limit, count=False).hits  # the rarer the words that fit, the better
        found.update(dict.fromkeys(_id(searcher, address) for _, address in hits))
    return list(found)[:limit]


def _tiers(typed: Typed) -> Iterator[_Tier]:
    yield _Tier(_any([_term("exact", typed.exact), *(_term("exact", joined) for joined in typed.joined)]))
    starts = _any([_start("starts", start) for start in typed.starts])
    popular = _every([starts, _term("marks", marks.POPULAR)])
    few_left = [
        _any([_term("marks", marks.left(start, left)) for start in typed.starts])
        for left in range(1, marks.MOST_LEFT + 1)
    ]
    whole_word = _any([_start("starts", f"{start} ") for start in typed.starts])
    yield _Tier(starts, (popular, *few_left, whole_word))
    if typed.many_words and len(typed.starts[0]) >= _GRAMS["runs"]["min"]:
        yield _Tier(_any([_start("runs", start) for start in typed.starts]))
    for reading in typed.readings:
        yield _Tier(_every([_start("words", word) for word in reading]), tuple(_whole_words(reading)))
    yield _Tier(_any([_start("joined", joined) for joined in typed.joined]))
    if typed.acronym:
        yield _Tier(_term("marks", marks.acronym(typed.acronym)))
    if typed.typo:
        yield _Tier(_every([_start("joined", typed.typo[0]), _fuzzy("whole", typed.typo, 1)]))
        tail = typed.typo[1:]
        yield _Tier(_any([_start("tails", tail), _start("tails", typed.typo), _start("joined", tail)]))


def _whole_words(reading: tuple[str, ...]) -> Iterator[Query]:
    """Names in which the typed words are whole: all of them, then all but the last, which may still be growing."""
    if len(reading) == 1:
        for left in range(1, marks.MOST_LEFT + 1):
            yield _term("marks", marks.beside(reading[0], left))
    whole = [_start("words", f"{word}{marks.WHOLE}") for word in reading]
    yield _every(whole)
    if len(reading) > 1:
        yield _every([*whole[:-1], _start("words", reading[-1])])


def _far(typed: Typed) -> Iterator[_Tier]:
    if typed.two_typos:
        yield _Tier(_fuzzy("whole", typed.typo, 2))
    for reading in typed.readings:
        yield _Tier(_every([_word_with_typo(word) for word in dict.fromkeys(reading)]))
    for start in typed.beginnings:
        begun = _start("starts", start) if start.endswith(" ") else _start("joined", start)
        yield _Tier(_any([_term("exact", start.replace(" ", "")), begun]))


def _word_with_typo(word: str) -> Query:
    """On the starts of words, so that a start with a typo is a start of a word, whole."""
    if len(word) < WORD_TYPO_FROM:
        return _start("words", word)
    text = word[: _GRAMS["words"]["max"] - 1]
    return Query.fuzzy_term_query(schema(), "words", text, 1, transposition_cost_one=True, prefix=False)


def _fuzzy(field: str, text: str, distance: int) -> Query:
    return Query.fuzzy_term_query(schema(), field, text, distance, transposition_cost_one=True, prefix=True)


def _collect(searcher: Searcher, tier: _Tier, near: Near, limit: int, found: dict[str, None]) -> None:
    """Add what a tier finds. Where it finds more than there is room for, the asker's city and province come first."""
    hits = _search(searcher, tier.all, limit)
    if len(hits) >= limit - len(found):
        for here in _places(near):
            local = _every([tier.all, *here])
            found.update(dict.fromkeys(_search(searcher, local, limit)))
        for first in tier.first:
            if len(found) >= limit:
                break
            found.update(dict.fromkeys(_search(searcher, first, limit)))
    found.update(dict.fromkeys(hits))


def _places(near: Near) -> list[list[Query]]:
    """The asker's own city, then its province; a city is told from its namesakes by its province."""
    province = [_term("province", near.province)] if near.province else []
    city = [[_term("city", near.city), *province]] if near.city else []
    return city + ([province] if province else [])


def _search(searcher: Searcher, query: Query, limit: int) -> list[str]:
    result = searcher.search(query, limit, count=False, order_by_field="rank", order=Order.Asc)
    return [_id(searcher, address) for _, address in result.hits]


def _id(searcher: Searcher, address: DocAddress) -> str:
    return str(searcher.doc(address).get_first("id"))


def _term(field: str, text: str) -> Query:
    return Query.term_query(schema(), field, text, index_option="basic")


def _start(field: str, text: str) -> Query:
    return _term(field, text[: _GRAMS[field]["max"]])


VISIBLE = Query.term_query(schema(), "visible", True, index_option="basic")


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _every(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])
