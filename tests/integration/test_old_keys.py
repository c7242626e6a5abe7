"""What is remembered of requests that were done once is forgotten when nobody can be repeating them any more."""

from typing import Any

import pytest

from directory import idempotency
from directory.idempotency import KEPT_DAYS, forget_old_keys
from directory.records.tables import now
from indexer import upkeep
from tests.services.waiting import until

_DAY_MS = 86_400_000


def creates(network: Any, key: str) -> Any:
    asked = {"relation": "customer", "name": "Ajax"}
    return network.member("tremblay").ask("POST", "/v1/contacts", asked, headers={"Idempotency-Key": key}).ok()["id"]


def ages(network: Any, key: str, days: float) -> None:
    network.sql("UPDATE idempotency_keys SET at = :at WHERE key = :key", at=now() - round(days * _DAY_MS), key=key)


def kept(network: Any) -> set[str]:
    return {key for (key,) in network.sql("SELECT key FROM idempotency_keys")}


def test_a_key_is_remembered_for_seven_days_and_forgotten_then(network: Any) -> None:
    first, others = creates(network, "one"), {"two"}
    creates(network, "two")
    ages(network, "one", KEPT_DAYS - 0.01)
    assert forget_old_keys(network.records) == 0
    assert creates(network, "one") == first
    ages(network, "one", KEPT_DAYS + 0.01)
    assert forget_old_keys(network.records) == 1
    assert kept(network) == others
    assert creates(network, "one") != first


def test_however_many_are_old_they_go_a_batch_at_a_time(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "_BATCH", 2)
    for number in range(7):
        creates(network, f"key{number}")
        ages(network, f"key{number}", KEPT_DAYS + (number // 3))  # several of one moment
    creates(network, "new")
    assert forget_old_keys(network.records) == 7
    assert kept(network) == {"new"}


def test_servers_and_workers_do_it_beside_their_other_work(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    creates(network, "one")
    ages(network, "one", KEPT_DAYS + 1)
    monkeypatch.setattr(upkeep, "EVERY_S", 0.01)
    keeper = upkeep.Upkeep(network.records, network.engine, hours=0)
    keeper.start()
    try:
        until(lambda: not kept(network), 30, "that it is forgotten")
    finally:
        keeper.stop()
