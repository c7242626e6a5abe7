"""Finding a company, and seeing its card after a pick."""

import time
from typing import Any

import orjson
from flask import Response

from api import metrics, misses
from api.cards import notice, shown_to_others
from api.limits import count_look_ups, refuse_the_refused
from api.routes.blueprint import (
    asks_by_itself,
    idempotency_key,
    network_blueprint,
    permits,
    require_asker,
)
from api.schemas.network import Pick, Reveal, Suggestions, TypeaheadQuery
from api.services import Services, services
from api.sign_in import asker, asker_if_known, claims
from directory.lookup import Lookup, Suggestion, typeahead
from directory.permissions import Action
from directory.reveals import reveal
from directory.values import Asker

network = network_blueprint("network", __name__, "Find a company of one's region while typing, and copy its card.")


@network.get("/typeahead")
@network.arguments(TypeaheadQuery(), location="query")  # one for all: to make it takes longer than to use it
@network.response(200, Suggestions)
@permits(Action.LOOK_UP)
@asks_by_itself
def get_typeahead(query: dict[str, Any]) -> Response:
    """Companies of the asker's region that fit what was typed, best first, without contact data."""
    joined, text = services(), query["q"]
    started = time.perf_counter()
    refuse_the_refused()
    who, found = _look_up(joined, text, query["limit"])
    metrics.count_lookup(found, time.perf_counter() - started)
    misses.count(joined.misses, who.region, text, found)
    joined.walks.watch(joined.records, who, text)
    tokens = joined.tokens.suggestions([one.company_id for one in found.suggestions], who.company_id)
    # Every letter asks for this: its schema is what the description says, but would copy each value once more.
    shown = [_shown(suggestion, token) for suggestion, token in zip(found.suggestions, tokens, strict=True)]
    degraded = {"degraded": True} if found.degraded else {}
    return Response(orjson.dumps({"suggestions": shown, "unverified": True, **degraded}), mimetype="application/json")


def _look_up(joined: Services, text: str, limit: int) -> tuple[Asker, Lookup]:
    """An accountant in a client's books is known by now; a company's own member is read with the answer."""
    if who := asker_if_known():
        count_look_ups()
        return who, typeahead(joined.records, joined.proposer, who, text, limit)
    said = claims()
    return joined.typists.look_up(
        joined.records, joined.proposer, (said.subject, said.company), require_asker, count_look_ups, text, limit
    )


@network.post("/reveals")
@network.creates()
@network.arguments(Pick)
@network.response(200, Reveal)
@permits(Action.LOOK_UP)
def post_reveal(pick: dict[str, Any]) -> dict[str, Any]:
    """The card of a picked suggestion. Counted, and written to a ledger that the card's owner can read."""
    shown = reveal(services().records, services().tokens, asker(), pick["suggestion"], idempotency_key())
    metrics.REVEALS.inc()
    return {"card": shown_to_others(shown.card), "link": shown.link, "unverified": True, "notice": notice()}


def _shown(suggestion: Suggestion, token: str) -> dict[str, Any]:
    shown = {
        "suggestion": token,
        "name": suggestion.name,
        "matched": [list(part) for part in suggestion.match.ranges],
        "city": suggestion.city,
        "province": suggestion.province,
    }
    return {**shown, "matched_name": suggestion.matched_name} if suggestion.matched_name else shown
