"""The admin API: companies, members and firms' clients as the accounting product writes them."""

from typing import Any

import pytest

CARD = {
    "name": "Ferronnerie Gagnon inc.",
    "other_names": ["Gagnon Iron"],
    "email": "ventes@gagnon.example",
    "phone": "514 555-0199",
    "city": "Laval",
    "province": "QC",
}


def put(product: Any, company: str, **fields: Any) -> Any:
    return product.ask("PUT", f"/v1/admin/companies/{company}", {"region": "ca", **CARD, **fields})


def test_a_company_is_added_read_changed_and_found(network: Any) -> None:
    product = network.product()
    assert put(product, "gagnon").ok() == {"id": "gagnon", "outcome": "added", "index_confirmed": True}
    assert network.member("tremblay").finds("gagnon ir") == ["Ferronnerie Gagnon inc."]
    assert put(product, "gagnon").ok()["outcome"] == "unchanged"
    assert put(product, "gagnon", name="Gagnon & Filles", plan="plus").ok()["outcome"] == "changed"
    assert network.member("tremblay").finds("gagnon f") == ["Gagnon & Filles"]
    read = product.ask("GET", "/v1/admin/companies/gagnon").ok()
    assert {name: read[name] for name in ("id", "region", "plan", "kind", "status", "visible", "card_version")} == {
        "id": "gagnon",
        "region": "ca",
        "plan": "plus",
        "kind": "business",
        "status": "active",
        "visible": True,
        "card_version": 2,
    }
    assert (read["phone"], read["other_names"]) == ("+15145550199", ["Gagnon Iron"])


def test_visible_counts_only_when_the_company_is_first_seen(network: Any) -> None:
    product = network.product()
    put(product, "gagnon", visible=False)
    assert network.member("tremblay").finds("gagnon") == []
    put(product, "gagnon", visible=True)
    assert network.member("tremblay").finds("gagnon") == []
    network.member("gagnon").turns(visible=True)
    put(product, "gagnon", visible=False, name="Gagnon Deux")
    assert network.member("tremblay").finds("gagnon") == ["Gagnon Deux"]


def test_what_the_company_edited_itself_changes_only_where_it_changed_at_the_source(network: Any) -> None:
    product = network.product()
    put(product, "gagnon")
    network.member("gagnon").edits(email="own@gagnon.example", city="Brossard")
    put(product, "gagnon", city="Longueuil")
    read = product.ask("GET", "/v1/admin/companies/gagnon").ok()
    assert (read["email"], read["city"]) == ("own@gagnon.example", "Longueuil")


def test_an_ended_subscription_counts_at_once_and_so_does_its_return(network: Any) -> None:
    product, asker = network.product(), network.member("tremblay")
    put(product, "gagnon")
    member = network.member("gagnon")
    assert member.types("bitf").status == 200
    put(product, "gagnon", status="ended")
    assert asker.finds("gagnon") == []
    assert member.types("bitf").code == "not_a_member"
    put(product, "gagnon")
    assert asker.finds("gagnon") == [], "a status that is not said stays as it is"
    put(product, "gagnon", status="active")
    assert asker.finds("gagnon") == ["Ferronnerie Gagnon inc."]
    assert member.types("bitf").status == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"region": "zz", "phone": ""}, "region"),
        ({"region": None}, "region"),
        ({"plan": "gold"}, "plan"),
        ({"kind": "person"}, "kind"),
        ({"status": "asleep"}, "status"),
        ({"status": ""}, "status"),
        ({"visible": "true"}, "visible"),
        ({"email": "x"}, "email"),
        ({"other_names": "a|b"}, "other_names"),
        ({"id": "another"}, "id"),
        ({"colour": "red"}, "colour"),
        ({"erased": True}, "erased"),
        ({"index_version": 9}, "index_version"),
    ],
)
def test_what_is_not_valid_is_named_and_nothing_is_written(still_network: Any, wrong: Any, field: str) -> None:
    answer = put(still_network.product(), "bad", **wrong)
    assert (answer.status, answer.code, list(answer.json["errors"])) == (422, "invalid", [field])
    assert still_network.product().ask("GET", "/v1/admin/companies/bad").code == "not_found"


@pytest.mark.parametrize("company", ["a" * 61, "-a", "a b", "é", "%00"])
def test_an_id_that_no_import_would_take_is_refused(still_network: Any, company: str) -> None:
    answer = put(still_network.product(), company)
    assert (answer.status, list(answer.json["errors"])) == (422, ["id"])


def test_an_id_between_spaces_is_said_to_be_what_it_is_kept_as(network: Any) -> None:
    product = network.product()
    for said in (
        put(product, "padded%0A").ok(),
        product.ask("POST", "/v1/admin/companies", {"companies": [{"id": " padded ", "region": "ca", **CARD}]}).ok()[
            "results"
        ][0],
    ):
        assert said["id"] == "padded"
        assert product.ask("GET", f"/v1/admin/companies/{said['id']}").ok()["id"] == "padded"


