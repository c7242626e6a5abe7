"""Bills that arrived from vendors: reading them, and deciding what becomes of them."""

from typing import Any
from uuid import UUID

from flask import Response

from api.routes.blueprint import expected_version, moment, needs_no_body, network_blueprint, permits
from api.routes.headers import ETAG, header
from api.routes.invoices import AS_UBL, XML, ubl, wants_xml
from api.schemas.bills import Bill as BillSchema
from api.schemas.bills import Bills, BillsQuery, Payment, Rejection, Schedule
from api.services import services
from api.sign_in import asker
from directory.bills.dates import check_date
from directory.bills.deciding import decide
from directory.bills.reading import Bill, list_bills, page_key, read_bill
from directory.bills.states import Move, State
from directory.errors import InvalidInput
from directory.permissions import Action
from directory.text import BadText

bills = network_blueprint("bills", __name__, "Invoices of one's vendors, to review and schedule for payment.")
IF_MATCH = {"parameters": [header("If-Match", "The ETag of the bill that was read; where it changed since, 412.")]}
Answer = tuple[dict[str, Any], int, dict[str, str]]


@bills.get("/bills")
@bills.arguments(BillsQuery, location="query")
@bills.response(200, Bills)
@permits(Action.READ_BILLS)
def get_bills(query: dict[str, Any]) -> dict[str, Any]:
    """One page in order of due date, without lines."""
    state = State(query["state"]) if "state" in query else None
    before, after, limit = day_asked(query, "due_before"), query.get("after", ""), query["limit"]
    page = list_bills(services().records, asker(), state=state, due_before=before, after=after, limit=limit + 1)
    shown: dict[str, Any] = {"bills": [summary(row) for row in page[:limit]]}
    return {**shown, "next": page_key(page[limit - 1])} if len(page) > limit else shown


@bills.get("/bills/<uuid:bill_id>")
@bills.response(200, BillSchema, headers=ETAG)
@bills.alt_response(200, **AS_UBL, content_type=XML)
@permits(Action.READ_BILLS)
def get_bill(bill_id: UUID) -> Answer | Response:
    """One bill, with its history and what may be done with it. With `Accept: application/xml`: the invoice as UBL 2.1."""
    bill = read_bill(services().records, asker(), str(bill_id))
    return ubl(bill.document, asker().company_name) if wants_xml() else _said(bill)


@bills.post("/bills/<uuid:bill_id>/approve")
@bills.doc(**IF_MATCH)
@bills.response(200, BillSchema, headers=ETAG)
@needs_no_body
@permits(Action.DECIDE_BILLS)
def approve(bill_id: UUID) -> Answer:
    """It is right, and may be paid. A bill that is held is released first."""
    return _decided(bill_id, Move.APPROVE)


@bills.post("/bills/<uuid:bill_id>/schedule")
@bills.doc(**IF_MATCH)
@bills.arguments(Schedule)
@bills.response(200, BillSchema, headers=ETAG)
@permits(Action.DECIDE_BILLS)
def schedule(sent: dict[str, Any], bill_id: UUID) -> Answer:
    """An approved bill is to be paid on that day."""
    return _decided(bill_id, Move.SCHEDULE, on=sent["on"])


@bills.post("/bills/<uuid:bill_id>/unschedule")
@bills.doc(**IF_MATCH)
@bills.response(200, BillSchema, headers=ETAG)
@needs_no_body
@permits(Action.DECIDE_BILLS)
def unschedule(bill_id: UUID) -> Answer:
    """Approved, and on no day yet."""
    return _decided(bill_id, Move.UNSCHEDULE)


@bills.post("/bills/<uuid:bill_id>/pay")
@bills.doc(**IF_MATCH)
@bills.arguments(Payment, required=False)
@bills.response(200, BillSchema, headers=ETAG)
@needs_no_body
@permits(Action.DECIDE_BILLS)
def pay(sent: dict[str, Any], bill_id: UUID) -> Answer:
    """Note that it was paid, on that day or today. Carnet moves no money."""
    return _decided(bill_id, Move.PAY, on=sent.get("on"))


@bills.post("/bills/<uuid:bill_id>/reject")
@bills.doc(**IF_MATCH)
@bills.arguments(Rejection, required=False)
@bills.response(200, BillSchema, headers=ETAG)
@needs_no_body
@permits(Action.DECIDE_BILLS)
def reject(sent: dict[str, Any], bill_id: UUID) -> Answer:
    """Final. The sender reads that it was rejected, and the reason."""
    return _decided(bill_id, Move.REJECT, reason=sent.get("reason", ""))


@bills.post("/bills/<uuid:bill_id>/release")
@bills.doc(**IF_MATCH)
@bills.response(200, BillSchema, headers=ETAG)
@needs_no_body
@permits(Action.DECIDE_BILLS)
def release(bill_id: UUID) -> Answer:
    """Somebody has looked at why it was held, and it may be approved."""
    return _decided(bill_id, Move.RELEASE)


def _decided(bill_id: UUID, move: Move, **said: Any) -> Answer:
    version = expected_version()
    return _said(decide(services().records, asker(), str(bill_id), move, expected_version=version, **said))


def _said(bill: Bill) -> Answer:
    events = [
        {"move": one.move, "state": one.state, "on": one.on, "note": one.note, "by": one.by, "at": moment(one.at)}
        for one in bill.history
    ]
    body = {**bill.document, **summary(bill.row), "history": events, "moves": list(bill.moves)}
    return body, 200, {"ETag": f'"{bill.row.version}"'}


def summary(row: Any) -> dict[str, Any]:
    return {
        **row._asdict(),
        "vendor": {"contact": row.vendor_contact_id, "name": row.vendor_name},
        "received_at": moment(row.created_at),
    }


def day_asked(query: dict[str, Any], name: str) -> str | None:
    try:
        return check_date(query[name]) if name in query else None
    except BadText as bad:
        raise InvalidInput({name: bad.message}) from None
