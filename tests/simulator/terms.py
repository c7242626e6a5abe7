"""How a document is taken apart into terms, and what a query makes of them: the part of the query language that is asked.

Invariant: a document's score depends on nothing but its terms and the query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rapidfuzz.distance import OSA

Query = Mapping[str, Any]


@dataclass(frozen=True)
class Terms:
    """The document, and by field what of it can be found."""

    source: Mapping[str, Any]
    analysis: "Analysis"

    @cached_property
    def by_field(self) -> Mapping[str, frozenset[Any]]:
        return {name: self.analysis.terms(name, value) for name, value in self.source.items()}

    def of(self, name: str) -> frozenset[Any]:
        return self.by_field.get(name, frozenset())

    def value(self, name: str) -> Any:
        return self.source.get(name)


class Analysis:
    """What the settings and the mapping of an index say about its fields."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        tokenizers = body.get("settings", {}).get("analysis", {}).get("tokenizer", {})
        fields = body.get("mappings", {}).get("properties", {})
        self._grams = {
            name: (tokenizers[said["analyzer"]]["min_gram"], tokenizers[said["analyzer"]]["max_gram"])
            for name, said in fields.items()
            if said.get("analyzer") in tokenizers
        }

    def terms(self, name: str, value: Any) -> frozenset[Any]:
        values = value if isinstance(value, list | tuple) else [value]
        if name not in self._grams:
            return frozenset(values)
        least, most = self._grams[name]
        return frozenset(text[:n] for text in values for n in range(least, min(most, len(text)) + 1))


def score(query: Query, terms: Terms) -> float | None:
    """None where the document does not match."""
    ((kind, said),) = query.items()
    return _KINDS[kind](said, terms)


def _constant_score(said: Any, terms: Terms) -> float | None:
    return None if score(said["filter"], terms) is None else float(said.get("boost", 1.0))


def _dis_max(said: Any, terms: Terms) -> float | None:
    return max((found for query in said["queries"] if (found := score(query, terms)) is not None), default=None)


def _bool(said: Any, terms: Terms) -> float | None:
    musts = [score(query, terms) for query in _several(said.get("must"))]
    filters = [score(query, terms) for query in _several(said.get("filter"))]
    if None in musts or None in filters:
        return None
    shoulds = [found for query in _several(said.get("should")) if (found := score(query, terms)) is not None]
    if not musts and not filters and said.get("should") and not shoulds:
        return None
    return sum(found for found in (*musts, *shoulds) if found is not None)


def _several(queries: Any) -> list[Query]:
    return queries if isinstance(queries, list) else [queries] if queries else []


def _match_all(_said: Any, _terms: Terms) -> float:
    return 1.0


def _term(said: Any, terms: Terms) -> float | None:
    ((name, how),) = said.items()
    value, boost = (how["value"], how.get("boost", 1.0)) if isinstance(how, dict) else (how, 1.0)
    return float(boost) if value in terms.of(name) else None


def _ids(said: Any, terms: Terms) -> float | None:
    return 1.0 if terms.value("id") in said["values"] else None


def _any_term(said: Any, terms: Terms) -> float | None:
    ((name, values),) = said.items()
    return 1.0 if not terms.of(name).isdisjoint(values) else None


def _fuzzy(said: Any, terms: Terms) -> float | None:
    ((name, how),) = said.items()
    value, right = how["value"], how["prefix_length"]
    near = (
        term[:right] == value[:right] and OSA.distance(term, value, score_cutoff=how["fuzziness"]) <= how["fuzziness"]
        for term in terms.of(name)
        if abs(len(term) - len(value)) <= how["fuzziness"]
    )
    return 1.0 if any(near) else None


_KINDS = {
    "bool": _bool,
    "constant_score": _constant_score,
    "dis_max": _dis_max,
    "fuzzy": _fuzzy,
    "ids": _ids,
    "match_all": _match_all,
    "term": _term,
    "terms": _any_term,
}