def test_many_companies_at_once_each_have_their_own_result(network: Any) -> None:
    network.sql("UPDATE companies SET erased = true, visible = false WHERE id = 'heroux'")
    batch = [
        {"id": "one", "region": "ca", "name": "Un Deux Trois"},
        {"id": "bad", "region": "ca", "name": "Bad", "email": "x"},
        "no object",
        {"id": "bitfarms", "region": "ca", "name": "Bitfarms Neuf", "plan": "starter"},
        {"id": "heroux", "region": "ca", "name": "Retour"},
        {"id": "one", "region": "ca", "name": "Encore"},
        {"id": "noise-1", "region": "ca", "name": "Boulangerie Noisette inc.", "city": "Sherbrooke", "province": "QC"},
        {"region": "ca", "name": "Sans id"},
    ]
    said = network.product().ask("POST", "/v1/admin/companies", {"companies": batch}).ok()
    assert said["index_confirmed"] is True
    assert [one.get("outcome") or one["code"] for one in said["results"]] == [
        "added", "invalid", "invalid", "changed", "erased", "invalid", "unchanged", "invalid",
    ]  # fmt: skip
    assert [one.get("id") for one in said["results"]] == [
        "one", "bad", None, "bitfarms", "heroux", "one", "noise-1", None,
    ]  # fmt: skip
    assert list(said["results"][1]["errors"]) == ["email"]
    asker = network.member("tremblay")
    assert (asker.finds("un deux"), asker.finds("bitf")) == (["Un Deux Trois"], ["Bitfarms Neuf"])


def test_five_hundred_companies_with_long_cards_fit_in_one_request_and_one_more_does_not(network: Any) -> None:
    batch = [
        {
            "id": f"c{n:03}",
            "region": "ca",
            "name": f"Nordik {n}",
            "other_names": [f"N {n} {'x' * 300}"] * 2,
        }
        for n in range(501)
    ]
    product = network.product()
    assert product.ask("POST", "/v1/admin/companies", {"companies": batch}).status == 422
    assert product.ask("POST", "/v1/admin/companies", {"companies": []}).status == 422
    said = product.ask("POST", "/v1/admin/companies", {"companies": batch[:500]}).ok()
    assert {one["outcome"] for one in said["results"]} == {"added"}
    assert network.sql("SELECT count(*) FROM companies WHERE id LIKE 'c%'") == [(500,)]


def test_a_member_gets_a_role_another_and_none(network: Any) -> None:
    product, subject = network.product(), "alice@tremblay.example"
    alice = network.nobody(network.token("tremblay", sub=subject))
    path = f"/v1/admin/companies/tremblay/members/{subject}"
    assert alice.types("bitf").code == "not_a_member"
    product.ask("PUT", path, {"role": "standard_user"}).ok()
    assert alice.types("bitf").status == 200
    assert alice.ask("PUT", "/v1/company/visibility", {"visible": False}).code == "not_allowed"
    assert product.ask("PUT", path, {"role": "company_admin"}).ok() == {
        "company": "tremblay",
        "subject": subject,
        "role": "company_admin",
    }
    assert alice.turns(visible=True)
    assert product.ask("DELETE", path).status == 204
    assert product.ask("DELETE", path).status == 204
    assert alice.types("bitf").code == "not_a_member"


@pytest.mark.parametrize("subject", ["auth0%7C12", "a%2Fb", "urn:x:1", "%C3%A9lise", "a%20b", "google-oauth2%7C1/2"])
def test_whatever_a_token_may_call_somebody_can_be_a_member(network: Any, subject: str) -> None:
    from urllib.parse import unquote

    network.product().ask("PUT", f"/v1/admin/companies/tremblay/members/{subject}", {"role": "standard_user"}).ok()
    assert network.nobody(network.token("tremblay", sub=unquote(subject))).types("bitf").status == 200


