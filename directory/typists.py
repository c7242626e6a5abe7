"""Members who type, a look-up a letter: who asks is read by the statement that confirms the answer, and by none before it.

Where a member is, and so which index is asked, is remembered from its last letter, for a working day. That is a guess, as what
the index proposes is one. The statement that comes last says who asks, too, as the records have it now: somebody who is no
member any more is told so and shown nothing, and where the company has moved the right index is asked. So a role that is
taken away, and a subscription that ends, count at once.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cachetools import TTLCache
from sqlalchemy import and_, bindparam, select

from directory.errors import NotAMember, Unavailable
from directory.lookup import CONFIRMED, THESE, Lookup, answer, nearness, sift
from directory.members import asker_of, identify
from directory.ports import Index, Near, Reach, nothing
from directory.records import Prepared, Records
from directory.records.tables import CURRENT_CARD, card_versions, companies, members
from directory.typing_on import Proposals, TypingOn
from directory.values import Asker
from mappings.reading import Typed, read

_REMEMBERED, _REMEMBERED_S = 100_000, 12 * 3600.0
_MOVES = 3  # of the asker's company during one look-up

_SELF = and_(
    members.c.company_id == companies.c.id,
    members.c.company_id == bindparam("company"),
    members.c.subject == bindparam("subject"),
)
_CONFIRM_FOR = Prepared(
    select(*CONFIRMED, companies.c.plan, members.c.role)
    .join(card_versions, CURRENT_CARD)
    .outerjoin(members, _SELF)
    .where(THESE)
)


@dataclass(frozen=True, slots=True)
class _Place:
    region: str
    near: Near


class Typists:
    """Where the members that this process answers were, when they last looked something up. Safe for threads."""

    def __init__(self) -> None:
        self._places: TTLCache[tuple[str, str], _Place] = TTLCache(_REMEMBERED, _REMEMBERED_S)
        self._typing_on = TypingOn()
        self._lock = threading.Lock()

    def look_up(
        self,
        records: Records,
        index: Index,
        who: tuple[str, str],
        may: Callable[[Asker], None],
        meanwhile: Callable[[], None],
        text: str,
        limit: int,
    ) -> tuple[Asker, Lookup]:
        """As `directory.lookup.typeahead`, for the member (subject, company id) of a company; and who that is.

        `may` raises where such an asker may not look up. `meanwhile` is called while the index or the records work, once
        wherever something is answered: it may raise what refuses the look-up. Raises NotAMember, as `identify` does, and
        Unavailable.
        """
        letter = _Letter(records, index, self._typing_on, who, may, read(text), limit)
        with self._lock:
            place = self._places.get(who)
        if place is None or letter.typed.blank:
            asker = identify(records, *who)
            may(asker)
            place = self._remember(who, asker)
            if letter.typed.blank:
                meanwhile()
                return asker, Lookup([], {})
        try:
            for at_once in (meanwhile, *[nothing] * _MOVES):
                try:
                    return letter.answered(place, at_once)
                except _Moved as moved:  # and perhaps once more, while the index of its new region was asked
                    place = self._remember(who, moved.asker)
        except NotAMember:
            with self._lock:
                self._places.pop(who, None)
            raise
        raise Unavailable("records", "the asker's company moves on and on")

    def _remember(self, who: tuple[str, str], asker: Asker) -> _Place:
        place = _place(asker)
        with self._lock:
            self._places[who] = place
        return place


@dataclass(frozen=True, slots=True)
class _Letter:
    """One look-up; its parts are those of `Typists.look_up`."""

    records: Records
    index: Index
    typing_on: TypingOn
    who: tuple[str, str]
    may: Callable[[Asker], None]
    typed: Typed
    limit: int

    def answered(self, place: _Place, meanwhile: Callable[[], None]) -> tuple[Asker, Lookup]:
        """Asks the index of `place`. Raises _Moved where the asker turns out to be elsewhere."""
        asker: Asker | None = None
        at_once = _Once(meanwhile)
        proposals = Proposals(self.typing_on, self.index, self.who, place.region, self.typed, place.near)

        def proposed(reach: Reach, spent_s: float) -> list[str]:
            return proposals.propose(reach, spent_s, at_once)

        def confirmed(company_ids: Sequence[str]) -> tuple[list[Any], dict[str, int]]:
            nonlocal asker
            asker, others = _confirm_for(self.records, company_ids, self.who, at_once)
            self.may(asker)
            if _place(asker) != place:
                raise _Moved(asker)
            return sift(others, [one for one in company_ids if one != asker.company_id], asker.region)

        found = answer(proposed, confirmed, self.typed, place.near, self.who[1], self.limit, fitting=proposals.fitting)
        if asker is None:  # nothing is answered without having asked
            raise NotAMember
        # What has become of those that were proposed some letters ago says nothing about the index.
        return asker, replace(found, dropped={}, unfit=0) if proposals.kept else found


class _Once:
    """Called by whoever is waited for first; those after it call in vain."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call

    def __call__(self) -> None:
        call, self._call = self._call, nothing
        call()


def _place(asker: Asker) -> _Place:
    return _Place(asker.region, nearness(asker))


class _Moved(Exception):
    """The company is elsewhere than where the index was asked."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker


def _confirm_for(
    records: Records, proposed: Sequence[str], who: tuple[str, str], meanwhile: Callable[[], None]
) -> tuple[Asker, list[Any]]:
    """Who asks, and the rows of the proposed companies beside its own, as they are at this moment."""
    subject, company = who
    rows = records.ask(_CONFIRM_FOR, meanwhile, ids=[company, *proposed], company=company, subject=subject)
    own = next((row for row in rows if row.id == company), None)
    if own is None or own.role is None or own.erased:
        raise NotAMember
    return asker_of(own, subject), [row for row in rows if row is not own]
