"""An existing list of names, matched with the network in one go. Nothing is revealed: an answer is names and towns.

The records are asked first, five hundred folded names at a time; then the index, which knows other names and unfinished
ones, for each name that fewer than two companies bear: one that another company bears beside its own is not sure. All
that is proposed is confirmed by the records last.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Row, select

from directory.card import folded_name
from directory.lookup import confirm, nearness
from directory.matching import Match, Tier, best_match
from directory.patience import Patient
from directory.ports import Proposer
from directory.records import Records
from directory.records.tables import companies, contacts
from directory.standing import SHOWN
from directory.values import Asker, Relation
from mappings.reading import Typed, read

MOST_NAMES = 10_000
MOST_PROPOSALS = 3
_BATCH = 500
_PROPOSED = 8  # candidates asked of the index for a name
_MOST = 0.6  # of a name's letters
_AT_ONCE = 4  # requests to the index


class Verdict(StrEnum):
    SURE = "sure"  # exactly one company bears the name, as its own or as another of its names
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`contact_id`: one's own contact that is linked to the company already, where a relation was asked for."""

    company_id: str
    name: str
    city: str
    province: str
    contact_id: str | None


@dataclass(frozen=True, slots=True)
class Matched:
    name: str
    verdict: Verdict
    proposals: list[Proposal]


def match_names(
    records: Records, proposer: Proposer, asker: Asker, names: Sequence[str], relation: Relation | None = None
) -> list[Matched]:
    """For each name, in order, the companies of the asker's region that it may mean; never the asker's own.

    Raises Unavailable: the index or the records did not answer.
    """
    folded = {name: folded_name(name) for name in names}
    bearers = _bearers(records, asker, {text for text in folded.values() if text})
    unsettled = {text: name for name, text in folded.items() if text and len(bearers.get(text, [])) < 2}
    proposed = _proposed(proposer, asker, unsettled)
    ids = {company_id for found in (*bearers.values(), *proposed.values()) for company_id in found}
    shown = _confirmed(records, asker, ids)
    known = _known(records, asker, relation) if relation else {}
    answers = {}
    for name, text in folded.items():
        ids_for = dict.fromkeys((*bearers.get(text, []), *proposed.get(text, [])))
        rows = [shown[company_id] for company_id in ids_for if company_id in shown]
        verdict, fitting = _judge(name, text, rows)
        proposals = [Proposal(row.id, row.name, row.city, row.province, known.get(row.id)) for row in fitting]
        answers[name] = Matched(name, verdict, proposals)
    return [answers[name] for name in names]


def _judge(name: str, text: str, rows: Sequence[Row[Any]]) -> tuple[Verdict, list[Row[Any]]]:
    typed = read(name)
    same: list[tuple[Any, ...]] = []
    near: list[tuple[Any, ...]] = []
    for row in rows:
        names = (row.name, *row.other_names)
        match = best_match(names, typed)
        if text in (folded := [folded_name(one) for one in names]):
            same.append((text != folded[0], match.order if match else (1,), row.id, row))
        elif match and _is_most_of(text, match):
            near.append((match.tier, match.untyped_words, -row.popularity, row.id, row))
    fitting: list[Row[Any]] = [found[-1] for found in sorted(same or near, key=lambda found: found[:-1])]
    if len(same) == 1:
        return Verdict.SURE, fitting
    return (Verdict.LIKELY if fitting else Verdict.NONE), fitting[:MOST_PROPOSALS]


def _is_most_of(text: str, match: Match) -> bool:
    """A list is not letters typed one by one: whoever has a name has most of it. Were starts of names enough, a list of
    all starts would be answered with the region.
    """
    return match.tier <= Tier.TYPO and len(text) >= _MOST * len(match.folded.core_joined)


def _bearers(records: Records, asker: Asker, folded: Iterable[str]) -> dict[str, list[str]]:
    """By folded name, the companies whose own name it is; whether they may be shown is asked last."""
    found: dict[str, list[str]] = {}
    with records.reading() as connection:
        for batch in _batches(sorted(folded)):
            rows = connection.execute(
                select(companies.c.id, companies.c.folded_name)
                .where(companies.c.region == asker.region, companies.c.folded_name.in_(batch), SHOWN)
                .where(companies.c.id != asker.company_id)
            )
            for row in rows:
                found.setdefault(row.folded_name, []).append(row.id)
    return found


def _proposed(proposer: Proposer, asker: Asker, names: Mapping[str, str]) -> dict[str, list[str]]:
    near = nearness(asker)
    patient = Patient(proposer)

    def ask(typed: Typed) -> list[str]:
        return [] if typed.blank else patient.propose(asker.region, typed, near, _PROPOSED)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="match") as threads:
        found = threads.map(ask, map(read, names.values()))
        return {text: [one for one in ids if one != asker.company_id] for text, ids in zip(names, found, strict=True)}


def _confirmed(records: Records, asker: Asker, ids: Iterable[str]) -> dict[str, Row[Any]]:
    return {row.id: row for batch in _batches(sorted(ids)) for row in confirm(records, batch, asker.region)[0]}


def _known(records: Records, asker: Asker, relation: Relation) -> dict[str, str]:
    """One's own contacts of this relation, by the company that they are linked to."""
    linked = select(contacts.c.linked_company_id, contacts.c.id).where(
        contacts.c.company_id == asker.company_id,
        contacts.c.relation == relation,
        contacts.c.linked_company_id.is_not(None),
    )
    with records.reading() as connection:
        return {row.linked_company_id: row.id for row in connection.execute(linked)}


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(values)
    while batch := list(islice(rest, _BATCH)):
        yield batch
