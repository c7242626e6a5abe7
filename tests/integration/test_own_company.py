"""One's own card and visibility, over HTTP."""

from datetime import UTC, datetime
from typing import Any

import pytest

CARD = {
    "name": "Quincaillerie Tremblay & Filles",
    "other_names": ["Tremblay Hardware"],
    "email": "ventes@tremblay.example",
    "phone": "514 555-0199",
    "website": "tremblay.example",
    "street": "1, rue Principale",
    "city": "Longueuil",
    "province": "QC",
    "postal_code": "J4K 1A1",
    "country": "ca",
}


def put_card(member: Any, card: Any, if_match: str | None = '"1"') -> Any:
    headers = {} if if_match is None else {"If-Match": if_match}
    return member.ask("PUT", "/v1/company/card", card, headers=headers)


def test_a_card_is_read_with_its_version_and_saved_in_its_normal_form(network: Any) -> None:
    admin = network.member("tremblay")
    read = admin.ask("GET", "/v1/company/card")
    assert read.headers["ETag"] == '"1"'
    saved = put_card(admin, CARD)
    assert saved.headers["ETag"] == '"2"'
    normal = {"phone": "+15145550199", "website": "https://tremblay.example/", "country": "CA"}
    assert saved.json == {**CARD, **normal, "version": 2, "unverified": True}
    assert admin.ask("GET", "/v1/company/card").json == saved.json


def test_a_saved_card_is_found_by_its_new_names_and_no_longer_by_the_old(network: Any) -> None:
    put_card(network.member("tremblay"), {**CARD, "name": "Ferronnerie Gagnon"})
    asker = network.member("bitfarms")
    assert asker.finds("ferro") == asker.finds("tremblay hardw") == ["Ferronnerie Gagnon"]
    assert asker.finds("quincail") == []


def test_a_card_that_says_the_same_makes_no_new_version(network: Any) -> None:
    admin = network.member("tremblay")
    put_card(admin, CARD)
    again = put_card(admin, CARD, '"2"')
    assert again.headers["ETag"] == '"2"'
    assert network.sql("SELECT count(*) FROM card_versions WHERE company_id = 'tremblay'") == [(2,)]


def test_without_if_match_a_card_is_not_saved(network: Any) -> None:
    answer = put_card(network.member("tremblay"), CARD, None)
    assert (answer.status, answer.code) == (428, "precondition_required")


@pytest.mark.parametrize("stale", ['"0"', '"2"', "x", "", '"', "*", 'W/"2"', "-1", "1.0", "9" * 400, '"²"'])
def test_with_a_stale_or_senseless_if_match_a_card_is_not_saved(still_network: Any, stale: str) -> None:
    answer = put_card(still_network.member("tremblay"), CARD, stale.encode().decode("latin-1"))
    assert (answer.status, answer.code) == (412, "stale")


def test_an_etag_that_a_proxy_has_made_weak_by_compressing_names_the_same_version(network: Any) -> None:
    admin = network.member("tremblay")
    assert put_card(admin, CARD, 'W/"1"').headers["ETag"] == '"2"'
    assert put_card(admin, CARD, 'W/"1"').status == 412


def test_what_is_not_valid_is_named_by_field_and_nothing_is_saved(network: Any) -> None:
    admin = network.member("tremblay")
    bad = {**CARD, "name": "…", "email": "x", "phone": "12", "website": "javascript:alert(1)", "country": "zz"}
    answer = put_card(admin, bad)
    assert (answer.status, answer.code) == (422, "invalid")
    assert set(answer.json["errors"]) == {"name", "email", "phone", "website", "country"}
    assert admin.ask("GET", "/v1/company/card").headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    "more",
    [{"id": "bitfarms"}, {"region": "us"}, {"visible": False}, {"version": 9}, {"note": "x"}, {"company_id": "a"}],
)
def test_a_card_has_no_other_fields(still_network: Any, more: dict[str, Any]) -> None:
    answer = put_card(still_network.member("tremblay"), {**CARD, **more})
    assert answer.json["errors"] == {name: ["There is no such field."] for name in more}


@pytest.mark.parametrize(
    "wrong", [{"name": 5}, {"name": None}, {"name": ["a"]}, {"email": {}}, {"other_names": "a"}, {"other_names": [1]}]
)
def test_a_field_of_another_type_is_named(still_network: Any, wrong: dict[str, Any]) -> None:
    answer = put_card(still_network.member("tremblay"), {**CARD, **wrong})
    assert (answer.status, list(answer.json["errors"])) == (422, list(wrong))


@pytest.mark.parametrize("role", ["primary_admin", "company_admin"])
def test_both_kinds_of_admin_edit_the_card_and_the_visibility(network: Any, role: str) -> None:
    admin = network.member("tremblay", role)
    assert put_card(admin, CARD).status == 200
    assert admin.turns(visible=False)["visible"] is False


def test_a_standard_user_reads_both_and_changes_neither(network: Any) -> None:
    user = network.member("tremblay", "standard_user")
    assert user.ask("GET", "/v1/company/card").status == 200
    assert user.ask("GET", "/v1/company/visibility").json["visible"] is True
    for answer in (put_card(user, CARD), user.ask("PUT", "/v1/company/visibility", {"visible": False})):
        assert (answer.status, answer.code) == (403, "not_allowed")
    assert user.ask("GET", "/v1/company/visibility").json["visible"] is True


def test_a_receipt_says_what_is_so_from_when_on_and_that_the_index_agrees(network: Any) -> None:
    before = datetime.now(UTC)
    receipt = network.member("tremblay").turns(visible=False)
    assert set(receipt) == {"visible", "index_version", "effective_at", "index_confirmed"}
    assert (receipt["visible"], receipt["index_version"], receipt["index_confirmed"]) == (False, 2, True)
    assert abs((datetime.fromisoformat(receipt["effective_at"]) - before).total_seconds()) < 30


def test_the_same_choice_again_answers_with_the_same_receipt(network: Any) -> None:
    admin = network.member("tremblay")
    assert admin.turns(visible=False) == admin.turns(visible=False) == admin.ask("GET", "/v1/company/visibility").json


@pytest.mark.parametrize("visible", ["false", 0, 1, "off", None, [], "", {}])
def test_visible_is_true_or_false_and_nothing_that_looks_like_it(still_network: Any, visible: Any) -> None:
    admin = still_network.member("tremblay")
    answer = admin.ask("PUT", "/v1/company/visibility", {"visible": visible})
    assert (answer.status, list(answer.json["errors"])) == (422, ["visible"])
    assert admin.ask("GET", "/v1/company/visibility").json["visible"] is True


def test_who_changed_what_is_written_down(network: Any) -> None:
    admin = network.member("tremblay")
    put_card(admin, CARD)
    admin.turns(visible=False)
    admin.turns(visible=False)
    admin.turns(visible=True)
    actor = "primary_admin@tremblay.example"
    rows = network.sql("SELECT actor, action FROM audit WHERE company_id = 'tremblay' ORDER BY seq")
    assert rows == [(actor, "card_edited"), (actor, "hidden"), (actor, "visible")]
