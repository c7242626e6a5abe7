"""The API is as /openapi.json describes it: generated requests, good and bad, against the whole application.

Left out of schemathesis' checks, and why: that a request which breaks the schema is refused (an unknown query parameter
is passed over on purpose, and what a card may hold is judged by rules that no schema says), that one which fits it is
accepted (the same rules), and those about sign-in, which test_sign_in.py asks with tokens that were made for it.
"""

import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31

from tests.bills import trade
from tests.torture import many

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
OPERATIONS = [
    ("GET", "/v1/typeahead"),
    ("POST", "/v1/reveals"),
    ("GET", "/v1/company/card"),
    ("PUT", "/v1/company/card"),
    ("GET", "/v1/company/visibility"),
    ("PUT", "/v1/company/visibility"),
    ("GET", "/v1/company/reveals"),
    ("GET", "/v1/company/as-others-see-it"),
    ("GET", "/v1/contacts"),
    ("POST", "/v1/contacts"),
    ("GET", "/v1/contacts/{contact_id}"),
    ("GET", "/v1/changes"),
    ("GET", "/v1/changes/latest"),
    ("GET", "/v1/webhooks"),
    ("POST", "/v1/webhooks"),
    ("DELETE", "/v1/webhooks/{webhook_id}"),
    ("POST", "/v1/webhooks/{webhook_id}/switch-on"),
    ("POST", "/v1/invoices"),
    ("GET", "/v1/invoices"),
    ("GET", "/v1/invoices/{invoice_id}"),
    ("GET", "/v1/bills"),
    ("GET", "/v1/bills/reminders"),
    ("GET", "/v1/bills/cash-flow"),
    ("GET", "/v1/bills/{bill_id}"),
    ("POST", "/v1/bills/{bill_id}/approve"),
    ("POST", "/v1/bills/{bill_id}/schedule"),
    ("POST", "/v1/bills/{bill_id}/unschedule"),
    ("POST", "/v1/bills/{bill_id}/pay"),
    ("POST", "/v1/bills/{bill_id}/reject"),
    ("POST", "/v1/bills/{bill_id}/release"),
    ("GET", "/v1/company/firms"),
    ("PUT", "/v1/company/firms/{firm_id}"),
    ("DELETE", "/v1/company/firms/{firm_id}"),
    ("GET", "/v1/company/audit"),
    ("GET", "/v1/clients"),
    ("PUT", "/v1/clients/visibility"),
    ("GET", "/v1/admin/companies/{company_id}"),
    ("PUT", "/v1/admin/companies/{company_id}"),
    ("DELETE", "/v1/admin/companies/{company_id}"),
    ("GET", "/v1/admin/companies/{company_id}/export"),
    ("POST", "/v1/admin/companies"),
    ("PUT", "/v1/admin/companies/{company_id}/members/{subject}"),
    ("DELETE", "/v1/admin/companies/{company_id}/members/{subject}"),
    ("POST", "/v1/admin/members"),
    ("PUT", "/v1/admin/firms/{firm_id}/clients/{client_id}"),
    ("DELETE", "/v1/admin/firms/{firm_id}/clients/{client_id}"),
    ("POST", "/v1/admin/clients"),
    ("PATCH", "/v1/contacts/{contact_id}"),
    ("DELETE", "/v1/contacts/{contact_id}"),
    ("GET", "/v1/contacts/{contact_id}/history"),
    ("POST", "/v1/contacts/{contact_id}/revert"),
    ("POST", "/v1/contacts/{contact_id}/unlink"),
    ("POST", "/v1/contacts/{contact_id}/link"),
    ("GET", "/v1/contacts/duplicates"),
    ("POST", "/v1/contacts/match"),
    ("POST", "/v1/contacts/match/accept"),
]


@pytest.fixture(scope="module")
def described(used_network: Any) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", used_network.app)


