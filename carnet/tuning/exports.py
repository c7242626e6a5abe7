"""Judgement lists in the formats of other tools. Sessions for companies that are not there judge nothing and stay behind."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from carnet.tuning.sessions import Session
from carnet.tuning.styles import Named, reading

_LONGEST_NAME = 50  # what the workbench takes
_NOT_TAKEN = str.maketrans(dict.fromkeys('"\\\\<>#:\n', " "))


Alike = Mapping[str, Sequence[str]]  # id → the ids of all companies that read the same, its own among them
_ALONE: Alike = MappingProxyType({})


def alike(companies: Iterable[Named]) -> Alike:
    by_reading: dict[str, list[str]] = {}
    for company in companies:
        by_reading.setdefault(reading(company.name), []).append(company.id)
    return {company_id: ids for ids in by_reading.values() for company_id in ids}


def to_qrels(sessions: Iterable[Session], alike: Alike = _ALONE) -> Iterator[str]:
    """Lines of TREC qrels: topic, iteration, document, relevance, one space between them and none within; each once.

    A topic is a tag and a text, spaces as underscores.
    """
    lines = {
        f"{session.tag}:{'_'.join(session.text.split())} 0 {'_'.join(target.split())} 1": None
        for session in sessions
        for target in _meant(session, alike)
    }
    yield from lines


def to_search_relevance(sessions: Iterable[Session], name: str, alike: Alike = _ALONE) -> str:
    """The body of `PUT _plugins/_search_relevance/judgments`, with which the Search Relevance Workbench imports a list."""
    rated: dict[str, dict[str, str]] = {}
    for session in sessions:
        for target in _meant(session, alike):
            rated.setdefault(_query(session), {})[target] = "1.0"
    ratings = [
        {"query": text, "ratings": [{"docId": target, "rating": rating} for target, rating in found.items()]}
        for text, found in rated.items()
    ]
    return _json(name, type="IMPORT_JUDGMENT", judgmentRatings=ratings)


def _meant(session: Session, alike: Alike) -> Sequence[str]:
    """Nobody can tell by typing which of those that read the same is meant: each is right."""
    return alike.get(session.target, [session.target]) if session.target else []


def to_query_set(sessions: Iterable[Session], name: str) -> str:
    """The body of `PUT _plugins/_search_relevance/query_sets`: the texts that those judgements are about."""
    texts = dict.fromkeys(_query(session) for session in sessions if session.target)
    return _json(name, sampling="manual", querySetQueries=[{"queryText": text} for text in texts])


def _json(name: str, **body: Any) -> str:
    named = {"name": name[:_LONGEST_NAME], "description": "A judgement list of carnet tune"}
    return json.dumps({**named, **body}, ensure_ascii=False)


def _query(session: Session) -> str:
    """The workbench refuses some characters. All of them are read as spaces here, so what is found stays the same."""
    return " ".join(session.text.translate(_NOT_TAKEN).split())
