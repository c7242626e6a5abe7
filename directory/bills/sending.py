"""Sending an invoice: it is in the receiver's books when this has answered, or nothing has happened at all."""

import uuid
from typing import Any

from sqlalchemy import Connection, Row

from directory.bills import conditions, duplicates
from directory.bills.invoice import Invoice
from directory.bills.states import RECEIVED, State
from directory.idempotency import Key, once
from directory.records import Records
from directory.records.tables import bill_events, bills, now
from directory.values import Asker, Card


def send_invoice(
    records: Records, asker: Asker, customer_contact_id: str, invoice: Invoice, key: Key | None = None
) -> str:
    """Deliver the invoice to the company that the asker's customer is linked to; the id of the bill.

    The conditions are those at the moment of the commit: an opt-out that was answered before is seen, one that comes
    later finds the bill delivered. Raises what `conditions.check` raises, and KeyReused.
    """

    def deliver(connection: Connection) -> dict[str, Any]:
        allowed = conditions.check(connection, asker, customer_contact_id)
        bill_id, at = str(uuid.uuid4()), now()
        found = duplicates.earlier(connection, asker.company_id, allowed.receiver_id, invoice)
        connection.execute(
            bills.insert().values(
                id=bill_id,
                sender_id=asker.company_id,
                receiver_id=allowed.receiver_id,
                customer_contact_id=customer_contact_id,
                vendor_contact_id=allowed.vendor_contact_id,
                number=invoice.number,
                folded_number=duplicates.folded_number(invoice.number),
                issued_on=invoice.issued_on,
                due_on=invoice.due_on,
                open_due_on=invoice.due_on,
                currency=invoice.currency,
                total=f"{invoice.total:f}",
                state=State.FOR_REVIEW,
                held=found[1] if found else None,
                duplicate_of=found[0] if found else None,
                version=1,
                created_by=asker.subject,
                created_at=at,
                changed_at=at,
                **_parties(allowed, invoice),
            )
        )
        event = {"move": RECEIVED, "state": State.FOR_REVIEW, "note": "", "by": asker.subject, "at": at}
        connection.execute(bill_events.insert().values(bill_id=bill_id, **event))
        return {"id": bill_id}

    bill_id: str = once(records, asker, key, deliver)["id"]
    return bill_id


def _parties(allowed: Row[Any], invoice: Invoice) -> dict[str, Any]:
    """Both sides by the name that the other one keeps, and the sender's card: an invoice says who sends it.

    Of the receiver nothing but a name: its contact data is shown after a pick, and not to whoever sends invoices.
    """
    card = Card.of(allowed._mapping)
    return {
        "vendor_name": allowed.vendor_own_fields.get("name") or card.name,
        "customer_name": allowed.own_fields.get("name") or allowed.receiver_name,
        "document": {**invoice.fields(), "seller": card.fields(), "region": allowed.sender_region},
    }
