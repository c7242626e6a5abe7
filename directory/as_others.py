""" "Why can't people find us?": a company's card and its place in look-ups, as an outsider of its region sees them.

The texts are looked up for real, by an asker that is nobody's: what stands here is what a form would show at this
moment. Nothing of another company is told but what a look-up tells: names and cities.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select

from directory.companies import read_own_card
from directory.errors import Message
from directory.lookup import MOST_SUGGESTIONS, Suggestion, confirm, nearness, order, suggest, typeahead
from directory.matching import Tier
from directory.patience import Patient
from directory.permissions import Action, require
from directory.ports import Proposer
from directory.records import Records
from directory.records.tables import companies, outbox
from directory.values import Asker, Card, Role
from mappings.folding import fold
from mappings.reading import read

PREFIXES = range(3, 9)


class Way(StrEnum):
    """How a text comes from the card."""

    NAME = "name"
    FOLDED = "folded"  # as the index has it: no accents, no capitals, no punctuation
    FIRST_WORD = "first_word"
    OTHER_NAME = "other_name"
    PREFIX = "prefix"
    OWN = "own"  # typed by the asker


class Because(StrEnum):
    """Why another company stands before: the first of these that differs."""

    TIER = "tier"
    NEARNESS = "nearness"
    POPULARITY = "popularity"
    UNTYPED = "untyped_words"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    way: Way


@dataclass(frozen=True, slots=True)
class Before:
    name: str
    city: str
    province: str
    tier: Tier
    because: Because | None  # none where this company does not fit the text at all


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds. `place` counts from 1, 0 where this company is not shown; `tier`: how it fits, None if not at all."""

    text: str
    way: Way
    place: int
    tier: Tier | None
    before: tuple[Before, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    card: Card
    why_not: tuple[Message, ...]  # empty: others find it
    remarks: tuple[Message, ...]
    texts: tuple[Found, ...]


def texts_of(card: Card) -> tuple[Text, ...]:
    """What people may type to find a company, each text once."""
    folded = fold(card.name)
    letters = folded.joined
    made = [
        Text(card.name, Way.NAME),
        Text(folded.spaced, Way.FOLDED),
        *(Text(word, Way.FIRST_WORD) for word in folded.words[:1]),
        *(Text(name, Way.OTHER_NAME) for name in card.other_names),
        *(Text(letters[:length], Way.PREFIX) for length in PREFIXES if length <= len(letters)),
    ]
    return tuple({one.text: one for one in reversed(made)}.values())[::-1]


def see_as_others(
    records: Records, proposer: Proposer, asker: Asker, texts: Iterable[Text], *, city: str = "", province: str = ""
) -> Seen:
    """One look-up for each of the texts, as somebody in that city and province; without them, as somebody elsewhere.

    A company that nobody finds has nothing looked up. Raises Unavailable where a look-up has no answer.
    """
    require(asker, Action.SEE_AS_OTHERS)
    card = read_own_card(records, asker.company_id).card
    why_not, remarks = _standing(records, asker)
    outsider = replace(
        asker, subject="", role=Role.STANDARD_USER, company_id="", company_name="", city=city, province=province
    )
    patient = Patient(proposer)
    found = () if why_not else tuple(_find(records, patient, asker.company_id, outsider, text) for text in texts)
    return Seen(card, why_not, remarks, found)


def _standing(records: Records, asker: Asker) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    with records.reading() as connection:
        since = connection.execute(
            select(companies.c.visible_since).where(companies.c.id == asker.company_id, ~companies.c.visible)
        ).scalar_one_or_none()
        waiting = connection.execute(
            select(outbox.c.seq).where(outbox.c.company_id == asker.company_id).limit(1)
        ).first()
    why_not = []
    if since is not None:
        at = datetime.fromtimestamp(since / 1000, UTC)
        why_not.append(Message("Visibility is off since %(since)s: nobody finds the company.", since=at))
    remarks = [Message("Only members of your own region find the company."), Message("The plan makes no difference.")]
    if waiting and not why_not:
        remarks.append(Message("A change is on its way to the search index: look again in a moment."))
    return tuple(why_not), tuple(remarks)


def _find(records: Records, proposer: Proposer, company_id: str, outsider: Asker, text: Text) -> Found:
    shown = typeahead(records, proposer, outsider, text.text, MOST_SUGGESTIONS).suggestions
    ids = [one.company_id for one in shown]
    if company_id in ids:
        ours: Suggestion | None = shown[ids.index(company_id)]
        place = ids.index(company_id) + 1
    else:
        rows, _ = confirm(records, [company_id], outsider.region)
        ours = suggest(rows[0], read(text.text), nearness(outsider)) if rows else None
        place = 0
    before = tuple(_before(one, ours) for one in (shown[: place - 1] if place else shown))
    return Found(text.text, text.way, place, ours.match.tier if ours else None, before)


def _before(other: Suggestion, ours: Suggestion | None) -> Before:
    because = None
    if ours:
        differs = (theirs != own for theirs, own in zip(order(other), order(ours), strict=True))
        because = next((why for why, differ in zip(Because, differs, strict=False) if differ), Because.NAME)
    return Before(other.name, other.city, other.province, other.match.tier, because)
