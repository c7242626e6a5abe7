"""Who gets in: by bearer token, and by the cookie of the pages."""

import re
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest

from api import create_app
from directory import members
from directory.values import Role

ROUTES = [
    ("GET", "/v1/typeahead?q=bitf"),
    ("POST", "/v1/reveals"),
    ("GET", "/v1/company/card"),
    ("PUT", "/v1/company/card"),
    ("GET", "/v1/company/visibility"),
    ("PUT", "/v1/company/visibility"),
    ("GET", "/v1/contacts"),
    ("POST", "/v1/contacts"),
    ("GET", "/v1/contacts/00000000-0000-0000-0000-000000000000"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_every_route_says_sign_in_and_nothing_else(still_network: Any, method: str, path: str) -> None:
    answer = still_network.nobody().ask(method, path, {} if method != "GET" else None)
    assert (answer.status, answer.code) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Bitfarms" not in answer.text


def test_whatever_is_wrong_with_a_token_its_bearer_is_told_the_same(still_network: Any) -> None:
    good = still_network.token("tremblay")
    header, body, signature = good.split(".")
    bad = [
        "",
        "x",
        "a.b.c",
        f"{header}.{body}.",
        f"{header}.{body}.{signature[::-1]}",
        jwt.encode({"sub": "a"}, None, "none"),
        jwt.encode({"sub": "a"}, "another key, which is longer than 32 bytes", "HS256"),
        still_network.token("tremblay", exp=int(time.time()) - 1),
        still_network.token("tremblay", aud="another"),
        still_network.token("tremblay", iss="another"),
        *(
            still_network.token("tremblay", **{claim: None})
            for claim in ("sub", "company", "scope", "exp", "iss", "aud")
        ),
    ]
    answers = {still_network.nobody(token).types("bitf").text for token in bad}
    assert len(answers) == 1
    assert all(still_network.nobody(token).types("bitf").status == 401 for token in bad)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "bearer\tx", "Bearer x y", "x" * 9_000]
)
def test_any_other_authorization_is_refused(still_network: Any, header: str) -> None:
    answer = still_network.nobody().ask("GET", "/v1/typeahead?q=bitf", headers={"Authorization": header})
    assert answer.status == 401


def test_a_member_that_the_records_do_not_know_is_no_member(network: Any) -> None:
    stranger = network.nobody(network.token("tremblay", sub="stranger@tremblay.example"))
    assert (stranger.types("bitf").status, stranger.types("bitf").code) == (403, "not_a_member")


def test_an_absent_company_and_another_members_company_give_the_same_answer(network: Any) -> None:
    network.member("tremblay")
    answers = {
        network.nobody(network.token(company, sub="primary_admin@tremblay.example")).types("bitf").text
        for company in ("bitfarms", "ajax", "firm", "absent", "' OR 1=1 --", "%", "é" * 254)
    }
    assert len(answers) == 1


def test_a_role_that_is_taken_away_is_gone_at_once(network: Any) -> None:
    admin = network.member("tremblay")
    assert admin.turns(visible=True)
    network.sql("UPDATE members SET role = 'standard_user'")
    assert admin.ask("PUT", "/v1/company/visibility", {"visible": False}).code == "not_allowed"
    network.sql("DELETE FROM members")
    assert admin.types("bitf").code == "not_a_member"


def test_a_services_token_is_nobodys_member(network: Any) -> None:
    network.member("tremblay")
    for claims in ({"scope": "admin"}, {"scope": "network admin"}, {"scope": "admin", "company": None}):
        assert network.nobody(network.token("tremblay", **claims)).types("bitf").code == "not_allowed"


def test_acting_for_another_company_is_refused_while_nobodys_right_to_is_on_record(network: Any) -> None:
    for company in ("bitfarms", "tremblay", "ajax", "x"):
        answer = network.member("tremblay").ask("GET", "/v1/company/card", headers={"Carnet-Acting-For": company})
        assert (answer.status, answer.code) == (403, "not_allowed")


def browser(network: Any) -> Any:
    return network.app.test_client()


def csrf(client: Any) -> str:
    found = re.search(
        r'name="csrf-token" content="([^"]+)"', client.get("/", follow_redirects=True).get_data(as_text=True)
    )
    assert found
    return found[1]


@pytest.mark.parametrize(("address", "secure"), [("https://carnet.example", True), ("http://127.0.0.1:8000", False)])
def test_a_cookie_that_was_given_over_https_never_travels_without_it(network: Any, address: str, secure: bool) -> None:
    bearer = {"Authorization": f"Bearer {network.member('tremblay').token}"}
    answer = browser(network).post("/session", base_url=address, headers=bearer)
    assert ("; Secure" in answer.headers["Set-Cookie"]) is secure


