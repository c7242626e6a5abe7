"""One's own company: which accounting firms may act for it, and what was done in its books."""

from typing import Any

from api.routes.blueprint import moment, needs_no_body, network_blueprint, permits
from api.schemas.clients import Audit, AuditQuery, Firms, FirmsQuery
from api.schemas.clients import Firm as FirmSchema
from api.services import services
from api.sign_in import asker
from directory.accountants.firms import Firm, end_firm, grant_firm, list_firms
from directory.auditing import Entry, read_audit
from directory.cursor import company_id, from_cursor, to_cursor
from directory.permissions import Action

firms = network_blueprint(
    "firms", __name__, "Which accounting firms act for the company, and what was done in its books."
)


@firms.get("/company/firms")
@firms.arguments(FirmsQuery, location="query")
@firms.response(200, Firms)
@permits(Action.GRANT_FIRMS)
def get_firms(query: dict[str, Any]) -> dict[str, Any]:
    """The firms that may act for one's company."""
    after = from_cursor(query["after"], company_id) if "after" in query else ""
    page = list_firms(services().records, asker(), after=after, limit=query["limit"] + 1)
    shown = [_said(firm) for firm in page[: query["limit"]]]
    return {"firms": shown, "next": to_cursor(shown[-1]["id"])} if len(page) > len(shown) else {"firms": shown}


@firms.put("/company/firms/<firm_id>")
@firms.response(200, FirmSchema)
@permits(Action.GRANT_FIRMS)
@needs_no_body
def put_firm(firm_id: str) -> dict[str, Any]:
    """Let an accounting firm, whose id one knows, act for one's company."""
    return _said(grant_firm(services().records, asker(), firm_id))


@firms.delete("/company/firms/<firm_id>")
@firms.response(204)
@permits(Action.GRANT_FIRMS)
def delete_firm(firm_id: str) -> None:
    """From the next request on, the firm may not act for one's company. Nothing where it never might."""
    end_firm(services().records, asker(), firm_id)


@firms.get("/company/audit")
@firms.arguments(AuditQuery, location="query")
@firms.response(200, Audit)
@permits(Action.READ_AUDIT)
def get_audit(query: dict[str, Any]) -> dict[str, Any]:
    """What was done in one's books and by whom, the newest first."""
    carnet = services()
    page, after = read_audit(carnet.records, carnet.tokens, asker(), after=query.get("after", ""), limit=query["limit"])
    shown = {"entries": [_entry(entry) for entry in page]}
    return {**shown, "next": after} if after else shown


def _said(firm: Firm) -> dict[str, Any]:
    said = {name: getattr(firm, name) for name in ("id", "name", "city", "province", "status")}
    return {**said, "granted_at": moment(firm.granted_at)}


def _entry(entry: Entry) -> dict[str, Any]:
    firm = {"firm": {"id": entry.firm_id, "name": entry.firm_name}} if entry.firm_id else {}
    return {"at": moment(entry.at), "actor": entry.actor, "action": entry.action, **firm, "detail": dict(entry.detail)}
