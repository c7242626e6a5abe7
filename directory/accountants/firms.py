"""Which accounting firms may act for a company: granted and ended by the company itself, or by the accounting product.

Acting reads the grant at each request (`directory.members`), so that ending it counts at the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select

from directory.companies import absent, lock_companies
from directory.errors import CarnetError, InvalidInput, Message, NotFound
from directory.permissions import Action, require
from directory.records import Records
from directory.records.again import write_again
from directory.records.tables import CURRENT_CARD, audit, card_versions, companies, firm_clients, now
from directory.values import Asker, Kind, Status


@dataclass(frozen=True, slots=True)
class Grant:
    """That a firm may act for a client, or, with `granted` false, that it may not."""

    firm_id: str
    client_id: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Firm:
    id: str
    name: str
    city: str
    province: str
    status: str
    granted_at: int


def change_grants(records: Records, service: str, wanted: Sequence[Grant]) -> list[CarnetError | None]:
    """Make them so, in one transaction; an error a grant where the firm is no firm, or the client no business.

    Ending what there is not is no error.
    """
    return write_again(records, partial(_change, by=service, wanted=wanted))


def grant_firm(records: Records, asker: Asker, firm_id: str) -> Firm:
    """Let a firm of the company's own region act for it. Raises NotAllowed; NotFound: no such firm, whatever it is."""
    require(asker, Action.GRANT_FIRMS)

    def work(connection: Connection) -> None:
        firm = lock_companies(connection, {firm_id, asker.company_id}).get(firm_id)
        if firm is None or firm.erased or firm.status != Status.ACTIVE or firm.region != asker.region:
            raise NotFound
        if firm.kind != Kind.ACCOUNTING_FIRM:
            raise NotFound
        for error in _change(connection, asker.subject, [Grant(firm_id, asker.company_id, granted=True)]):
            if error:  # of the asker's own company: it has left in the meantime
                raise NotFound

    write_again(records, work)
    for firm in list_firms(records, asker, firm_id=firm_id):
        return firm
    raise NotFound  # ended again in the same moment


def end_firm(records: Records, asker: Asker, firm_id: str) -> None:
    """From the next request on, the firm may not act for the company. Nothing where it never might."""
    require(asker, Action.GRANT_FIRMS)
    write_again(records, partial(_change, by=asker.subject, wanted=[Grant(firm_id, asker.company_id, granted=False)]))


def list_firms(
    records: Records, asker: Asker, *, firm_id: str | None = None, after: str = "", limit: int = 100
) -> list[Firm]:
    """The firms that may act for the company, by id from the one after `after`; only `firm_id` where that is given."""
    require(asker, Action.GRANT_FIRMS)
    page = (
        select(
            companies.c.id,
            card_versions.c.name,
            card_versions.c.city,
            card_versions.c.province,
            companies.c.status,
            firm_clients.c.granted_at,
        )
        .join(companies, companies.c.id == firm_clients.c.firm_id)
        .join(card_versions, CURRENT_CARD)
        .where(firm_clients.c.client_id == asker.company_id, ~companies.c.erased, companies.c.id > after)
        .where(companies.c.kind == Kind.ACCOUNTING_FIRM)
        .order_by(companies.c.id)
        .limit(limit)
    )
    if firm_id is not None:
        page = page.where(companies.c.id == firm_id)
    with records.reading() as connection:
        return [Firm(*row) for row in connection.execute(page)]


def _change(connection: Connection, by: str, wanted: Sequence[Grant]) -> list[CarnetError | None]:
    found = lock_companies(connection, {one.firm_id for one in wanted} | {one.client_id for one in wanted})
    errors = [_unfit(found, one) for one in wanted]
    after = {
        (one.firm_id, one.client_id): one.granted
        for one, error in zip(wanted, errors, strict=True)
        if error is None and one.firm_id in found and one.client_id in found
    }
    rows = connection.execute(
        select(firm_clients.c.firm_id, firm_clients.c.client_id).where(
            firm_clients.c.firm_id.in_({firm for firm, _ in after}),
            firm_clients.c.client_id.in_({client for _, client in after}),
        )
    )
    before = {(row.firm_id, row.client_id) for row in rows}
    at, notes = now(), []
    for (firm_id, client_id), granted in after.items():
        if granted == ((firm_id, client_id) in before):
            continue
        if granted:
            connection.execute(
                firm_clients.insert().values(firm_id=firm_id, client_id=client_id, granted_by=by, granted_at=at)
            )
        else:
            here = (firm_clients.c.firm_id == firm_id) & (firm_clients.c.client_id == client_id)
            connection.execute(firm_clients.delete().where(here))
        note = {"actor": by, "action": "firm_granted" if granted else "firm_ended", "firm_id": firm_id, "at": at}
        notes.append({**note, "company_id": client_id, "region": found[client_id].region, "detail": {}})
    if notes:
        connection.execute(insert(audit), notes)
    return errors


def _unfit(found: Mapping[str, Any], wanted: Grant) -> CarnetError | None:
    if not wanted.granted:
        return None
    firm, client = found.get(wanted.firm_id), found.get(wanted.client_id)
    if firm is None or client is None or firm.erased or client.erased:
        return absent(firm) or absent(client)
    if firm.kind != Kind.ACCOUNTING_FIRM:
        return InvalidInput({"firm": Message("Not an accounting firm.")})
    return InvalidInput({"client": Message("Not a business.")}) if client.kind != Kind.BUSINESS else None