def test_a_bearer_token_is_exchanged_for_a_cookie_that_scripts_cannot_read(network: Any) -> None:
    member = network.member("tremblay")
    client = browser(network)
    answer = client.post("/session", headers={"Authorization": f"Bearer {member.token}"})
    assert answer.status_code == 204
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    found = client.get("/v1/typeahead?q=bitf").get_json()["suggestions"]
    assert [one["name"] for one in found] == ["Bitfarms Ltd."]


def test_what_a_cookie_signs_in_for_and_changes_something_needs_proof_of_its_page(network: Any) -> None:
    client = browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {network.member('tremblay').token}"})
    for headers in ({}, {"X-CSRFToken": ""}, {"X-CSRFToken": "x"}):
        answer = client.put("/v1/company/visibility", json={"visible": False}, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf")
    answer = client.put("/v1/company/visibility", json={"visible": False}, headers={"X-CSRFToken": csrf(client)})
    assert answer.status_code == 200


def test_a_page_from_before_the_secret_was_changed_still_saves_and_signs_out(network: Any) -> None:
    member, joined = network.member("tremblay"), network.app.extensions["carnet"]
    first, second = joined.session_secrets[0], "session of another secret, longer than 32 bytes"

    def server(*secrets: str) -> Any:
        return create_app(replace(joined, session_secrets=secrets)).test_client()

    def statuses(made_by: Any, asked: Any) -> list[int]:
        made_by.post("/session", headers={"Authorization": f"Bearer {member.token}"})
        asked.set_cookie("carnet_session", made_by.get_cookie("carnet_session").value)
        proof = {"X-CSRFToken": csrf(made_by)}
        saved = asked.put("/v1/company/visibility", json={"visible": True}, headers=proof)
        return [saved.status_code, asked.delete("/session", headers=proof).status_code]

    assert statuses(server(first), server(second, first)) == [200, 204]
    assert statuses(server(second, first), server(first, second)) == [200, 204], "while servers are changed by turns"
    assert statuses(server(first), server(second)) == [401, 403], "a secret that is given up counts for nothing"


def test_what_a_page_of_one_company_asks_is_refused_once_the_session_is_anothers(network: Any) -> None:
    client, member = browser(network), network.member("tremblay")
    client.post("/session", headers={"Authorization": f"Bearer {member.token}"})
    page = {"Carnet-Signed-In-As": "bitfarms"}
    for method, path in (("GET", "/v1/contacts"), ("GET", "/v1/typeahead?q=bitf"), ("PUT", "/v1/company/visibility")):
        answer = client.open(path, method=method, headers=page, json={"visible": False} if method == "PUT" else None)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "other_company"), path
    assert client.get("/v1/contacts", headers={"Carnet-Signed-In-As": "tremblay"}).status_code == 200
    assert member.ask("GET", "/v1/contacts", headers=page).status == 200, "whoever has a token has no page"


def test_the_pages_of_a_firms_member_show_a_clients_books_only_while_that_is_granted(network: Any) -> None:
    network.product().ask("PUT", "/v1/admin/firms/firm/clients/tremblay").ok()
    client = browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {network.member('firm').token}"})
    proof = {"X-CSRFToken": csrf(client)}

    def chooses(company: Any) -> tuple[int, str | None]:
        answer = client.put("/session/client", json={"company": company}, headers=proof)
        return answer.status_code, (answer.get_json(silent=True) or {}).get("code")

    assert client.put("/session/client", json={"company": "tremblay"}).get_json()["code"] == "csrf"
    for stranger in ("bitfarms", "firm", "", None, 7, "x" * 99):
        assert chooses(stranger) == (403, "not_allowed")
    assert chooses("tremblay") == (204, None)
    page = client.get("/customers").get_data(as_text=True)
    assert '<meta name="acting-for" content="tremblay">' in page
    assert "Quincaillerie Tremblay ltée" in page
    assert client.get("/v1/contacts").get_json()["code"] == "not_a_member", "the API goes by its own header alone"
    assert client.get("/v1/contacts", headers={"Carnet-Acting-For": "tremblay"}).status_code == 200

    network.product().ask("DELETE", "/v1/admin/firms/firm/clients/tremblay")
    for path in ("/customers", "/clients"):
        page = client.get(path).get_data(as_text=True)
        assert "acting-for" not in page
        assert "Tremblay" not in page


def test_who_signs_in_again_acts_for_the_same_client_while_that_is_granted_and_another_member_does_not(
    network: Any,
) -> None:
    network.product().ask("PUT", "/v1/admin/firms/firm/clients/tremblay").ok()
    client = browser(network)

    def signs_in(company: str, role: str = "primary_admin") -> str:
        client.post("/session", headers={"Authorization": f"Bearer {network.member(company, role).token}"})
        return client.get("/customers", follow_redirects=True).get_data(as_text=True)

    signs_in("firm")
    client.put("/session/client", json={"company": "tremblay"}, headers={"X-CSRFToken": csrf(client)})
    assert "Quincaillerie Tremblay" in signs_in("firm")
    assert "acting-for" not in signs_in("firm", "standard_user")
    client.put("/session/client", json={"company": "tremblay"}, headers={"X-CSRFToken": csrf(client)})
    network.product().ask("DELETE", "/v1/admin/firms/firm/clients/tremblay")
    assert "acting-for" not in signs_in("firm", "standard_user")


