"""How often somebody may look up: per person, never per address, in a window that moves."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clock import Clock
from tests.conftest import settled


@pytest.fixture
def limited(new_network: Callable[..., Any]) -> Any:
    return settled(new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="5/minute;9/day"))


def asks(member: Any, times: int, **options: Any) -> list[int]:
    return [member.ask("GET", "/v1/typeahead?q=bitf", **options).status for _ in range(times)]


def test_the_one_too_many_is_told_when_to_come_back_and_then_is_answered(limited: Any, clock: Clock) -> None:
    asker = limited.member("tremblay")
    assert asks(asker, 2) == [200] * 2
    clock.moves(seconds=20)
    assert asks(asker, 4) == [200] * 3 + [429]
    refused = asker.types("bitf")
    assert refused.code == "too_many_requests"
    wait = int(refused.headers["Retry-After"])
    assert wait in (40, 41)  # Redis keeps times to a tenth of a millisecond
    assert f"{wait} seconds" in refused.json["detail"]
    assert f"{wait}\u00a0secondes" in asker.in_french().types("bitf").json["detail"]
    clock.moves(seconds=39)
    assert asks(asker, 1) == [429]
    clock.moves(seconds=1.1)  # the window moves: the first two have left it, the other three have not
    assert asks(asker, 3) == [200, 200, 429]


def test_the_limit_of_the_day_is_told_in_hours(limited: Any, clock: Clock) -> None:
    asker = limited.member("tremblay")
    asks(asker, 5)
    clock.moves(hours=1)
    assert asks(asker, 5) == [200] * 4 + [429]
    refused = asker.types("bitf")
    assert int(refused.headers["Retry-After"]) in (23 * 3_600, 23 * 3_600 + 1)
    assert " hours" in refused.json["detail"]


def test_what_counts_as_several_look_ups_is_told_to_come_back_when_there_is_room_for_all(
    new_network: Callable[..., Any], clock: Clock
) -> None:
    asker = settled(new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="12/minute")).member("tremblay")
    assert asks(asker, 1) == [200]
    clock.moves(seconds=20)
    assert asks(asker, 11) == [200] * 11
    refused = asker.ask("GET", "/v1/company/as-others-see-it")
    assert refused.code == "too_many_requests"
    clock.moves(seconds=int(refused.headers["Retry-After"]) + 0.1)
    assert asker.ask("GET", "/v1/company/as-others-see-it").status == 200


def test_what_the_minute_refuses_does_not_count_for_the_day(limited: Any, clock: Clock) -> None:
    asker = limited.member("tremblay")
    assert asks(asker, 15) == [200] * 5 + [429] * 10
    clock.moves(hours=1)
    assert asks(asker, 5) == [200] * 4 + [429]


def test_it_is_the_person_that_counts_not_the_address_nor_the_company(limited: Any) -> None:
    assert asks(limited.member("tremblay"), 6)[-1] == 429
    assert asks(limited.member("tremblay", "standard_user"), 5) == [200] * 5
    assert asks(limited.member("bitfarms"), 5) == [200] * 5


def test_an_accountant_counts_once_for_all_clients_and_apart_from_the_clients_own_people(limited: Any) -> None:
    accountant = limited.member("firm")
    for client in ("tremblay", "bitfarms"):
        limited.sql("INSERT INTO firm_clients VALUES ('firm', :client, 'x', 0)", client=client)
    assert asks(accountant, 3, headers={"Carnet-Acting-For": "tremblay"}) == [200] * 3
    assert asks(accountant, 3, headers={"Carnet-Acting-For": "bitfarms"}) == [200, 200, 429]
    assert asks(limited.member("tremblay"), 1) == [200]


def test_a_pick_counts_as_a_look_up_and_nothing_else_does(limited: Any) -> None:
    asker = limited.member("tremblay")
    suggestion = asker.suggestion("bitf")
    picks = [asker.ask("POST", "/v1/reveals", {"suggestion": suggestion}).status for _ in range(5)]
    assert picks == [200] * 4 + [429]
    for path in ("/v1/company/card", "/v1/company/visibility", "/v1/contacts", "/v1/company/reveals"):
        assert [asker.ask("GET", path).status for _ in range(7)] == [200] * 7, path
    assert asker.ask("PUT", "/v1/company/visibility", {"visible": False}).status == 200


def test_who_may_not_look_up_at_all_is_told_that_and_not_counted(limited: Any) -> None:
    assert {limited.nobody().types("bitf").status for _ in range(7)} == {401}
    assert {limited.member("firm").types("bitf").status for _ in range(7)} == {403}


def test_limits_off_means_none(new_network: Callable[..., Any]) -> None:
    network = settled(new_network(CARNET_LIMITS="off", CARNET_LIMIT_LOOKUPS="1/day"))
    assert asks(network.member("tremblay"), 5) == [200] * 5


def test_without_settings_it_is_600_a_minute_and_10_000_a_day(new_network: Callable[..., Any], clock: Clock) -> None:
    network = settled(new_network(CARNET_LIMITS="on"))
    assert network.services.lookup_limits.per_member == "600/minute;10000/day"
    asker = network.member("tremblay")
    statuses = asks(asker, 601)
    assert statuses[:600] == [200] * 600
    assert statuses[600] == 429
