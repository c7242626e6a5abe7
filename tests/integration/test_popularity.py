"""Companies that many are connected to come first among those that fit equally well."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from directory.popularity import STEPS, reckon_popularity, step
from indexer import upkeep


def nordiks(network: Any, friends: int) -> list[str]:
    """Two companies that fit `nordik` equally well, and others that may link to them; the ids of those."""
    others = {f"friend{n}": f"Ami {n:02}" for n in range(friends)}
    network.load(aa={"name": "Nordik Aa", "city": "Halifax"}, bb={"name": "Nordik Bb", "city": "Halifax"}, **others)
    return list(others)


def settle(network: Any) -> int:
    moved = reckon_popularity(network.records)
    network.drain()
    return moved


def popularity(network: Any, company: str) -> int:
    return network.sql("SELECT popularity FROM companies WHERE id = :id", id=company)[0][0]


def test_the_company_that_others_are_connected_to_comes_first_and_loses_its_place_with_them(network: Any) -> None:
    (friend,) = nordiks(network, 1)
    asker = network.member("tremblay")
    assert asker.finds("nordik") == ["Nordik Aa", "Nordik Bb"]
    contact = network.member(friend).saves("nordik bb")
    assert settle(network) == 1
    assert asker.finds("nordik") == ["Nordik Bb", "Nordik Aa"]
    network.member(friend).ask("POST", f"/v1/contacts/{contact}/unlink")
    assert settle(network) == 1
    assert asker.finds("nordik") == ["Nordik Aa", "Nordik Bb"]


def test_a_company_that_links_many_times_counts_once(network: Any) -> None:
    (friend,) = nordiks(network, 1)
    for relation in ("customer", "vendor", "vendor", "vendor"):
        network.member(friend).saves("nordik bb", relation)
    settle(network)
    assert popularity(network, "bb") == step(1) == 1


def test_a_link_writes_nothing_into_the_index_and_few_links_move_a_company(network: Any) -> None:
    friends = nordiks(network, STEPS[2] - 1)
    moved = 0
    for friend in friends:
        network.member(friend).saves("nordik bb")
        assert network.sql("SELECT count(*) FROM outbox") == [(0,)]
        moved += settle(network)
    assert (moved, popularity(network, "bb")) == (2, 2)
    assert settle(network) == 0


def test_reckoning_never_shows_what_is_hidden(network: Any) -> None:
    (friend,) = nordiks(network, 1)
    network.member(friend).saves("nordik bb")
    network.member("bb").turns(visible=False)
    settle(network)
    assert network.member("tremblay").finds("nordik") == ["Nordik Aa"]
    network.member("bb").turns(visible=True)
    network.drain()
    assert network.member("tremblay").finds("nordik") == ["Nordik Bb", "Nordik Aa"]


def test_upkeep_reckons_it_by_itself(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (friend,) = nordiks(network, 1)
    network.member(friend).saves("nordik bb")
    monkeypatch.setattr(upkeep, "EVERY_S", 0.01)
    beside = upkeep.Upkeep(network.records, network.engine, hours=0)
    beside.start()
    deadline = time.monotonic() + 60
    while not popularity(network, "bb"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    beside.stop()


@pytest.mark.parametrize(
    ("connected", "present", "stands_on"),
    [(0, 0, 0), (1, 0, 1), (2, 1, 1), (3, 1, 2), (9, 3, 3), (8, 3, 3), (7, 3, 2), (0, 1, 0), (250_000, 0, 11)],
)
def test_a_company_goes_up_at_once_and_down_when_it_is_well_below(connected: int, present: int, stands_on: int) -> None:
    assert step(connected, present) == stands_on


@given(integers(0, 200_000), integers(0, len(STEPS)))
def test_once_it_stands_on_a_step_it_stays_there_until_its_number_changes(connected: int, present: int) -> None:
    moved = step(connected, present)
    assert step(connected, moved) == moved
