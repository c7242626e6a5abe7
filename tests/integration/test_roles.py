"""Every role against every route, by the one table (directory/permissions.py, docs/roles.md in words).

The routes are those that the application has: one that is added is walked by itself. Somebody who may not do a thing is
told so before anything of the request is looked at, which is why each is asked with a body that is no JSON; whoever may
is asked with an empty one, and is answered anything but 401 and 403.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.sign_in import require_firm_member, require_member, require_service
from directory.permissions import ALLOWED, Action
from directory.values import KEPT_ROLES, Role
from tests.conftest import Member, acting

GUARDS = {require_member, require_firm_member, require_service}
IN_THE_PATH = {"UUIDConverter": "00000000-0000-0000-0000-000000000000", "IntegerConverter": 0}
NOT_SIGNED_IN, NOT_ALLOWED, NOT_A_MEMBER = (401, "not_signed_in"), (403, "not_allowed"), (403, "not_a_member")


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    endpoint: str
    guard: Any
    action: Action | None


def routes(app: Any) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/v1"):
            continue
        blueprint = rule.endpoint.rpartition(".")[0]
        (guard,) = GUARDS & set(app.before_request_funcs.get(blueprint, ()))
        values = {name: IN_THE_PATH.get(type(of).__name__, "absent") for name, of in rule._converters.items()}
        action = getattr(app.view_functions[rule.endpoint], "action", None)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            path = app.url_map.bind("here").build(rule.endpoint, values, method)
            yield Route(method, path, rule.endpoint, guard, action)


def refused(member: Member, route: Route) -> tuple[int, str]:
    answer = member.ask(route.method, route.path, raw=b"{", headers={"Content-Type": "text/plain"})
    return answer.status, answer.code


def allowed(member: Member, route: Route) -> bool:
    body = None if route.method in ("GET", "DELETE") else {}
    return member.ask(route.method, route.path, body).status not in (401, 403)


@pytest.fixture(scope="module")
def walked(used_network: Any) -> list[Route]:
    """A network in which everybody stands: `left` has ended, `oldfirm` too, and `firm` has `tremblay` for a client."""
    network = used_network
    network.load(left="Parti inc.", oldfirm={"name": "Ancien CPA", "kind": "accounting_firm"})
    for company in ("left", "oldfirm"):
        network.ends(company)
    network.product().ask("PUT", "/v1/admin/firms/firm/clients/tremblay").ok()
    network.product().ask("PUT", "/v1/admin/firms/oldfirm/clients/tremblay").ok()
    return list(routes(network.app))


def test_every_route_is_a_members_with_an_action_or_a_firms_or_the_products(walked: list[Route]) -> None:
    assert len(walked) > 20
    for route in walked:
        assert (route.action is not None) == (route.guard is require_member), route
    assert {route.action for route in walked if route.action} <= set(ALLOWED)


def test_every_action_says_who_may(walked: list[Route]) -> None:
    assert set(ALLOWED) == set(Action)
    assert all(roles <= set(Role) and Role.PRIMARY_ADMIN in roles for roles in ALLOWED.values())


def check_network(route: Route, who: Member, role: Role) -> None:
    if role in ALLOWED[route.action]:  # type: ignore[index]
        assert allowed(who, route), (role, route)
    else:
        assert refused(who, route) == NOT_ALLOWED, (role, route)


def test_a_companys_own_members_may_what_the_table_says(used_network: Any, walked: list[Route]) -> None:
    for role in KEPT_ROLES:
        who = used_network.member("tremblay", role.value)
        for route in walked:
            if route.guard is require_member:
                check_network(route, who, role)
            else:
                assert refused(who, route) == NOT_ALLOWED, (role, route)


def test_an_accountant_may_what_the_table_says_in_a_clients_books(used_network: Any, walked: list[Route]) -> None:
    for role in KEPT_ROLES:
        inside = acting(used_network.member("firm", role.value), "tremblay")
        for route in walked:
            if route.guard is require_member:
                check_network(route, inside, Role.ACCOUNTANT)


def test_a_firms_member_may_work_through_its_clients_and_nothing_in_its_own_books(
    used_network: Any, walked: list[Route]
) -> None:
    for role in KEPT_ROLES:
        who = used_network.member("firm", role.value)
        for route in walked:
            if route.guard is require_firm_member:
                assert allowed(who, route), (role, route)
            else:
                expected = NOT_A_MEMBER if route.guard is require_member else NOT_ALLOWED
                assert refused(who, route) == expected, (role, route)


@pytest.mark.parametrize(
    ("firm", "client"),
    [("firm", "bitfarms"), ("firm", "absent"), ("firm", "firm"), ("oldfirm", "tremblay"), ("tremblay", "tremblay")],
)
def test_whoever_may_not_act_for_a_company_gets_nothing_there(
    used_network: Any, walked: list[Route], firm: str, client: str
) -> None:
    inside = acting(used_network.member(firm), client)
    for route in walked:
        if route.guard is require_member:
            assert refused(inside, route) == NOT_ALLOWED, route


def test_the_products_service_is_nobodys_member(used_network: Any, walked: list[Route]) -> None:
    services = [used_network.product(), used_network.nobody(used_network.token("tremblay", scope="network admin"))]
    for who in (*services, acting(services[0], "tremblay")):
        for route in walked:
            if route.guard is require_service:
                assert allowed(who, route), route
            else:
                assert refused(who, route) == NOT_ALLOWED, route


def test_a_company_that_has_left_the_network_gets_nothing(used_network: Any, walked: list[Route]) -> None:
    for company in ("left", "oldfirm"):
        for role in KEPT_ROLES:
            who = used_network.member(company, role.value)
            for route in walked:
                expected = NOT_A_MEMBER if route.guard is require_member else NOT_ALLOWED
                assert refused(who, route) == expected, (company, role, route)


def test_a_stranger_with_a_good_token_gets_nothing(used_network: Any, walked: list[Route]) -> None:
    for company in ("tremblay", "firm", "absent"):
        who = used_network.nobody(used_network.token(company, sub="stranger@x.example"))
        for route in walked:
            expected = NOT_ALLOWED if route.guard is require_service else NOT_A_MEMBER
            assert refused(who, route) == expected, (company, route)


def test_nobody_gets_nothing_and_is_told_to_sign_in(used_network: Any, walked: list[Route]) -> None:
    for who in (used_network.nobody(), used_network.nobody("x.y.z")):
        for route in walked:
            assert refused(who, route) == NOT_SIGNED_IN, route


def test_the_table_in_words_is_the_table(walked: list[Route]) -> None:
    """docs/roles.md has a row for each action, and a ✓ for each role that may."""
    lines = (Path(__file__).parents[2] / "docs/roles.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    said = {row[0]: {role for role, cell in zip(Role, row[1:], strict=True) if cell == "✓"} for row in rows[2:]}
    assert said == {action.value: set(roles) for action, roles in ALLOWED.items()}
