"""The accounting product's own routes: who belongs to a company, and which firms may act for it."""

from collections.abc import Sequence
from typing import Any

from api.problems import part_of_answer
from api.routes.blueprint import needs_no_body, service_blueprint
from api.schemas.admin import BatchResults, FirmClient, GrantBatch, Member, MemberBatch, MemberRole
from api.services import services
from api.sign_in import service
from directory.accountants.firms import Grant, change_grants
from directory.errors import CarnetError, InvalidInput
from directory.product.memberships import Membership, change_members, make_membership

admin_members = service_blueprint("admin_members", __name__, "For the accounting product: members and firms' clients.")


@admin_members.put("/admin/companies/<company_id>/members/<path:subject>")
@admin_members.arguments(MemberRole)
@admin_members.response(200, Member)
def put_member(sent: dict[str, Any], company_id: str, subject: str) -> dict[str, Any]:
    """Make somebody a member with exactly this role; it counts at that member's next request."""
    _only(change_members(services().records, service(), [make_membership(company_id, subject, sent["role"])]))
    return {"company": company_id, "subject": subject, "role": sent["role"]}


@admin_members.delete("/admin/companies/<company_id>/members/<path:subject>")
@admin_members.response(204)
def delete_member(company_id: str, subject: str) -> None:
    """Make somebody no member any more. Nothing where there is none."""
    _only(change_members(services().records, service(), [make_membership(company_id, subject, None)]))


@admin_members.post("/admin/members")
@admin_members.arguments(MemberBatch)
@admin_members.response(200, BatchResults)
def post_members(batch: dict[str, Any]) -> dict[str, Any]:
    """Up to 500 members, of any companies, each with its own result; `"role": null` removes."""
    made: list[Membership | CarnetError] = []
    for one in batch["members"]:
        try:
            made.append(make_membership(one["company"], one["subject"], one["role"]))
        except InvalidInput as invalid:
            made.append(invalid)
    good = [one for one in made if isinstance(one, Membership)]
    came = iter(change_members(services().records, service(), good))
    results = [
        {
            "company": sent["company"],
            "subject": sent["subject"],
            **_result(next(came) if isinstance(one, Membership) else one),
        }
        for sent, one in zip(batch["members"], made, strict=True)
    ]
    return {"results": results}


@admin_members.put("/admin/firms/<firm_id>/clients/<client_id>")
@admin_members.response(200, FirmClient)
@needs_no_body
def put_client(firm_id: str, client_id: str) -> dict[str, Any]:
    """Let an accounting firm act for a client."""
    _only(change_grants(services().records, service(), [Grant(firm_id, client_id, granted=True)]))
    return {"firm": firm_id, "client": client_id}


@admin_members.delete("/admin/firms/<firm_id>/clients/<client_id>")
@admin_members.response(204)
def delete_client(firm_id: str, client_id: str) -> None:
    """From the next request on, the firm may not act for the client. Nothing where it never might."""
    _only(change_grants(services().records, service(), [Grant(firm_id, client_id, granted=False)]))


@admin_members.post("/admin/clients")
@admin_members.arguments(GrantBatch)
@admin_members.response(200, BatchResults)
def post_clients(batch: dict[str, Any]) -> dict[str, Any]:
    """Up to 500 clients, of any firms, each with its own result; `"granted": false` ends."""
    wanted = [Grant(one["firm"], one["client"], one["granted"]) for one in batch["clients"]]
    came = change_grants(services().records, service(), wanted)
    return {
        "results": [
            {"firm": one.firm_id, "client": one.client_id, **_result(error)}
            for one, error in zip(wanted, came, strict=True)
        ]
    }


def _only(came: Sequence[CarnetError | None]) -> None:
    for error in came:
        if error is not None:
            raise error


def _result(error: CarnetError | None) -> dict[str, Any]:
    return {"outcome": "done"} if error is None else part_of_answer(error)
