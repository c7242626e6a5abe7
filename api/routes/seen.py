"""How others see one's company: the ledger of who looked at its card, and what finds it."""

from typing import Any

from flask import g, request

from api.cards import shown_to_others
from api.problems import say
from api.routes.blueprint import moment, network_blueprint, permits
from api.schemas.seen import AsOthersQuery, AsOthersSeeIt, Ledger, LedgerQuery
from api.services import services
from api.sign_in import asker
from directory.as_others import Because, Before, Found, Text, Way, see_as_others, texts_of
from directory.companies import read_own_card
from directory.errors import Message
from directory.harvesting.ledger import read_ledger
from directory.lookup import MOST_SUGGESTIONS
from directory.matching import Tier
from directory.permissions import Action

seen = network_blueprint("seen", __name__, "Who looked at one's card, and why others find the company or do not.")

A_MEMBER = Message("a member")
FITS = {
    Tier.EXACT: Message("the whole name"),
    Tier.START: Message("the start of the name"),
    Tier.RUN: Message("words in a row within the name"),
    Tier.WORDS: Message("starts of words of the name"),
    Tier.JOINED: Message("the start of the name without its spaces"),
    Tier.ACRONYM: Message("the first letters of its words"),
    Tier.TYPO: Message("the name with a typing mistake"),
    Tier.TWO_TYPOS: Message("the name with two typing mistakes"),
    Tier.FAR: Message("a word or the first letter of the name with a typing mistake"),
    Tier.PARTLY: Message("some of the words, where nothing fits as it was typed"),
}
WHY = {
    Because.TIER: Message("The text fits its name better: %(fits)s."),
    Because.NEARNESS: Message("It is nearer to whoever looks."),
    Because.POPULARITY: Message("More companies are connected to it."),
    Because.UNTYPED: Message("Less of its name is left to type."),
    Because.NAME: Message("Its name comes first in the alphabet."),
}


@seen.get("/company/reveals")
@seen.arguments(LedgerQuery, location="query")
@seen.response(200, Ledger)
@permits(Action.READ_LEDGER)
def get_reveals(query: dict[str, Any]) -> dict[str, Any]:
    """Who looked at one's card, newest first. A company that one could not find now reads "a member"."""
    carnet = services()
    looks, after = read_ledger(
        carnet.records, carnet.tokens, asker(), after=query.get("after", ""), limit=query["limit"]
    )
    shown = [{"at": moment(look.at), "viewer": look.viewer or say(A_MEMBER)} for look in looks]
    return {"reveals": shown, "next": after} if after else {"reveals": shown}


@seen.get("/company/as-others-see-it")
@seen.arguments(AsOthersQuery, location="query")
@seen.response(200, AsOthersSeeIt)
@permits(Action.SEE_AS_OTHERS)
def get_as_others_see_it(query: dict[str, Any]) -> dict[str, Any]:
    """One's card as others see it, whether they find it, by which texts, and what stands before it. Each text counts as
    a look-up."""
    carnet = services()
    found = see_as_others(
        carnet.records, carnet.proposer, asker(), _texts(), city=query["city"], province=query["province"]
    )
    return {
        "card": shown_to_others(found.card),
        "findable": not found.why_not,
        "why_not": [say(reason) for reason in found.why_not],
        "remarks": [say(remark) for remark in found.remarks],
        "texts": [_found(one) for one in found.texts],
        "unverified": True,
    }


def look_ups() -> int:
    """What this request counts as: a look-up for each of its texts."""
    return max(1, len(_texts()))


def _texts() -> tuple[Text, ...]:
    if "texts" not in g:
        own = request.args.get("q", "")
        g.texts = (
            (Text(own, Way.OWN),)
            if own.strip()
            else texts_of(read_own_card(services().records, asker().company_id).card)
        )
    found: tuple[Text, ...] = g.texts
    return found


def _found(one: Found) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "text": one.text,
        "way": one.way,
        "summary": say(_summary(one)),
        "before": [_before(other) for other in one.before],
    }
    if one.place:
        shown["place"] = one.place
    if one.tier:
        shown["fits"] = one.tier.name.lower()
    return shown


def _summary(one: Found) -> Message:
    if one.tier is None:
        return Message("Does not fit the company’s names.")
    if not one.place:
        if len(one.before) < MOST_SUGGESTIONS:
            return Message("Fits, but the search index does not have it yet: look again in a moment.")
        return Message("Fits, but others stand before it and fill the list.")
    return Message("Found first.") if one.place == 1 else Message("Found in place %(place)s.", place=one.place)


def _before(other: Before) -> dict[str, Any]:
    shown = {
        "name": other.name,
        "city": other.city,
        "province": other.province,
        "fits": other.tier.name.lower(),
    }
    if other.because is None:
        return shown
    why = (
        Message(WHY[other.because], fits=say(FITS[other.tier])) if other.because is Because.TIER else WHY[other.because]
    )
    return {**shown, "because": other.because, "why": say(why)}
