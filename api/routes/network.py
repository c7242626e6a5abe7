"""Finding a company, and seeing its card after a pick."""

import time
from typing import Any

from flask import Response, jsonify

from api import metrics, misses
from api.cards import notice, shown_to_others
from api.routes.blueprint import IDEMPOTENT, idempotency_key, network_blueprint, permits
from api.schemas.network import Pick, Reveal, Suggestions, TypeaheadQuery
from api.services import services
from api.sign_in import asker
from directory.lookup import Suggestion, typeahead
from directory.permissions import Action
from directory.reveals import reveal

network = network_blueprint("network", __name__, "Find a company of one's region while typing, and copy its card.")


@network.get("/typeahead")
@network.arguments(TypeaheadQuery(), location="query")  # one for all: to make it takes longer than to use it
@network.response(200, Suggestions)
@permits(Action.LOOK_UP)
def get_typeahead(query: dict[str, Any]) -> Response:
    """Companies of the asker's region that fit what was typed, best first, without contact data."""
    joined, who = services(), asker()
    started = time.perf_counter()
    found = typeahead(joined.records, joined.proposer, who, query["q"], query["limit"])
    metrics.count_lookup(found, time.perf_counter() - started)
    misses.count(joined.misses, who.region, query["q"], found)
    joined.walks.watch(joined.records, who, query["q"])
    tokens = joined.tokens.suggestions([one.company_id for one in found.suggestions], who.company_id)
    # Every letter asks for this: its schema is what the description says, but would copy each value once more.
    shown = [_shown(suggestion, token) for suggestion, token in zip(found.suggestions, tokens, strict=True)]
    return jsonify({"suggestions": shown, "unverified": True})


@network.post("/reveals")
@network.doc(**IDEMPOTENT)
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
