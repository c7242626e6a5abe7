"""Typeahead: the index proposes, the records decide.

Invariant: an answer holds only companies that one statement, executed after the index proposed them, has found visible,
active, in the asker's own region and no accounting firm. Nothing from the index but ids gets any further. Whoever types
with every letter is read by the same statement: see directory.typists.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from directory.companies import why_not_shown
from directory.errors import Unavailable
from directory.matching import Match, Tier, best_match, best_matches, shared_start
from directory.ports import Near, Proposer, Reach
from directory.records import Prepared, Records, one_of
from directory.records.tables import CURRENT_CARD, card_versions, companies
from directory.values import Asker
from mappings.data import load
from mappings.folding import fold
from mappings.places import city_of, province_of
from mappings.reading import Typed, read

MOST_SUGGESTIONS = 8
_QUERY = load("query.json")
_CANDIDATES: int = _QUERY["candidates_per_suggestion"]
# A query.json that somebody tuned for an earlier release has none.
_TYPING_CANDIDATES: int = _QUERY.get("typing_candidates_per_suggestion", 2 * _CANDIDATES)
_FAR_CANDIDATES: int = _QUERY.get("far_candidates_per_suggestion", 3 * _CANDIDATES)

# In autocommit, and by no ORM: a session that has seen a row before answers with what it saw then.
CONFIRMED = (
    companies.c.id,
    companies.c.region,
    companies.c.visible,
    companies.c.status,
    companies.c.kind,
    companies.c.erased,
    companies.c.popularity,
    card_versions.c.name,
    card_versions.c.other_names,
    card_versions.c.city,
    card_versions.c.province,
)
THESE = one_of(companies.c.id, bindparam("ids"))
_CONFIRM = select(*CONFIRMED).join(card_versions, CURRENT_CARD)
_CONFIRM_THESE = Prepared(_CONFIRM.where(THESE))


class Suggestion(NamedTuple):
    """One confirmed company and why it fits. Holds no contact data."""

    company_id: str
    name: str
    city: str
    province: str
    match: Match
    distance: int  # 0 in the asker's city, 1 in its province, 2 elsewhere
    popularity: int
    agreed: int = 0  # letters, where more was typed than is matched

    @property
    def matched_name(self) -> str:
        """The other name that fits, or "" where the company's own name does."""
        return self.match.name if self.match.name != self.name else ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a form is shown, what confirmation took away, by reason, and how many confirmed companies fit in no way: their
    names have changed, or the index took them to fit. `degraded`: the index had no time left for all that it could be asked.
    """

    suggestions: list[Suggestion]
    dropped: Mapping[str, int]
    unfit: int = 0
    degraded: bool = False


def typeahead(records: Records, proposer: Proposer, asker: Asker, text: str, limit: int = MOST_SUGGESTIONS) -> Lookup:
    """The companies of the asker's region that fit `text`, best first, at most `limit`; never the asker's own.

    Raises Unavailable: the index or the records did not answer. An answer is never guessed.
    """
    typed = read(text)
    if typed.blank:
        return Lookup([], {})
    near = nearness(asker)

    def proposed(reach: Reach, spent_s: float) -> list[str]:
        return propose(proposer, asker.region, typed, near, reach=reach, spent_s=spent_s)

    def confirmed(company_ids: Sequence[str]) -> tuple[list[Any], dict[str, int]]:
        return confirm(records, company_ids, asker.region)

    return answer(proposed, confirmed, typed, near, asker.company_id, limit)


def answer(
    proposed: Callable[[Reach, float], list[str]],
    confirmed: Callable[[Sequence[str]], tuple[list[Any], dict[str, int]]],
    typed: Typed,
    near: Near,
    own_id: str,
    limit: int,
    fitting: Callable[[Reach, Sequence[Any]], list[Suggestion]] | None = None,
) -> Lookup:
    """What is shown of what was `proposed` (asked with how far from what was typed, and with the seconds that have passed) and
    then `confirmed`, as by `confirm`. What fitted an earlier question partly is confirmed again with what a further one proposes.
    `fitting`: of the rows for a question, those that fit, best first; as `best_first` unless told.

    As many candidates are asked for and put in order whatever the `limit`: who stands first must not hang on it.
    """
    dropped, unfit, began, earlier = Counter[str](), 0, time.monotonic(), list[str]()

    def ask(reach: Reach) -> list[Suggestion] | None:
        nonlocal unfit, earlier
        ids = proposed(reach, time.monotonic() - began)
        if reach is not Reach.FAR and not ids and asks_further(typed):
            return None  # what there is was confirmed with the question before, or who asks will be with the next one
        rows, lost = confirmed(list(dict.fromkeys([*ids, *earlier])))
        others = [row for row in rows if row.id != own_id]
        found = fitting(reach, others) if fitting else best_first(others, typed, near, MOST_SUGGESTIONS)
        dropped.update(lost)
        # Further from what was typed, most are guesses.
        if reach is Reach.NEAR and len(found) < min(MOST_SUGGESTIONS, len(others)):
            unfit += len(others) - len(found)
        earlier = [one.company_id for one in found[:MOST_SUGGESTIONS]]
        return found[:limit]

    found, whole = until_it_fits(ask, typed)
    return Lookup(found, dropped, unfit, degraded=not whole)


def propose(
    proposer: Proposer,
    region: str,
    typed: Typed,
    near: Near,
    *,
    reach: Reach = Reach.NEAR,
    spent_s: float = 0.0,
) -> list[str]:
    """Enough ids for an answer. `spent_s`: see `directory.ports.Proposer`."""
    return proposer.propose(region, typed, near, candidates(reach), reach=reach, spent_s=spent_s)


def candidates(reach: Reach) -> int:
    """How many ids are asked for: some are not confirmed, or fit worse by their names than the index took them to. Of what
    is proposed by two typos, or because it begins alike, most does not fit at all.
    """
    return MOST_SUGGESTIONS * (_FAR_CANDIDATES if reach is Reach.FAR else _CANDIDATES) + 1


def candidates_to_type_on(typed: Typed) -> int:
    """All of how many are worth to be proposed to somebody who may type on, and is then answered from them
    (`directory.typing_on`). None of a text in which no typo is forgiven yet: after it the index is asked anew.
    """
    return MOST_SUGGESTIONS * _TYPING_CANDIDATES if typed.typo else 0


def until_it_fits(ask: Callable[[Reach], list[Suggestion] | None], typed: Typed) -> tuple[list[Suggestion], bool]:
    """The index is asked once, and again, further from what was typed, only where nothing fits, or only partly; and whether
    it was asked for all that it could be. Where it has no time left for that, what fits partly is better than no answer.
    `ask` answers None where there was nothing to confirm.
    """
    found: list[Suggestion] = []
    for reach in Reach:
        try:
            came = ask(reach)
        except Unavailable as error:
            if found and error.part == "search":
                return found, False
            raise
        found = found if came is None else came
        if any(one.match.tier < Tier.PARTLY for one in found) or not asks_further(typed):
            break
    return found, True


def asks_further(typed: Typed) -> bool:
    """Whether there is more to ask for where nothing fits."""
    return bool(typed.typo or typed.telling)


def best_first(rows: Sequence[Any], typed: Typed, near: Near, limit: int) -> list[Suggestion]:
    """The companies among these rows (or anything with their attributes) that fit, in the order of an answer: the best
    `limit`, and perhaps some more.
    """
    matches = best_matches([(row.name, *row.other_names) for row in rows], typed, limit)
    found = [_suggestion(row, match, near, typed.whole) for row, match in zip(rows, matches, strict=True) if match]
    return sorted(found, key=order)


def confirm(records: Records, company_ids: Sequence[str], region: str) -> tuple[list[Any], dict[str, int]]:
    """The rows of those companies that may be shown in `region` at this moment, and the others counted by reason.

    One statement by primary key on a connection of its own, in autocommit: it sees every commit made before it.
    """
    if not company_ids:
        return [], {}
    return sift(records.ask(_CONFIRM_THESE, ids=list(company_ids)), company_ids, region)


def sift(rows: Sequence[Any], company_ids: Sequence[str], region: str) -> tuple[list[Any], dict[str, int]]:
    """Those of the rows that may be shown in `region`, and the others of these companies counted by reason."""
    shown: list[Any] = []
    dropped: dict[str, int] = {}
    for row in rows:
        reason = why_not_shown(row, region)
        if reason:
            dropped[reason] = dropped.get(reason, 0) + 1
        else:
            shown.append(row)
    if absent := len(set(company_ids)) - len(rows):
        dropped["absent"] = absent
    return shown, dropped


def suggest(row: Any, typed: Typed, near: Near) -> Suggestion | None:
    """A confirmed row as a suggestion; None where none of its names fits."""
    match = best_match((row.name, *row.other_names), typed)
    return _suggestion(row, match, near, typed.whole) if match else None


def _suggestion(row: Any, match: Match, near: Near, whole: str) -> Suggestion:
    agreed = shared_start(match.folded.joined, whole) if whole else 0
    return Suggestion(row.id, row.name, row.city, row.province, match, _distance(row, near), row.popularity, agreed)


def _distance(row: Any, near: Near) -> int:
    """A city is told from its namesakes by its province, where both have one; cards of many countries have none."""
    city, province = city_of(row.city), province_of(row.province)
    if city and city == near.city and (not near.province or not province or province == near.province):
        return 0
    return 1 if province and province == near.province else 2


def order(one: Suggestion) -> tuple[Any, ...]:
    """The smaller stands first; the parts in the order in which they count."""
    return (
        (one.match.tier, one.match.missing, -one.agreed),
        one.distance,
        -one.popularity,
        one.match.order,
        fold(one.match.name).spaced,
        one.city,
        one.company_id,
    )


def nearness(asker: Any) -> Near:
    """Where an asker is, or a company by its row."""
    return Near(city=city_of(asker.city), province=province_of(asker.province))
