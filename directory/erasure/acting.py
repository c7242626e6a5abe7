"""People of an accounting firm that is being erased, in the books of the clients that they acted for.

The clients' audit logs say who acted where, so they are the list of what is to be done: a person is taken out of a
client's contacts, bills and keys first, and then out of its log. What was done there stays.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, or_, select, update

from directory.erasure.links import lock_some
from directory.records.tables import audit, bill_events, bills, contact_edits, contacts, idempotency_keys, members
from directory.records.tables import firm_clients as grants
from directory.values import NOBODY

BATCH = 500
_PEOPLE = 20  # who are looked at in one transaction
_NOT_BY_THE_FIRM = ("firm_granted", "firm_ended")


def unname_who_acted(connection: Connection, firm_id: str) -> Mapping[str, int]:
    """Of some people in the books of some clients, until a batch was written."""
    by_the_firm = (audit.c.firm_id == firm_id) & audit.c.action.not_in(_NOT_BY_THE_FIRM)
    # Spelled so that a client's log is not looked for in all that the firm ever did.
    with_the_firm = (func.coalesce(audit.c.firm_id, "") == firm_id) & audit.c.action.not_in(_NOT_BY_THE_FIRM)
    acted = select(audit.c.company_id, audit.c.actor).where(by_the_firm, audit.c.actor != NOBODY)
    some = connection.execute(acted.order_by(audit.c.seq).limit(BATCH)).all()
    logged = 0
    for client_id, person in list(dict.fromkeys((row.company_id, row.actor) for row in some))[:_PEOPLE]:
        if not _is_there_otherwise(connection, client_id, person):
            done = _unname(connection, client_id, person)
            if done:
                return {**done, **({"audit_reduced": logged} if logged else {})}
        its = with_the_firm & (audit.c.company_id == client_id) & (audit.c.actor == person)
        here = audit.c.seq.in_(select(audit.c.seq).where(its).limit(BATCH))
        logged += connection.execute(update(audit).where(here).values(actor=NOBODY)).rowcount
        if logged >= BATCH:
            break
    return {"audit_reduced": logged} if logged else {}


def _is_there_otherwise(connection: Connection, client_id: str, person: str) -> bool:
    """Whether it is a member of the client itself, or of another firm that may act for it."""
    firms = select(grants.c.firm_id).where(grants.c.client_id == client_id)
    there = or_(members.c.company_id == client_id, members.c.company_id.in_(firms))
    found = select(members.c.subject).where(members.c.subject == person, there).limit(1)
    return connection.execute(found).first() is not None


def _unname(connection: Connection, client_id: str, person: str) -> Mapping[str, int]:
    """A batch of one table; nothing where nothing is left."""
    its_contacts = select(contacts.c.id).where(contacts.c.company_id == client_id)
    its_bills = select(bills.c.id).where(or_(bills.c.sender_id == client_id, bills.c.receiver_id == client_id))
    for table, key, by, its in (
        (contact_edits, contact_edits.c.seq, contact_edits.c.by, contact_edits.c.contact_id.in_(its_contacts)),
        (contacts, contacts.c.id, contacts.c.created_by, contacts.c.company_id == client_id),
        (bill_events, bill_events.c.seq, bill_events.c.by, bill_events.c.bill_id.in_(its_bills)),
        (bills, bills.c.id, bills.c.created_by, bills.c.sender_id == client_id),
    ):
        if some := lock_some(connection, select(key).where(its, by == person), BATCH):
            connection.execute(update(table).where(key.in_(some)).values({str(by.key): NOBODY}))
            return {f"{table.name}_reduced": len(some)}
    theirs = (idempotency_keys.c.company_id == client_id) & (idempotency_keys.c.subject == person)
    keys = connection.execute(delete(idempotency_keys).where(theirs)).rowcount
    return {"idempotency_keys": keys} if keys else {}
