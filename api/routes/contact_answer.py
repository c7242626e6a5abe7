"""How a contact is answered, whatever was asked of it."""

from typing import Any

from api.cards import notice
from api.routes.blueprint import moment
from api.routes.headers import header
from directory.contacts import Contact

VERSIONED = {"parameters": [header("If-Match", "The ETag of the contact that was read; without it, any.")]}
Said = tuple[dict[str, Any], int, dict[str, str]]


def answer(contact: Contact) -> Said:
    return say_contact(contact), 200, etag(contact)


def etag(contact: Contact) -> dict[str, str]:
    return {"ETag": f'"{contact.version}"'}


def say_contact(contact: Contact) -> dict[str, Any]:
    offers = {
        field: {"value": offer.value, "at": moment(offer.at), "newer": offer.newer}
        for field, offer in contact.offers.items()
    }
    said = {
        "id": contact.id,
        "relation": contact.relation,
        "linked": contact.linked,
        "following": contact.following,
        "opened": contact.opened,
        **contact.fields,
        "overrides": list(contact.own_fields),
        "offers": offers,
        "created_at": moment(contact.created_at),
        "unverified": True,
    }
    if contact.linked:
        said["notice"] = notice()
    return said
