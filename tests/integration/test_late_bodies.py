"""A body that comes late: what its sender may do is what they may once all of it has come, not what they might before."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.conftest import Answer, Member
from tests.integration.test_accountants import acting

ADMIN = "primary_admin@tremblay.example"


class Late(io.BytesIO):
    """A body before which something happens: whoever comes to read it has waited for that."""

    def __init__(self, body: bytes, before: Callable[[], Any]) -> None:
        super().__init__(body)
        self._before: Callable[[], Any] | None = before

    def readinto(self, buffer: Any) -> int:
        if before := self._before:
            self._before = None
            before()
        return super().readinto(buffer)


@dataclass(frozen=True)
class Slowly:
    """Sends its bodies once `before` has happened."""

    network: Any
    before: Callable[[], Any]

    def __call__(self, method: str, path: str, headers: Mapping[str, str], data: bytes | None) -> Answer:
        body = data or b""
        late = {"input_stream": Late(body, self.before), "content_length": len(body)}
        with self.network.app.test_client() as client:
            answer = client.open(path, method=method, headers=dict(headers), buffered=True, **late)
            return Answer(answer.status_code, answer.headers, answer.get_data(as_text=True))


def slowly(network: Any, member: Member, before: Callable[[], Any]) -> Member:
    return replace(member, send=Slowly(network, before))


def visible(network: Any, company: str) -> bool:
    return bool(network.sql("SELECT visible FROM companies WHERE id = :company", company=company)[0][0])


def test_a_firm_that_was_ended_meanwhile_does_not_show_a_client_that_is_hidden(network: Any) -> None:
    client, accountant = network.member("tremblay"), network.member("firm")
    client.turns(visible=False)
    client.ask("PUT", "/v1/company/firms/firm").ok()

    def ended() -> None:
        assert client.ask("DELETE", "/v1/company/firms/firm").status == 204

    answer = acting(slowly(network, accountant, ended), "tremblay").ask(
        "PUT", "/v1/company/visibility", {"visible": True}
    )
    assert (answer.status, answer.code, visible(network, "tremblay")) == (403, "not_allowed", False)


def test_a_role_that_was_taken_away_meanwhile_counts_no_more(network: Any) -> None:
    admin, product = network.member("tremblay"), network.product()

    def removed() -> None:
        assert product.ask("DELETE", f"/v1/admin/companies/tremblay/members/{ADMIN}").status == 204

    answer = slowly(network, admin, removed).ask("PUT", "/v1/company/visibility", {"visible": False})
    assert (answer.status, answer.code, visible(network, "tremblay")) == (403, "not_a_member", True)


def test_a_company_that_has_moved_meanwhile_is_shown_nobody_of_the_region_that_it_left(network: Any) -> None:
    asker = network.member("tremblay")
    suggestion = asker.suggestion("bitf")

    def moved() -> None:
        network.load(tremblay={"name": "Quincaillerie Tremblay ltée", "region": "us"})

    assert slowly(network, asker, moved).ask("POST", "/v1/reveals", {"suggestion": suggestion}).status == 404
    assert network.member("bitfarms").ask("GET", "/v1/company/reveals").ok()["reveals"] == []


def test_nothing_is_written_for_a_company_that_was_erased_meanwhile(network: Any) -> None:
    member, product = network.member("tremblay"), network.product()

    def erased() -> None:
        assert product.ask("DELETE", "/v1/admin/companies/tremblay").ok()["complete"]

    sent = {"relation": "customer", "name": "Jeanne Roy", "email": "jeanne@roy.example"}
    answer = slowly(network, member, erased).ask("POST", "/v1/contacts", sent, headers={"Idempotency-Key": "1"})
    assert (answer.status, answer.code) == (403, "not_a_member")
    left = map(json.loads, product.ask("GET", "/v1/admin/companies/tremblay/export").text.splitlines())
    assert {one["what"] for one in left} == {"company", "change", "audit", "end"}
