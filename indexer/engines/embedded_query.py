"""What the embedded engine is asked: all tiers that take each letter as it is at once; where that finds more than there is
room for, one small query a tier, best tier first; and tiers that forgive a typo only where there is room left.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

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

from directory.ports import Near, Reach
from indexer.engines import forgiving
from mappings.data import load
from mappings.reading import Typed

_GRAMS: dict[str, dict[str, int]] = load("index.json")
_LONGEST_TERM = 200  # bytes
_OFTEN_FULL = 5  # letters: so few begin more names than there is room for, of 600,000 half of the time
_BEGUN_TOGETHER = 4  # tiers
_NOISE = 3  # of three that are found by two typos, two do not fit


class _Tier(NamedTuple):
    query: Query
    typo: str = ""  # the text whose one typo it forgives

    def likelier(self) -> Iterator[Query]:
        """Parts of it: the names that begin as what was typed for longer."""
        for start, terms in forgiving.later_typo(self.typo):
            yield _every([_start("joined", start), _any([_term("gaps", term) for term in terms])])


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("version", stored=True, fast=True)
    builder.add_boolean_field("visible", indexed=True)
    for field in _GRAMS:
        builder.add_text_field(field, tokenizer_name=f"edge_{field}", index_option="basic")
    for field in ("exact", "acronyms", "city", "province"):
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


def propose(searcher: Searcher, typed: Typed, near: Near, limit: int, reach: Reach) -> list[str]:
    found: dict[str, None] = {}
    if reach is Reach.FARTHEST:
        return []  # in this process an automaton costs less than one more question, with its statement
    if reach is Reach.FAR:
        _collect_far(searcher, typed, near, limit, found)
    elif typed.short:
        for tier in _as_typed(typed):
            _collect_nearest_first(searcher, tier.query, near, limit, found)
    else:
        tiers = list(_as_typed(typed))
        alone = 2 if len(typed.joined[0]) <= _OFTEN_FULL else 0  # whole names, and those that begin so
        _collect_tiers(searcher, tiers[:alone], near, limit, found)
        if len(found) < limit:
            _collect_together(searcher, tiers[alone:], near, limit, found)
        if were_all(len(found), limit):  # half of the candidates are more than enough to fill an answer
            _collect_together(searcher, [*_with_a_typo(typed.typo), *_initials_begun(typed)], near, limit, found)
    return list(found)[:limit]


def were_all(proposed: int, limit: int) -> bool:
    """Of more than that, typos were not looked for."""
    return proposed * 2 < limit


def _collect_far(searcher: Searcher, typed: Typed, near: Near, limit: int, found: dict[str, None]) -> None:
    for tiers in _far(typed):
        if len(found) < limit:
            _collect_together(searcher, tiers, near, limit, found)
    surely, enough = len(found), max(1, limit // _NOISE)
    if surely < limit:
        _collect_together(searcher, _with_two_typos(typed), near, limit, found)
    noise = len(found) - surely
    most = min(limit, noise + enough)  # what merely begins alike fits, so there need not be more of it
    for tiers in _begun_alike(typed):
        if len(found) < most:
            _collect_together(searcher, tiers, near, limit, found)
    if typed.telling and len(found) < most:
        rarest = _any([_start("words", word) for word in typed.telling_starts])
        hits = searcher.search(rarest, enough, count=False).hits  # the rarer the words that fit, the better
        found.update(dict.fromkeys(_id(searcher, address) for _, address in hits))


def _collect_together(
    searcher: Searcher, tiers: Sequence[_Tier], near: Near, limit: int, found: dict[str, None]
) -> None:
    """All at once, and by tiers only where not all that fit can be candidates: what is one is put in order by its name.

    What a query costs is mostly that it is one.
    """
    if len(tiers) > 1:
        hits = _search(searcher, _any([tier.query for tier in tiers]), limit)
        if len(hits) < limit and len(found.keys() | hits) <= limit:
            found.update(dict.fromkeys(hits))
            return
    _collect_tiers(searcher, tiers, near, limit, found)


def _collect_tiers(searcher: Searcher, tiers: Sequence[_Tier], near: Near, limit: int, found: dict[str, None]) -> None:
    for tier in tiers:
        _collect(searcher, tier, near, limit, found)
        if len(found) >= limit:
            break


def _as_typed(typed: Typed) -> Iterator[_Tier]:
    yield _Tier(_any([_term("exact", typed.exact), *(_term("exact", joined) for joined in typed.joined)]))
    joined = _any([_start("joined", joined) for joined in typed.joined])
    readings = [_every([_start("words", word) for word in reading]) for reading in typed.readings]
    begun = _any([_start("starts", start) for start in typed.starts])
    yield _Tier(_every([begun, joined]) if forgiving.is_cut("starts", typed) else begun)
    if typed.many_words and len(typed.starts[0]) >= _GRAMS["runs"]["min"]:
        run = _any([_start("runs", start) for start in typed.starts])
        yield _Tier(_every([run, _any(readings)]) if forgiving.is_cut("runs", typed) else run)
    yield from map(_Tier, [joined, *readings] if forgiving.joined_is_surer(typed) else [*readings, joined])
    for reading in typed.readings:
        if terms := forgiving.written_as_one(reading):
            yield _Tier(_every([_term("words", term) for term in terms]))
    if typed.acronym:
        yield _Tier(_term("acronyms", typed.acronym))


def _with_a_typo(text: str) -> Iterator[_Tier]:
    if not text:
        return
    if terms := forgiving.one_typo(text):
        yield _Tier(_any([_term("gaps", term) for term in terms]), text)
    if terms := forgiving.wrong_first_letter(text):
        yield _Tier(_any([_term("gaps", term) for term in terms]))
    for start in forgiving.alike(text):
        yield _Tier(_term("joined", start))


def _initials_begun(typed: Typed) -> Iterator[_Tier]:
    if begun := forgiving.initials_begun(typed):
        yield _Tier(_term("acronyms", begun))


def _far(typed: Typed) -> Iterator[list[_Tier]]:
    """Tiers, best first, those together that seldom find much."""
    exact = (forgiving.whole_names(typed), forgiving.names_behind(typed))
    whole = [_any([_term("exact", name) for name in names]) for names in exact if names]
    for telling in (typed.no_article, typed.uncommon):
        if telling:
            whole.append(_every([_start("words", word) for word in telling]))
    yield [*map(_Tier, whole)]
    if begun := forgiving.starts_behind(typed):
        yield [_Tier(_any([_term("starts", start) for start in begun]))]
    if words := forgiving.word_typos(typed):
        yield [_Tier(_every([_fuzzy(word) if fuzzy else _term("words", word) for word, fuzzy in words]))]


def _with_two_typos(typed: Typed) -> list[_Tier]:
    """Beneath what looks at all words: of the first letters alone, so that most of what they find does not fit."""
    return [_Tier(_any([_term("gaps", term) for term in terms])) for terms in forgiving.two_typos(typed)]


def _begun_alike(typed: Typed) -> Iterator[list[_Tier]]:
    """Beneath those."""
    begun = [_Tier(_begun(start)) for start in typed.beginnings]
    yield from (begun[at : at + _BEGUN_TOGETHER] for at in range(0, len(begun), _BEGUN_TOGETHER))


def _begun(start: str) -> Query:
    begun = _start("starts", start) if start.endswith(" ") else _start("joined", start)
    return _any([_term("exact", start.replace(" ", "")), begun])


def _fuzzy(word: str) -> Query:
    """On the starts of words, so that a start with a typo is a start of a word, whole."""
    return Query.fuzzy_term_query(schema(), "words", word, 1, transposition_cost_one=True, prefix=False)


def _collect(searcher: Searcher, tier: _Tier, near: Near, limit: int, found: dict[str, None]) -> None:
    """Add what a tier finds. Where it finds more than there is room for, the asker's city and province come first, then the
    best known of it for half of the room, and for the other half what is likelier of it.
    """
    hits = _search(searcher, tier.query, limit)
    if len(hits) >= limit - len(found):
        for here in _places(near):
            local = _every([tier.query, *here])
            found.update(dict.fromkeys(_search(searcher, local, limit)))
        if tier.typo and len(found) < limit:
            found.update(dict.fromkeys(hits[: limit // 2]))
            for part in tier.likelier():
                found.update(dict.fromkeys(_search(searcher, part, limit)))
    found.update(dict.fromkeys(hits))


def _collect_nearest_first(searcher: Searcher, tier: Query, near: Near, limit: int, found: dict[str, None]) -> None:
    """The same, for a tier that finds more than there is room for nearly always."""
    for here in (*_places(near), []):
        if len(found) < limit:
            found.update(dict.fromkeys(_search(searcher, _every([tier, *here]), limit)))


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
