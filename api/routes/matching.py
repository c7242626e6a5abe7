"""An existing list of customers or vendors, matched with the network."""

from typing import Any

from flask import request

from api.lists_at_once import one_of_few
from api.routes.blueprint import idempotency_key, network_blueprint, permits
from api.schemas.contacts import AcceptedMatches, AcceptResults, Matches, NamesToMatch
from api.services import services
from api.sign_in import asker
from directory.contacts import Accepted, Matched, accept_matches, match_names
from directory.permissions import Action
from directory.values import Relation

LARGEST_LIST = 8 * 1024 * 1024  # 10,000 names of 320 characters, most of them of one or two bytes


def _allow_long_lists() -> None:
    if request.endpoint == "matching.post_match":
        request.max_content_length = LARGEST_LIST


matching = network_blueprint(
    "matching", __name__, "An existing list, matched with the network in one go.", _allow_long_lists
)


@matching.post("/contacts/match")
@matching.arguments(NamesToMatch)
@matching.response(200, Matches)
@permits(Action.LOOK_UP)
def post_match(sent: dict[str, Any]) -> dict[str, Any]:
    """For up to 10,000 names, the company that each surely or likely is. Reveals nothing; good for a day."""
    relation = Relation(sent["relation"]) if "relation" in sent else None
    with one_of_few():
        found = match_names(services().records, services().proposer, asker(), sent["names"], relation)
    return {"matches": [_said(match) for match in found], "unverified": True}


@matching.post("/contacts/match/accept")
@matching.creates()
@matching.arguments(AcceptedMatches)
@matching.response(200, AcceptResults)
@permits(Action.WRITE_CONTACTS)
def post_accept(sent: dict[str, Any]) -> dict[str, Any]:
    """Make, or link, a contact for each accepted proposal; each has its own result. It shows its card once it is read."""
    accepted = [
        Accepted(one["suggestion"], Relation(one["relation"]), str(one.get("contact_id", "")))
        for one in sent["accepted"]
    ]
    results = accept_matches(services().records, services().tokens, asker(), accepted, idempotency_key())
    return {
        "results": [{"result": result, **({"id": contact_id} if contact_id else {})} for result, contact_id in results]
    }


def _said(match: Matched) -> dict[str, Any]:
    holder = asker().company_id
    return {
        "name": match.name,
        "verdict": match.verdict,
        "proposals": [
            {
                "suggestion": services().tokens.match(one.company_id, holder),
                "name": one.name,
                "city": one.city,
                "province": one.province,
                **({"contact_id": one.contact_id} if one.contact_id else {}),
            }
            for one in match.proposals
        ],
    }