@pytest.mark.parametrize(
    "path", ["/customers/new", "/vendors", "/customers/match", "/contacts/x", "/bills", "/card", "/visibility"]
)
def test_a_firms_member_who_has_chosen_no_client_is_led_to_the_clients(network: Any, path: str) -> None:
    client = browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {network.member('firm').token}"})
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/clients")


def test_nobody_who_is_signed_out_chooses_a_client(network: Any) -> None:
    client = browser(network)
    answer = client.put("/session/client", json={"company": "tremblay"}, headers={"X-CSRFToken": csrf(client)})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("body", ["[" * 100_000, "9" * 5_000, "{", '"half', ""])
def test_what_is_no_json_chooses_no_client_and_is_said_to_be_none(network: Any, body: str) -> None:
    client = browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {network.member('firm').token}"})
    proof = {"X-CSRFToken": csrf(client), "Content-Type": "application/json"}
    answer = client.put("/session/client", data=body, headers=proof)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_signing_out_takes_the_cookie_out_of_the_browser(network: Any) -> None:
    client = browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {network.member('tremblay').token}"})
    assert client.delete("/session", headers={"X-CSRFToken": csrf(client)}).status_code == 204
    assert client.get("/v1/typeahead?q=bitf").status_code == 401


def test_a_copy_of_a_cookie_outlives_signing_out_and_ends_with_the_member(network: Any) -> None:
    client, copied = browser(network), browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {network.member('tremblay').token}"})
    copied.set_cookie("carnet_session", client.get_cookie("carnet_session").value)
    assert client.delete("/session", headers={"X-CSRFToken": csrf(client)}).status_code == 204
    assert copied.get("/v1/company/card").status_code == 200
    subject = jwt.decode(network.member("tremblay").token, options={"verify_signature": False})["sub"]
    assert network.product().ask("DELETE", f"/v1/admin/companies/tremblay/members/{subject}").status == 204
    assert copied.get("/v1/company/card").status_code == 403


def test_a_session_ends_with_the_token_that_it_was_made_from(network: Any) -> None:
    until = int(time.time()) + 60
    member = network.member("tremblay", exp=until)
    client = browser(network)
    client.post("/session", headers={"Authorization": f"Bearer {member.token}"})
    with client.session_transaction() as session:
        assert session["until"] == until
        session["until"] = int(time.time()) - 1
    assert client.get("/v1/typeahead?q=bitf").status_code == 401


def test_nobody_signs_in_as_anybody_unless_that_was_switched_on(network: Any) -> None:
    answer = network.nobody().ask("POST", "/session", {"company": "bitfarms", "role": "primary_admin"})
    assert (answer.status, answer.code) == (401, "not_signed_in")


def test_where_it_was_switched_on_anybody_signs_in_as_anybody_from_the_page(new_network: Any) -> None:
    network = new_network(CARNET_DEV_SIGN_IN="on")
    network.load(tremblay="Quincaillerie Tremblay", bitfarms="Bitfarms")
    client = browser(network)
    assert client.post("/session", json={"company": "tremblay"}).status_code == 403
    token = csrf(client)
    signed_in = client.post("/session", json={"company": "tremblay"}, headers={"X-CSRFToken": token})
    assert signed_in.status_code == 204
    assert client.get("/v1/typeahead?q=bitf").status_code == 200
    for wanted in (
        {"company": "absent"},
        {},
        [],
        {"company": 5},
        {"company": "a\x00"},
        {"company": "tremblay", "role": "x"},
    ):
        answer = client.post("/session", json=wanted, headers={"X-CSRFToken": csrf(client)})
        assert answer.status_code in (403, 404, 422), wanted


def test_a_key_does_not_switch_it_on(new_network: Any) -> None:
    network = new_network(CARNET_JWT_KEY="another key for tests, longer than 32 bytes")
    network.load(tremblay="Quincaillerie Tremblay")
    assert network.nobody().ask("POST", "/session", {"company": "tremblay"}).status == 401


def test_a_member_whom_another_process_has_made_at_the_same_moment_is_one(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = (network.records, "tremblay", "new@tremblay.example")
    members.ensure_member(*who, Role.STANDARD_USER)
    look, not_yet_committed = members._role, [None]
    monkeypatch.setattr(members, "_role", lambda *asked: not_yet_committed.pop() if not_yet_committed else look(*asked))
    members.ensure_member(*who, Role.PRIMARY_ADMIN)
    assert members.identify(network.records, who[2], who[1]).role is Role.STANDARD_USER
