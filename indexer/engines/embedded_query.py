"""What the embedded engine is asked: one small query a tier, best tier first, so that a later one is rarely needed."""

from collections.abc import Iterator
from functools import cache

from tantivy import Filter, Index, Occur, Order, Query, Schema, SchemaBuilder, Searcher, TextAnalyzerBuilder, Tokenizer

from directory.ports import Near
from mappings.data import load
from mappings.reading import Typed

_GRAMS: dict[str, dict[str, int]] = load("index.json")
_LONGEST_TERM = 200  # bytes that a whole joined name is indexed with, for the typo tier


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("version", stored=True, fast=True)
    builder.add_boolean_field("visible", indexed=True)
    for field in _GRAMS:
        builder.add_text_field(field, tokenizer_name=f"edge_{field}", index_option="basic")
    for field in ("exact", "whole", "city", "province"):
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


def propose(searcher: Searcher, typed: Typed, near: Near, limit: int) -> list[str]:
    found: dict[str, None] = {}
    for tier in _tiers(typed):
        _collect(searcher, tier, near, limit, found)
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _tiers(typed: Typed) -> Iterator[Query]:
    yield _any([_term("exact", typed.exact), *(_term("exact", joined) for joined in typed.joined)])
    yield _any([_start("starts", start) for start in typed.starts])
    if typed.many_words and len(typed.starts[0]) >= _GRAMS["runs"]["min"]:
        yield _any([_start("runs", start) for start in typed.starts])
    for reading in typed.readings:
        yield Query.boolean_query([(Occur.Must, _start("words", word)) for word in dict.fromkeys(reading)])
    yield _any([_start("joined", joined) for joined in typed.joined])
    if typed.typo:
        yield Query.fuzzy_term_query(schema(), "whole", typed.typo, 1, transposition_cost_one=True, prefix=True)


def _collect(searcher: Searcher, tier: Query, near: Near, limit: int, found: dict[str, None]) -> None:
    """Add what a tier finds. Where it finds more than there is room for, the asker's city and province come first."""
    hits = _search(searcher, tier, limit)
    if len(hits) >= limit - len(found) and (near.city or near.province):
        local = Query.boolean_query(
            [(Occur.Must, tier)] + [(Occur.Must, _term(field, place)) for field, place in _places(near)]
        )
        found.update(dict.fromkeys(_search(searcher, local, limit)))
        if near.city and near.province:
            wider = Query.boolean_query([(Occur.Must, tier), (Occur.Must, _term("province", near.province))])
            found.update(dict.fromkeys(_search(searcher, wider, limit)))
    found.update(dict.fromkeys(hits))


def _places(near: Near) -> list[tuple[str, str]]:
    return [(field, place) for field, place in (("city", near.city), ("province", near.province)) if place]


def _search(searcher: Searcher, query: Query, limit: int) -> list[str]:
    result = searcher.search(query, limit, count=False, order_by_field="rank", order=Order.Asc)
    return [str(searcher.doc(address).get_first("id")) for _, address in result.hits]


def _term(field: str, text: str) -> Query:
    return Query.term_query(schema(), field, text, index_option="basic")


def _start(field: str, text: str) -> Query:
    return _term(field, text[: _GRAMS[field]["max"]])


VISIBLE = Query.term_query(schema(), "visible", True, index_option="basic")


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
