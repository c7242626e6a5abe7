"""All that is held on one company, for whoever has a right to it, read a page at a time however much it is.

What is left out says nothing about anybody: secrets of webhooks, the digests and answers kept under idempotency keys, and
the journal, which holds ids and versions only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select, tuple_

from directory.errors import NotFound
from directory.records import Records
from directory.records.tables import (
    audit,
    bill_events,
    bills,
    card_versions,
    changes,
    companies,
    contact_edits,
    contacts,
    firm_clients,
    former_regions,
    idempotency_keys,
    members,
    reveals,
    signals,
    webhooks,
)
from directory.values import is_company_id

_PAGE = 500
_LEFT_OUT = {webhooks.c.secret, idempotency_keys.c.request, idempotency_keys.c.answer}


@dataclass(frozen=True, slots=True)
class _Part:
    """`about`: the columns that name the company; `through`: where rows belong to rows of another table that do."""

    what: str
    table: Table
    about: tuple[Column[Any], ...]
    through: ColumnElement[bool] | None = None


_PARTS = (
    _Part("company", companies, (companies.c.id,)),
    _Part("card_version", card_versions, (card_versions.c.company_id,)),
    _Part("former_region", former_regions, (former_regions.c.company_id,)),
    _Part("member", members, (members.c.company_id,)),
    _Part("firm_client", firm_clients, (firm_clients.c.firm_id, firm_clients.c.client_id)),
    _Part("contact", contacts, (contacts.c.company_id,)),
    _Part("contact_edit", contact_edits, (contacts.c.company_id,), contacts.c.id == contact_edits.c.contact_id),
    _Part("change", changes, (changes.c.company_id,)),
    _Part("reveal", reveals, (reveals.c.company_id, reveals.c.viewer_company_id, reveals.c.firm_id)),
    _Part("bill", bills, (bills.c.sender_id, bills.c.receiver_id)),
    _Part("bill_event", bill_events, (bills.c.sender_id, bills.c.receiver_id), bills.c.id == bill_events.c.bill_id),
    _Part("webhook", webhooks, (webhooks.c.company_id,)),
    _Part("idempotency_key", idempotency_keys, (idempotency_keys.c.company_id,)),
    _Part("signal", signals, (signals.c.company_id,)),
    _Part("audit", audit, (audit.c.company_id, audit.c.firm_id)),
)


def export(records: Records, company_id: str) -> Iterator[dict[str, Any]]:
    """`{"what", …}` for each row, then `{"what": "end", "rows"}`, without which it is not whole.

    Raises NotFound at once, before anything is read. An erased company has an export too: it shows what is left.
    """
    if not is_company_id(company_id):
        raise NotFound
    with records.reading() as connection:
        if connection.execute(select(companies.c.id).where(companies.c.id == company_id)).first() is None:
            raise NotFound
    return _export(records, company_id)


def _export(records: Records, company_id: str) -> Iterator[dict[str, Any]]:
    rows = 0
    for part in _PARTS:
        for row in _rows(records, part, company_id):
            rows += 1
            yield {"what": part.what, **row}
    yield {"what": "end", "rows": rows}


def _rows(records: Records, part: _Part, company_id: str) -> Iterator[dict[str, Any]]:
    keys = list(part.table.primary_key.columns)
    page = select(*(column for column in part.table.columns if column not in _LEFT_OUT)).order_by(*keys).limit(_PAGE)
    if part.through is not None:
        page = page.join(part.about[0].table, part.through)
    page = page.where(or_(*(column == company_id for column in part.about)))
    after: tuple[Any, ...] | None = None
    while True:
        begun = page if after is None else page.where(tuple_(*keys) > after)
        with records.reading() as connection:
            found = connection.execute(begun).all()
        yield from (dict(row._mapping) for row in found)
        if len(found) < _PAGE:
            return
        after = tuple(found[-1]._mapping[key.name] for key in keys)
