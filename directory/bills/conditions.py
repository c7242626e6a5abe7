"""Whether an invoice may go from one company to another, read under lock in one statement and decided afterwards.

Invariant: what concerns the sender is said, each with its own error. Whatever concerns the receiver, hidden, elsewhere, a
firm, on the Starter plan, ended, gone, or without the sender among its vendors, is the same NotDeliverable after the same
work.
"""

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from directory import standing
from directory.companies import CARD_COLUMNS
from directory.errors import AutomationOff, InvalidInput, Message, NotAMember, NotDeliverable
from directory.records.tables import CURRENT_CARD, card_versions, companies, contacts
from directory.values import Asker, Kind, Plan, Relation, Status, is_company_id

_receivers = companies.alias("receivers")
_receiver_cards = card_versions.alias("receiver_cards")
_vendors = contacts.alias("vendors")  # of the receiver: the sender, in its list
_STANDING = ("region", "kind", "status", "visible", "erased", "plan")

_EVERYTHING: Select[Any] = (
    select(
        contacts.c.own_fields,
        *CARD_COLUMNS,
        *(companies.c[name].label(f"sender_{name}") for name in _STANDING),
        _receivers.c.id.label("receiver_id"),
        *(_receivers.c[name].label(f"receiver_{name}") for name in _STANDING),
        _receiver_cards.c.name.label("receiver_name"),
        _vendors.c.id.label("vendor_contact_id"),
        _vendors.c.own_fields.label("vendor_own_fields"),
    )
    .select_from(contacts)
    .join(companies, companies.c.id == contacts.c.company_id)
    .join(card_versions, CURRENT_CARD)
    .outerjoin(_receivers, _receivers.c.id == contacts.c.linked_company_id)
    .outerjoin(
        _receiver_cards,
        (_receiver_cards.c.company_id == _receivers.c.id)
        & (_receiver_cards.c.version == _receivers.c.published_version),
    )
    .outerjoin(
        _vendors,
        (_vendors.c.company_id == _receivers.c.id)
        & (_vendors.c.linked_company_id == companies.c.id)
        & (_vendors.c.relation == Relation.VENDOR),
    )
    .order_by(_vendors.c.created_at, _vendors.c.id)
    .limit(1)
)


def check(connection: Connection, asker: Asker, customer_contact_id: str) -> Row[Any]:
    """What is needed to write the bill, with both companies locked until the transaction ends.

    Raises NotAMember, AutomationOff, InvalidInput (no linked customer of the asker), NotDeliverable.
    """
    contact_id = customer_contact_id if is_company_id(customer_contact_id) else ""  # no text for a database
    the_contact = (contacts.c.id == contact_id) & (contacts.c.company_id == asker.company_id)
    linked = connection.execute(select(contacts.c.linked_company_id).where(the_contact)).scalar_one_or_none()
    ids = [asker.company_id, linked or asker.company_id]
    # In order of id, as everybody does. Only what changes a company waits for it, not who saves a contact of it.
    connection.execute(
        select(companies.c.id).where(companies.c.id.in_(ids)).order_by(companies.c.id).with_for_update(key_share=True)
    )
    customer = (contacts.c.relation == Relation.CUSTOMER) & contacts.c.linked_company_id.is_not(None)
    row = connection.execute(
        _EVERYTHING.where(the_contact, customer, contacts.c.linked_company_id == linked)
    ).one_or_none()
    own = _standing(row, "sender") if row else _own(connection, asker)
    if own["erased"] or own["status"] != Status.ACTIVE or own["kind"] != Kind.BUSINESS:
        raise NotAMember
    if not own["visible"]:
        raise AutomationOff
    if row is None:
        raise InvalidInput(
            {"customer": Message("Must be the id of a customer of yours that is linked to the network.")}
        )
    if not _takes(row):
        raise NotDeliverable
    return row


def _takes(row: Row[Any]) -> bool:
    receiver = _standing(row, "receiver")
    return (
        standing.is_shown(receiver)
        and receiver["region"] == row.sender_region
        and receiver["plan"] != Plan.STARTER
        and row.vendor_contact_id is not None
    )


def _standing(row: Row[Any], side: str) -> dict[str, Any]:
    return {name: row._mapping[f"{side}_{name}"] for name in _STANDING}


def _own(connection: Connection, asker: Asker) -> dict[str, Any]:
    columns = [companies.c[name] for name in _STANDING]
    return connection.execute(select(*columns).where(companies.c.id == asker.company_id)).one()._asdict()
