"""The feed of changes to one's linked contacts."""

from typing import Any

from api.routes.blueprint import moment, network_blueprint, permits
from api.schemas.base import Problem
from api.schemas.changes import Changes, ChangesQuery, Cursor
from api.services import services
from api.sign_in import asker
from directory.permissions import Action
from directory.updates.cursors import latest, read_changes

changes = network_blueprint("changes", __name__, "What happened to the companies that one's contacts are linked to.")


@changes.get("/changes")
@changes.arguments(ChangesQuery, location="query")
@changes.response(200, Changes)
@changes.alt_response(
    410,
    schema=Problem,
    content_type="application/problem+json",
    description="`cursor_expired`: take a new cursor and read the contacts again.",
)
@permits(Action.READ_CHANGES)
def get_changes(query: dict[str, Any]) -> dict[str, Any]:
    """Changes to one's linked contacts after a cursor, in the order in which they were committed, none left out."""
    carnet = services()
    page, following = read_changes(
        carnet.records, carnet.tokens, asker(), query.get("after"), query["limit"], carnet.changes_days
    )
    shown = [
        {"id": change.id, "contact": change.contact, "type": change.type, "at": moment(change.at)}
        for change in page.changes
    ]
    return {"changes": shown, "next": following, "more": page.more}


@changes.get("/changes/latest")
@changes.response(200, Cursor)
@permits(Action.READ_CHANGES)
def get_latest() -> dict[str, Any]:
    """A cursor after everything that happened until now: take it, read the contacts, and follow the feed from it."""
    return {"next": latest(services().records, services().tokens, asker())}