@pytest.mark.parametrize(
    ("company", "subject", "body", "status", "code"),
    [
        ("absent", "a", {"role": "standard_user"}, 404, "not_found"),
        ("tremblay", "a", {"role": "accountant"}, 422, "invalid"),
        ("tremblay", "a", {"role": "owner"}, 422, "invalid"),
        ("tremblay", "a", {"role": None}, 422, "invalid"),
        ("tremblay", "a", {}, 422, "invalid"),
        ("tremblay", "a" * 255, {"role": "standard_user"}, 422, "invalid"),
        ("tremblay", "a%7Fb", {"role": "standard_user"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_a_member_is_refused(
    still_network: Any, company: str, subject: str, body: Any, status: int, code: str
) -> None:
    answer = still_network.product().ask("PUT", f"/v1/admin/companies/{company}/members/{subject}", body)
    assert (answer.status, answer.code) == (status, code)


def test_many_members_of_many_companies_at_once(network: Any) -> None:
    network.member("bitfarms")
    batch = [
        {"company": "tremblay", "subject": "a@x.example", "role": "standard_user"},
        {"company": "tremblay", "subject": "a@x.example", "role": "company_admin"},
        {"company": "bitfarms", "subject": "primary_admin@bitfarms.example", "role": None},
        {"company": "absent", "subject": "a@x.example", "role": "standard_user"},
        {"company": "tremblay", "subject": "", "role": "standard_user"},
        {"company": "tremblay", "subject": "b@x.example", "role": "boss"},
    ]
    said = network.product().ask("POST", "/v1/admin/members", {"members": batch}).ok()
    assert [one.get("outcome") or one["code"] for one in said["results"]] == [
        "done", "done", "done", "not_found", "invalid", "invalid",
    ]  # fmt: skip
    assert network.sql("SELECT company_id, subject, role FROM members") == [
        ("tremblay", "a@x.example", "company_admin")
    ]


def test_a_firm_gets_clients_and_loses_them(network: Any) -> None:
    product, accountant = network.product(), network.member("firm")
    acting = {"Carnet-Acting-For": "tremblay"}
    path = "/v1/admin/firms/firm/clients/tremblay"
    assert accountant.ask("GET", "/v1/typeahead?q=bitf", headers=acting).code == "not_allowed"
    assert product.ask("PUT", path).ok() == {"firm": "firm", "client": "tremblay"}
    assert product.ask("PUT", path).status == 200
    assert accountant.ask("GET", "/v1/typeahead?q=bitf", headers=acting).status == 200
    assert product.ask("DELETE", path).status == 204
    assert product.ask("DELETE", path).status == 204
    assert accountant.ask("GET", "/v1/typeahead?q=bitf", headers=acting).code == "not_allowed"


@pytest.mark.parametrize(
    ("firm", "client", "status", "field"),
    [
        ("bitfarms", "tremblay", 422, "firm"),
        ("firm", "firm", 422, "client"),
        ("absent", "tremblay", 404, None),
        ("firm", "absent", 404, None),
    ],
)
def test_only_a_firm_has_clients_and_only_businesses_are_clients(
    still_network: Any, firm: str, client: str, status: int, field: str | None
) -> None:
    answer = still_network.product().ask("PUT", f"/v1/admin/firms/{firm}/clients/{client}")
    assert (answer.status, list(answer.json.get("errors", {})) or [None]) == (status, [field])


def test_many_clients_of_many_firms_at_once(network: Any) -> None:
    product = network.product()
    product.ask("PUT", "/v1/admin/firms/firm/clients/heroux").ok()
    batch = [
        {"firm": "firm", "client": "tremblay"},
        {"firm": "firm", "client": "heroux", "granted": False},
        {"firm": "bitfarms", "client": "tremblay"},
        {"firm": "firm", "client": "absent"},
        {"firm": "firm", "client": "bitfarms", "granted": True},
    ]
    said = product.ask("POST", "/v1/admin/clients", {"clients": batch}).ok()
    assert [one.get("outcome") or one["code"] for one in said["results"]] == [
        "done", "done", "invalid", "not_found", "done",
    ]  # fmt: skip
    assert network.sql("SELECT client_id FROM firm_clients ORDER BY 1") == [("bitfarms",), ("tremblay",)]


def test_whoever_is_no_service_gets_nowhere_and_is_told_nothing(network: Any) -> None:
    paths = [
        ("GET", "/v1/admin/companies/tremblay"),
        ("GET", "/v1/admin/companies/absent"),
        ("DELETE", "/v1/admin/companies/tremblay"),
        ("GET", "/v1/admin/companies/tremblay/export"),
    ]
    for method, path in paths:
        for who in (network.member("tremblay"), network.member("firm")):
            answer = who.ask(method, path)
            assert (answer.status, answer.code) == (403, "not_allowed")
        assert network.nobody().ask(method, path).status == 401
    assert network.member("heroux").finds("quincaillerie tr") == ["Quincaillerie Tremblay ltée"]


def test_a_cookie_never_opens_the_admin_api(network: Any) -> None:
    client = network.app.test_client()
    client.post("/session", headers={"Authorization": f"Bearer {network.member('tremblay').token}"})
    assert client.get("/v1/admin/companies/tremblay").status_code == 401
    signing_in = client.post("/session", headers={"Authorization": f"Bearer {network.product().token}"})
    assert signing_in.status_code == 401


def test_what_the_product_changed_stands_in_the_companys_own_log(network: Any) -> None:
    product = network.product()
    put(product, "gagnon")
    put(product, "gagnon", plan="plus", email="b@gagnon.example")
    put(product, "gagnon", plan="plus", email="b@gagnon.example")
    product.ask("PUT", "/v1/admin/companies/gagnon/members/a@x.example", {"role": "primary_admin"}).ok()
    entries = network.member("gagnon").ask("GET", "/v1/company/audit").ok()["entries"]
    assert [(one["action"], one["actor"], one["detail"]) for one in entries] == [
        ("member_set", "books", {"subject": "a@x.example", "role": "primary_admin"}),
        ("company_changed", "books", {"changed": ["plan", "card"]}),
        ("company_added", "books", {}),
    ]
