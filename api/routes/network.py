"""Finding a company, and seeing its card after a pick."""

import time
from typing import Any

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
@network.arguments(TypeaheadQuery, location="query")
@network.response(200, Suggestions)
@permits(Action.LOOK_UP)
def get_typeahead(query: dict[str, Any]) -> dict[str, Any]:
    """Companies of the asker's region that fit what was typed, best first, without contact data."""
    started = time.perf_counter()
    found = typeahead(services().records, services().proposer, asker(), query["q"], query["limit"])
    metrics.count_lookup(found, time.perf_counter() - started)
    misses.count(services().misses, asker().region, query["q"], found)
    services().walks.watch(services().records, asker(), query["q"])
    return {"suggestions": [_shown(suggestion) for suggestion in found.suggestions], "unverified": True}


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


def _shown(suggestion: Suggestion) -> dict[str, Any]:
    token = services().tokens.suggestion(suggestion.company_id, asker().company_id)
    shown = {
        "suggestion": token,
        "name": suggestion.name,
        "matched": [list(part) for part in suggestion.match.ranges],
        "city": suggestion.city,
        "province": suggestion.province,
    }
    return {**shown, "matched_name": suggestion.matched_name} if suggestion.matched_name else shown
