"""Sending invoices to linked customers, and what became of them."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from api.routes.blueprint import (
    idempotency_key,
    moment,
    network_blueprint,
    parse_json,
    permits,
    sent_as_xml,
    takes_xml,
)
from api.routes.headers import LOCATION
from api.schemas.invoices import Invoice as InvoiceSchema
from api.schemas.invoices import InvoiceQuery, Invoices, InvoicesQuery, NewInvoice
from api.services import services
from api.sign_in import asker
from directory.bills import sent
from directory.bills.invoice import Invoice
from directory.bills.rules import make_invoice
from directory.bills.sending import send_invoice
from directory.bills.sent import SentInvoice, list_invoices, read_invoice
from directory.bills.states import State
from directory.bills.ubl_reading import read_ubl
from directory.bills.ubl_writing import write_ubl
from directory.permissions import Action

XML = "application/xml"
AS_UBL = {"schema": {"type": "string", "description": "UBL 2.1"}}
_SENT = {"application/json": {"schema": NewInvoice}, XML: AS_UBL}

invoices = network_blueprint("invoices", __name__, "Send invoices to customers who take them as bills.")


@invoices.post("/invoices")
@invoices.creates(requestBody={"required": True, "content": _SENT})
@invoices.arguments(InvoiceQuery, location="query")
@invoices.response(201, InvoiceSchema, headers=LOCATION)
@takes_xml
@permits(Action.SEND_INVOICES)
def post_invoice(query: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Deliver an invoice to a linked customer, who has its sender among its vendors. JSON, or UBL 2.1 as XML."""
    if sent_as_xml():
        customer, fields = query.get("customer", ""), read_ubl(request.get_data())
    else:
        fields = parse_json(NewInvoice)
        customer = fields.pop("customer")
    customer = customer.lower()  # an id reads alike in capitals, as it does in an address
    invoice_id = send_invoice(services().records, asker(), customer, make_invoice(fields), idempotency_key())
    shown = _said(read_invoice(services().records, asker(), invoice_id))
    return shown, 201, {"Location": url_for("invoices.get_invoice", invoice_id=invoice_id)}


@invoices.get("/invoices")
@invoices.arguments(InvoicesQuery, location="query")
@invoices.response(200, Invoices)
@permits(Action.SEND_INVOICES)
def get_invoices(query: dict[str, Any]) -> dict[str, Any]:
    """One page of what was sent, the newest first, without lines."""
    state = State(query["state"]) if "state" in query else None
    limit, after = query["limit"], query.get("after", "")
    page = list_invoices(services().records, asker(), state=state, after=after, limit=limit + 1)
    shown: dict[str, Any] = {"invoices": [_summary(row) for row in page[:limit]]}
    return {**shown, "next": sent.page_key(page[limit - 1])} if len(page) > limit else shown


@invoices.get("/invoices/<uuid:invoice_id>")
@invoices.response(200, InvoiceSchema)
@invoices.alt_response(200, **AS_UBL, content_type=XML)
@permits(Action.SEND_INVOICES)
def get_invoice(invoice_id: UUID) -> dict[str, Any] | Response:
    """What was sent, and what became of it. With `Accept: application/xml`: the invoice as UBL 2.1."""
    found = read_invoice(services().records, asker(), str(invoice_id))
    return ubl(found.document, found.row.customer_name) if wants_xml() else _said(found)


def wants_xml() -> bool:
    return request.accept_mimetypes.best_match(["application/json", XML, "text/xml"]) in (XML, "text/xml")


def ubl(document: Any, buyer_name: str) -> Response:
    written = write_ubl(Invoice.of(document), document["seller"], buyer_name, document["region"])
    return Response(written, mimetype=XML, headers={"Vary": "Accept"})


def _said(found: SentInvoice) -> dict[str, Any]:
    became = [{"state": state, "at": moment(at)} for state, at in found.became]
    shown = {**found.document, **_summary(found.row), "became": became}
    return {**shown, "reason": found.reason} if found.reason else shown


def _summary(row: Any) -> dict[str, Any]:
    return {
        **row._asdict(),
        "customer": {"contact": row.customer_contact_id, "name": row.customer_name},
        "sent_at": moment(row.created_at),
        "changed_at": moment(row.changed_at),
    }