def test_every_operation_is_described_and_tried_here(described: Any) -> None:
    found = [operation.ok() for operation in described.get_all_operations()]
    assert sorted((operation.method.upper(), operation.path) for operation in found) == sorted(OPERATIONS)


def test_the_description_is_openapi_3_1_and_says_how_to_sign_in(used_network: Any) -> None:
    said = used_network.nobody().ask("GET", "/openapi.json").json
    assert said["openapi"].startswith("3.1")
    assert said["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    standard = jsonschema_rs.Draft202012Validator(OPENAPI_31)
    assert [(list(error.instance_path), error.message) for error in standard.iter_errors(said)] == []


@pytest.mark.parametrize(
    ("method", "path", "status", "kinds"),
    [
        ("get", "/v1/invoices/{invoice_id}", "200", {"application/json", "application/xml"}),
        ("get", "/v1/bills/{bill_id}", "200", {"application/json", "application/xml"}),
        ("get", "/v1/admin/companies/{company_id}/export", "200", {"application/x-ndjson"}),
        ("get", "/v1/changes", "410", {"application/problem+json"}),
    ],
)
def test_everything_that_an_answer_may_be_is_described(
    used_network: Any, method: str, path: str, status: str, kinds: set[str]
) -> None:
    said = used_network.nobody().ask("GET", "/openapi.json").json["paths"][path][method]["responses"][status]
    assert said["description"]
    assert set(said["content"]) == kinds
    assert all(kind["schema"] for kind in said["content"].values())


def test_a_body_that_may_be_left_out_is_not_said_to_be_needed(used_network: Any) -> None:
    said = used_network.nobody().ask("GET", "/openapi.json").json["paths"]
    app, needless = used_network.app, set()
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "needs_no_body", False):
            needless.add(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
    assert "/v1/bills/{bill_id}/pay" in needless
    for path in needless:
        operation = said[path].get("post") or said[path]["put"]
        assert not operation.get("requestBody", {}).get("required"), path


def who(network: Any, path: str) -> Any:
    """Somebody who may ask this."""
    if path.startswith("/v1/admin"):
        return network.product()
    return network.member("firm" if path.startswith("/v1/clients") else "tremblay")


@pytest.mark.torture
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_generated_requests_are_answered_as_described(
    described: Any, used_network: Any, method: str, path: str, mode: GenerationMode
) -> None:
    token = who(used_network, path).token
    operation = described[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=many(12, 300), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    def ask(case: Any) -> None:
        case.headers.pop("Carnet-Acting-For", None)  # whatever else is asked for somebody's client, it is 403
        response = case.call(headers={"Authorization": f"Bearer {token}", "If-Match": '"1"'})
        case.validate_response(response, checks=CHECKS)

    ask()


def test_every_operation_stands_on_the_page_for_people(still_network: Any) -> None:
    visitor = still_network.nobody()
    described = visitor.ask("GET", "/openapi.json").ok()["paths"]
    page = visitor.ask("GET", "/docs").text
    for path, item in described.items():
        for method in set(item) & {"get", "post", "put", "patch", "delete"}:
            assert f"<code>{method.upper()} {path}</code>" in page


def test_every_route_of_members_is_described_with_the_client_that_one_acts_for(still_network: Any) -> None:
    app, said = still_network.app, still_network.nobody().ask("GET", "/openapi.json").json["paths"]
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        if path in said:
            acts = any(one["name"] == "Carnet-Acting-For" for one in said[path].get("parameters", ()))
            assert acts == hasattr(app.view_functions[rule.endpoint], "action"), path


def test_versions_and_places_that_answers_say_are_described(network: Any) -> None:
    made = trade(network)
    bill, card = made.sent(), "/v1/company/card"
    contact = f"/v1/contacts/{made.vendor}"
    described = network.nobody().ask("GET", "/openapi.json").json["paths"]

    def says(path: str, method: str, template: str, body: Any = None, **headers: str) -> Any:
        answer = made.buyer.ask(method.upper(), path, body, headers=headers)
        answer.ok()
        operation = described[template][method]
        told = operation["responses"][str(answer.status)].get("headers", {})
        assert {name for name in ("ETag", "Location") if name in answer.headers} == set(told), template
        return operation, answer

    _, read = says(card, "get", card)
    fields = {name: value for name, value in read.json.items() if name not in ("version", "unverified")}
    changed, _ = says(card, "put", card, fields, **{"If-Match": read.headers["ETag"]})
    assert [one["required"] for one in changed["parameters"] if one["name"] == "If-Match"] == [True]
    says("/v1/contacts", "post", "/v1/contacts", {"relation": "vendor", "name": "By hand"})
    says(contact, "get", "/v1/contacts/{contact_id}")
    says(contact, "patch", "/v1/contacts/{contact_id}", {"city": "Laval"})
    says(f"{contact}/revert", "post", "/v1/contacts/{contact_id}/revert", {"field": "city", "to": "network"})
    says(f"{contact}/unlink", "post", "/v1/contacts/{contact_id}/unlink")
    says(f"/v1/bills/{bill}", "get", "/v1/bills/{bill_id}")
    for move, body in (("approve", None), ("schedule", {"on": "2026-12-01"}), ("unschedule", None), ("pay", None)):
        says(f"/v1/bills/{bill}/{move}", "post", f"/v1/bills/{{bill_id}}/{move}", body)


def test_when_to_ask_again_is_described(still_network: Any) -> None:
    said = still_network.nobody().ask("GET", "/openapi.json").json["components"]["responses"]
    assert set(said["DEFAULT_ERROR"]["headers"]) == {"Retry-After", "WWW-Authenticate", "Allow"}


def test_what_is_always_in_an_answer_is_said_to_be_and_nothing_else(network: Any) -> None:
    made = trade(network)
    bill = made.sent()
    firm, product = network.member("firm"), network.product()
    described = network.nobody().ask("GET", "/openapi.json").json
    schemas = {
        ("get", "/v1/typeahead"): made.buyer.ask("GET", "/v1/typeahead?q=quincaillerie"),
        ("get", "/v1/company/card"): made.buyer.ask("GET", "/v1/company/card"),
        ("get", "/v1/contacts/{contact_id}"): made.buyer.ask("GET", f"/v1/contacts/{made.vendor}"),
        ("get", "/v1/contacts"): made.buyer.ask("GET", "/v1/contacts"),
        ("get", "/v1/changes"): made.buyer.ask("GET", "/v1/changes"),
        ("get", "/v1/bills/{bill_id}"): made.buyer.ask("GET", f"/v1/bills/{bill}"),
        ("get", "/v1/invoices"): made.seller.ask("GET", "/v1/invoices"),
        ("get", "/v1/company/reveals"): made.seller.ask("GET", "/v1/company/reveals"),
        ("get", "/v1/clients"): firm.ask("GET", "/v1/clients"),
        ("get", "/v1/admin/companies/{company_id}"): product.ask("GET", "/v1/admin/companies/tremblay"),
    }
    for (method, path), answer in schemas.items():
        content = described["paths"][path][method]["responses"]["200"]["content"]["application/json"]
        check = jsonschema_rs.Draft202012Validator({**content["schema"], "components": described["components"]})
        assert [error.message for error in check.iter_errors(answer.ok())] == [], path
    said = {name: set(schema.get("required", ())) for name, schema in described["components"]["schemas"].items()}
    assert said["Problem"] == {"type", "title", "status", "code", "detail"}
    assert said["Contacts"] == {"contacts"}
    assert said["Suggestion"] == {"suggestion", "name", "matched", "city", "province"}
    assert {"id", "name", "email", "linked", "overrides", "offers", "created_at"} < said["Contact"]
    assert "notice" not in said["Contact"]
    assert {"id", "vendor", "state", "version", "history", "moves", "lines", "taxes", "note"} < said["Bill"]
    assert said["CardFields"] == set()
