"""The customer and vendor lists."""

from typing import Any
from uuid import UUID

from flask import url_for

from api.routes.blueprint import expected_version, idempotency_key, network_blueprint, permits
from api.routes.contact_answer import VERSIONED, Said, answer, etag, say_contact
from api.routes.headers import ETAG, LOCATION
from api.schemas.contacts import Contact as ContactSchema
from api.schemas.contacts import ContactEdits, Contacts, ContactsQuery, Duplicates, DuplicatesQuery, NewContact
from api.services import services
from api.sign_in import asker
from directory.contacts import (
    create_contact,
    delete_contact,
    edit_contact,
    find_duplicates,
    list_contacts,
    read_contact,
)
from directory.permissions import Action
from directory.values import Relation

contacts = network_blueprint("contacts", __name__, "Customers and vendors, linked to the network or not.")


@contacts.get("/contacts")
@contacts.arguments(ContactsQuery, location="query")
@contacts.response(200, Contacts)
@permits(Action.READ_CONTACTS)
def get_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """One page of one's own list, by name; linked contacts read through to the latest card."""
    after, q = query.get("after", ""), query.get("q", "")
    page, ended = list_contacts(services().records, asker(), _relation(query), q=q, after=after, limit=query["limit"])
    shown = [say_contact(contact) for contact in page]
    return {"contacts": shown, "next": ended} if ended else {"contacts": shown}


@contacts.post("/contacts")
@contacts.creates()
@contacts.arguments(NewContact)
@contacts.response(201, ContactSchema, headers={**ETAG, **LOCATION})
@permits(Action.WRITE_CONTACTS)
def post_contact(sent: dict[str, Any]) -> Said:
    """Add a contact; with a `link`, one that follows the company's card, apart from fields that differ from it."""
    relation, link = Relation(sent.pop("relation")), sent.pop("link", None)
    contact = create_contact(services().records, services().tokens, asker(), relation, sent, link, idempotency_key())
    location = {"Location": url_for("contacts.get_contact", contact_id=contact.id)}
    return say_contact(contact), 201, {**etag(contact), **location}


@contacts.get("/contacts/duplicates")
@contacts.arguments(DuplicatesQuery, location="query")
@contacts.response(200, Duplicates)
@permits(Action.READ_CONTACTS)
def get_duplicates(query: dict[str, Any]) -> dict[str, Any]:
    """One's own contacts that are likely the same as what is about to be saved, the likeliest first, at most ten."""
    found = find_duplicates(
        services().records, services().tokens, asker(), _relation(query), query["name"], query["email"], query["link"]
    )
    return {
        "duplicates": [
            {
                "id": one.contact_id,
                "relation": one.relation,
                "name": one.name,
                "city": one.city,
                "province": one.province,
                "because": one.because,
            }
            for one in found
        ]
    }


@contacts.get("/contacts/<uuid:contact_id>")
@contacts.response(200, ContactSchema, headers=ETAG)
@permits(Action.READ_CONTACTS)
def get_contact(contact_id: UUID) -> Said:
    """One contact, read through to the latest card field by field. One that was accepted from a list is opened by this."""
    return answer(read_contact(services().records, asker(), str(contact_id)))


@contacts.patch("/contacts/<uuid:contact_id>")
@contacts.doc(**VERSIONED)
@contacts.arguments(ContactEdits)
@contacts.response(200, ContactSchema, headers=ETAG)
@permits(Action.WRITE_CONTACTS)
def patch_contact(fields: dict[str, Any], contact_id: UUID) -> Said:
    """Edit these fields. In a linked contact each stays as it is set; null lets it follow the network again."""
    return answer(edit_contact(services().records, asker(), str(contact_id), fields, expected_version()))


@contacts.delete("/contacts/<uuid:contact_id>")
@contacts.doc(**VERSIONED)
@contacts.response(204)
@permits(Action.WRITE_CONTACTS)
def remove_contact(contact_id: UUID) -> None:
    """Delete a contact, with its history."""
    delete_contact(services().records, asker(), str(contact_id), expected_version())


def _relation(query: dict[str, Any]) -> Relation | None:
    return Relation(query["relation"]) if "relation" in query else None
