"""What a contact said before, and whom it follows: history, revert, link, unlink."""

from typing import Any
from uuid import UUID

from api.routes.blueprint import expected_version, moment, needs_no_body, network_blueprint, permits
from api.routes.contact_answer import VERSIONED, Said, answer
from api.routes.headers import ETAG
from api.schemas.contacts import Contact as ContactSchema
from api.schemas.contacts import History, HistoryQuery, Link, Revert
from api.services import services
from api.sign_in import asker
from directory.contacts import Entry, link_contact, read_history, revert_contact, unlink_contact
from directory.permissions import Action

contact_past = network_blueprint("contact_past", __name__, "What a contact said before, and whom it follows.")


@contact_past.get("/contacts/<uuid:contact_id>/history")
@contact_past.arguments(HistoryQuery, location="query")
@contact_past.response(200, History)
@permits(Action.READ_CONTACTS)
def get_history(query: dict[str, Any], contact_id: UUID) -> dict[str, Any]:
    """What each field said, newest first: when it changed, and whether a member or the network changed it."""
    page, ended = read_history(
        services().records,
        services().tokens,
        asker(),
        str(contact_id),
        query.get("field"),
        after=query.get("after", ""),
        limit=query["limit"],
    )
    return {"history": [_entry(entry) for entry in page], **({"next": ended} if ended else {})}


@contact_past.post("/contacts/<uuid:contact_id>/revert")
@contact_past.doc(**VERSIONED)
@contact_past.arguments(Revert)
@contact_past.response(200, ContactSchema, headers=ETAG)
@permits(Action.WRITE_CONTACTS)
def post_revert(wanted: dict[str, Any], contact_id: UUID) -> Said:
    """Take back what a field said before, by the id of an entry of its history; `network` lets it follow the card."""
    return answer(
        revert_contact(services().records, asker(), str(contact_id), wanted["field"], wanted["to"], expected_version())
    )


@contact_past.post("/contacts/<uuid:contact_id>/unlink")
@contact_past.doc(**VERSIONED)
@contact_past.response(200, ContactSchema, headers=ETAG)
@needs_no_body
@permits(Action.WRITE_CONTACTS)
def post_unlink(contact_id: UUID) -> Said:
    """Follow the company no more; what is shown at this moment stays, as the contact's own."""
    return answer(unlink_contact(services().records, asker(), str(contact_id), expected_version()))


@contact_past.post("/contacts/<uuid:contact_id>/link")
@contact_past.doc(**VERSIONED)
@contact_past.arguments(Link)
@contact_past.response(200, ContactSchema, headers=ETAG)
@permits(Action.WRITE_CONTACTS)
def post_link(sent: dict[str, Any], contact_id: UUID) -> Said:
    """Let a contact follow the company of a `link`; its own values that say something else stay its own."""
    return answer(
        link_contact(services().records, services().tokens, asker(), str(contact_id), sent["link"], expected_version())
    )


def _entry(entry: Entry) -> dict[str, Any]:
    said = {
        "id": entry.id,
        "field": entry.field,
        "value": entry.value,
        "at": moment(entry.at),
        "origin": entry.origin,
    }
    return {**said, "by": entry.by} if entry.by is not None else said
