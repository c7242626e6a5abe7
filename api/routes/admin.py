"""The accounting product's own routes: companies. Its service token, with the scope `admin`, is the only way in."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response

from api.problems import part_of_answer
from api.routes.blueprint import moment, service_blueprint
from api.schemas.admin import BatchResults, Certificate, Company, CompanyBatch, CompanyFields, Written
from api.services import services
from api.sign_in import service
from directory.erasure.erase import erase
from directory.errors import CarnetError, InvalidInput, Message
from directory.product.enrolment import Enrolled, enrol, read_company
from directory.product.export import export

admin = service_blueprint("admin", __name__, "For the accounting product: which companies there are.")


@admin.put("/admin/companies/<company_id>")
@admin.arguments(CompanyFields)
@admin.response(200, Written)
def put_company(fields: dict[str, Any], company_id: str) -> dict[str, Any]:
    """Add a company, or bring it up to what the product says now; a field left out is empty, as in an import."""
    if fields.get("id", company_id) != company_id:
        raise InvalidInput({"id": Message("Not the id in the address.")})
    enrolled = _enrol([{**fields, "id": company_id}])
    (outcome,) = enrolled.outcomes
    if isinstance(outcome, CarnetError):
        raise outcome
    return {"id": company_id.strip(), "outcome": outcome, "index_confirmed": enrolled.index_confirmed}


@admin.post("/admin/companies")
@admin.arguments(CompanyBatch)
@admin.response(200, BatchResults)
def post_companies(batch: dict[str, Any]) -> dict[str, Any]:
    """The same for up to 500 at once, each with its own result; a bad one never stops the rest."""
    items = batch["companies"]
    enrolled = _enrol(items)
    results = []
    for item, outcome in zip(items, enrolled.outcomes, strict=True):
        said = item.get("id") if isinstance(item, dict) else None
        named = {"id": said.strip()} if isinstance(said, str) else {}  # as it is kept
        results.append(
            {**named, **(part_of_answer(outcome) if isinstance(outcome, CarnetError) else {"outcome": outcome})}
        )
    return {"results": results, "index_confirmed": enrolled.index_confirmed}


@admin.get("/admin/companies/<company_id>")
@admin.response(200, Company)
def get_company(company_id: str) -> dict[str, Any]:
    """A company as the records hold it now, with its card."""
    found = read_company(services().records, company_id)
    return {
        **found.card.fields(),
        **{name: getattr(found, name) for name in ("id", "region", "kind", "plan", "status", "visible")},
        "card_version": found.card_version,
        "index_version": found.index_version,
        "created_at": moment(found.created_at),
        "changed_at": moment(found.changed_at),
    }


@admin.delete("/admin/companies/<company_id>")
@admin.response(200, Certificate)
@admin.alt_response(202, schema=Certificate, description="The same, not complete yet: call again to go on.")
def delete_company(company_id: str) -> tuple[dict[str, Any], int]:
    """Erase a company for good, and certify what was removed where. Its id is never used again."""
    carnet = services()
    done = erase(carnet.records, carnet.journal, carnet.publisher, service(), company_id)
    reduced = {name.removesuffix("_reduced"): n for name, n in done.counts.items() if name.endswith("_reduced")}
    body = {
        "id": done.company_id,
        "erased_at": moment(done.erased_at),
        "index_version": done.index_version,
        "index_confirmed": done.index_confirmed,
        "complete": done.complete,
        "removed": {name: n for name, n in done.counts.items() if not name.endswith("_reduced")},
        "reduced": reduced,
    }
    return body, 200 if done.complete else 202


@admin.get("/admin/companies/<company_id>/export")
@admin.response(
    200,
    {"type": "string"},
    description="One JSON object a line; the last says how many there were.",
    content_type="application/x-ndjson",
)
def get_export(company_id: str) -> Response:
    """All that is held on one company, as JSON lines."""
    lines = export(services().records, company_id)
    return Response(_lines(lines), content_type="application/x-ndjson")


def _lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _enrol(items: Sequence[Any]) -> Enrolled:
    carnet = services()
    return enrol(carnet.records, carnet.publisher, carnet.regions, service(), items)
