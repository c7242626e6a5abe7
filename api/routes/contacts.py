"""The customer and vendor lists."""

from typing import Any
from uuid import UUID

from flask import url_for

from api.routes.blueprint import IDEMPOTENT, idempotency_key, moment, network_blueprint, permits
from api.schemas.contacts import Contact as ContactSchema
from api.schemas.contacts import Contacts, ContactsQuery, NewContact
from api.services import services
from api.sign_in import asker
from directory.contacts import Contact, create_contact, list_contacts, read_contact
from directory.permissions import Action
from directory.values import Relation

contacts = network_blueprint("contacts", __name__, "Customers and vendors, linked to the network or not.")


@contacts.get("/contacts")
@contacts.arguments(ContactsQuery, location="query")
@contacts.response(200, Contacts)
@permits(Action.READ_CONTACTS)
def get_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """One page of one's own list; linked contacts read through to the latest card."""
    relation = Relation(query["relation"]) if "relation" in query else None
    after = str(query.get("after", ""))
    page = list_contacts(services().records, asker(), relation, after=after, limit=query["limit"] + 1)
    shown = [_said(contact) for contact in page[: query["limit"]]]
    return {"contacts": shown, "next": shown[-1]["id"]} if len(page) > len(shown) else {"contacts": shown}


@contacts.post("/contacts")
@contacts.doc(**IDEMPOTENT)
@contacts.arguments(NewContact)
@contacts.response(201, ContactSchema)
@permits(Action.WRITE_CONTACTS)
def post_contact(sent: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a contact; with a `link`, one that follows the company's card, apart from fields that differ from it."""
    relation, link = Relation(sent.pop("relation")), sent.pop("link", None)
    contact = create_contact(services().records, services().tokens, asker(), relation, sent, link, idempotency_key())
    return _said(contact), 201, {"Location": url_for("contacts.get_contact", contact_id=contact.id)}


@contacts.get("/contacts/<uuid:contact_id>")
@contacts.response(200, ContactSchema)
@permits(Action.READ_CONTACTS)
def get_contact(contact_id: UUID) -> dict[str, Any]:
    """One contact, read through to the latest card field by field."""
    return _said(read_contact(services().records, asker(), str(contact_id)))


def _said(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "relation": contact.relation,
        "linked": contact.linked,
        "following": contact.following,
        **contact.fields,
        "overrides": list(contact.own_fields),
        "created_at": moment(contact.created_at),
        "unverified": True,
    }
