"""How many cards somebody is shown: enough to work with, too few to collect; decided from the records, exactly."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.clock import Clock

FEW = {
    "CARNET_LIMITS": "on",
    "CARNET_QUOTA_UNSAVED_HOUR": "3",
    "CARNET_QUOTA_UNSAVED_DAY": "5",
    "CARNET_QUOTA_NEWCOMER_DAY": "2",
    "CARNET_QUOTA_SAVED_DAY": "6",
    "CARNET_QUOTA_FIRM_DAY": "4",
}
MANY = {f"card-{n:02}": {"name": f"Papeterie {n:02} inc.", "email": f"info@p{n:02}.example"} for n in range(20)}


@pytest.fixture
def strict(new_network: Callable[..., Any], clock: Clock) -> Any:
    """A network with small quotas: `tremblay` has been there for a month, `young` since today."""
    network = new_network(**FEW)
    network.load(
        tremblay="Quincaillerie Tremblay ltée",
        client="Plomberie Client inc.",
        firm={"name": "Ajax Comptables", "kind": "accounting_firm"},
        **MANY,
    )
    clock.moves(days=30)
    network.load(young="Jeune Pousse inc.")
    return network


def looks(network: Any, member: Any, number: int, company: str | None = None) -> Any:
    """Ask for the card of a company, as after a pick, without typing its name first."""
    token = network.services.tokens.suggestion(f"card-{number:02}", company or "tremblay")
    return member.ask("POST", "/v1/reveals", {"suggestion": token})


def saves(network: Any, member: Any, number: int) -> str:
    shown = looks(network, member, number).ok()
    return member.ask("POST", "/v1/contacts", {"relation": "vendor", "link": shown["link"]}).ok()["id"]


def check_refused(answer: Any, wait_s: int) -> None:
    assert (answer.status, answer.code) == (429, "quota_reached")
    assert answer.headers["Retry-After"] == str(wait_s)


def test_a_fourth_company_within_the_hour_is_refused_until_the_first_is_an_hour_ago(strict: Any, clock: Clock) -> None:
    asker = strict.member("tremblay")
    for number in range(3):
        looks(strict, asker, number).ok()
        clock.moves(seconds=60)
    check_refused(looks(strict, asker, 3), 3_600 - 180)
    clock.moves(seconds=3_600 - 181)
    check_refused(looks(strict, asker, 3), 1)
    clock.moves(seconds=1)
    looks(strict, asker, 3).ok()
    check_refused(looks(strict, asker, 4), 60)


def test_what_is_refused_is_not_shown_not_written_down_and_said_in_two_languages(strict: Any) -> None:
    asker = strict.member("tremblay")
    for number in range(3):
        looks(strict, asker, number).ok()
    refused = looks(strict, asker, 3)
    assert "Save those that you need" in refused.json["detail"]
    assert "60 minutes" in refused.json["detail"]
    french = looks(strict, asker.in_french(), 3).json["detail"]
    assert "Enregistrez" in french
    assert "60 minutes" in french.replace("\u00a0", " ")
    assert "p03.example" not in refused.text + french
    assert strict.sql("SELECT count(*) FROM reveals WHERE company_id = 'card-03'") == [(0,)]


def test_a_company_seen_already_that_day_costs_nothing_and_is_shown_at_any_time(strict: Any, clock: Clock) -> None:
    asker = strict.member("tremblay")
    for number in range(3):
        looks(strict, asker, number).ok()
    assert [looks(strict, asker, 1).status for _ in range(5)] == [200] * 5
    check_refused(looks(strict, asker, 3), 3_600)
    clock.moves(hours=2)
    for number in (0, 1, 2, 3, 4):
        looks(strict, asker, number).ok()
    check_refused(looks(strict, asker, 5), 24 * 3_600)
    looks(strict, asker, 4).ok()
    assert strict.sql("SELECT count(*) FROM reveals") == [(14,)]


def test_companies_that_are_saved_do_not_count_and_count_again_when_they_are_no_longer(strict: Any) -> None:
    asker = strict.member("tremblay")
    for number in range(4):
        saves(strict, asker, number)
    for number in (4, 5, 6):
        looks(strict, asker, number).ok()
    check_refused(looks(strict, asker, 7), 3_600)
    saves(strict, asker, 6)
    looks(strict, asker, 7).ok()
    strict.sql("UPDATE contacts SET linked_company_id = NULL WHERE linked_company_id = 'card-01'")
    check_refused(looks(strict, asker, 8), 3_600)


def test_saving_everything_is_limited_too_at_a_larger_number(strict: Any, clock: Clock) -> None:
    asker = strict.member("tremblay")
    for number in range(6):
        saves(strict, asker, number)
        clock.moves(seconds=1)
    check_refused(looks(strict, asker, 6), 24 * 3_600 - 6)
    looks(strict, asker, 5).ok()
    clock.moves(hours=24)
    looks(strict, asker, 6).ok()


def test_one_that_is_in_the_list_already_is_shown_though_the_others_are_full(strict: Any, clock: Clock) -> None:
    asker = strict.member("tremblay")
    saves(strict, asker, 9)
    clock.moves(days=3)
    for number in range(3):
        looks(strict, asker, number).ok()
    check_refused(looks(strict, asker, 3), 3_600)
    looks(strict, asker, 9).ok()


def test_a_company_of_the_last_two_weeks_is_shown_fewer(strict: Any, clock: Clock) -> None:
    asker = strict.member("young")
    for number in range(2):
        looks(strict, asker, number, "young").ok()
    check_refused(looks(strict, asker, 2, "young"), 24 * 3_600)
    clock.moves(days=13)
    for number in range(2):
        looks(strict, asker, number, "young").ok()
    check_refused(looks(strict, asker, 2, "young"), 24 * 3_600)
    clock.moves(days=1)
    for number in range(3):
        looks(strict, asker, number, "young").ok()


def test_colleagues_share_one_quota_and_another_company_has_its_own(strict: Any) -> None:
    admin, user, other = strict.member("tremblay"), strict.member("tremblay", "standard_user"), strict.member("client")
    looks(strict, admin, 0).ok()
    looks(strict, user, 1).ok()
    looks(strict, admin, 2).ok()
    check_refused(looks(strict, user, 3), 3_600)
    looks(strict, other, 3, "client").ok()


def test_a_firm_has_a_quota_over_all_its_clients(strict: Any, clock: Clock) -> None:
    clock.moves(days=20)
    accountant = strict.member("firm")
    for client in ("tremblay", "client", "young"):
        strict.sql("INSERT INTO firm_clients VALUES ('firm', :client, 'x', 0)", client=client)

    def looks_for(client: str, number: int) -> Any:
        token = strict.services.tokens.suggestion(f"card-{number:02}", client)
        acting = {"Carnet-Acting-For": client}
        return accountant.ask("POST", "/v1/reveals", {"suggestion": token}, headers=acting)

    link = looks_for("tremblay", 0).ok()["link"]
    looks_for("tremblay", 1).ok()
    looks_for("client", 2).ok()
    looks_for("client", 3).ok()
    refused = looks_for("young", 4)
    check_refused(refused, 24 * 3_600)
    assert "Your firm" in refused.json["detail"]
    looks_for("young", 2).ok()  # the firm has seen it today, for another client
    looks(strict, strict.member("young"), 4, "young").ok()  # the client's own members are not the firm
    saved = {"relation": "vendor", "link": link}
    accountant.ask("POST", "/v1/contacts", saved, headers={"Carnet-Acting-For": "tremblay"}).ok()
    looks_for("young", 5).ok()
    assert strict.sql("SELECT DISTINCT firm_id FROM reveals WHERE viewer LIKE '%@firm.example'") == [("firm",)]


def test_the_same_request_again_is_answered_though_the_quota_is_reached_meanwhile(strict: Any) -> None:
    asker = strict.member("tremblay")
    token = strict.services.tokens.suggestion("card-00", "tremblay")
    key = {"Idempotency-Key": "k"}
    asker.ask("POST", "/v1/reveals", {"suggestion": token}, headers=key).ok()
    for number in (1, 2):
        looks(strict, asker, number).ok()
    asker.ask("POST", "/v1/reveals", {"suggestion": token}, headers=key).ok()
    assert strict.sql("SELECT count(*) FROM reveals") == [(3,)]


def test_requests_at_the_same_moment_are_not_more_than_the_quota(strict: Any) -> None:
    members = [strict.member("tremblay", role) for role in ("primary_admin", "company_admin", "standard_user")]
    barrier, statuses = threading.Barrier(12), []

    def look(number: int) -> None:
        barrier.wait(30)
        statuses.append(looks(strict, members[number % 3], number).status)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [200] * 3 + [429] * 9
    assert strict.sql("SELECT count(DISTINCT company_id), count(*) FROM reveals") == [(3, 3)]


def test_companies_that_look_at_one_another_at_the_same_moment_do_not_wait_in_a_circle(strict: Any) -> None:
    strict.load(**{name: f"Cercle {name}" for name in ("ca-a", "ca-b")})
    pairs = [("ca-a", "ca-b"), ("ca-b", "ca-a")] * 6
    members = {name: strict.member(name) for name in ("ca-a", "ca-b")}
    barrier, statuses = threading.Barrier(len(pairs)), []

    def look(viewer: str, seen: str) -> None:
        token = strict.services.tokens.suggestion(seen, viewer)
        barrier.wait(30)
        statuses.append(members[viewer].ask("POST", "/v1/reveals", {"suggestion": token}).status)

    threads = [threading.Thread(target=look, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * len(pairs)


def test_limits_off_means_no_quota_and_the_ledger_still(new_network: Callable[..., Any]) -> None:
    network = new_network(**{**FEW, "CARNET_LIMITS": "off"})
    network.load(tremblay="Quincaillerie Tremblay ltée", **MANY)
    asker = network.member("tremblay")
    assert [looks(network, asker, number).status for number in range(20)] == [200] * 20
    assert network.sql("SELECT count(*) FROM reveals") == [(20,)]
