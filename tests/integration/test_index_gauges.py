"""What /metrics tells of the index: asked of the records at each call."""

from typing import Any

import pytest

from indexer import upkeep
from indexer.rebuild import rebuild_region
from indexer.reconcile import reconcile_region
from indexer.upkeep import Upkeep


def gauges(network: Any) -> dict[str, float]:
    text = network.nobody().ask("GET", "/metrics").text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def hide_unnoticed(network: Any) -> None:
    network.sql("UPDATE companies SET visible = false, index_version = index_version + 1 WHERE id = 'heroux'")


def test_waiting_changes_builds_and_drift_are_told(network: Any) -> None:
    quiet = gauges(network)
    assert quiet["carnet_outbox_changes"] == quiet["carnet_outbox_oldest_seconds"] == 0
    assert quiet['carnet_index_builds{state="live"}'] == 2
    assert quiet['carnet_index_drift{kind="shown"}'] == quiet["carnet_index_outdated"] == 0
    assert 0 < quiet["carnet_index_rebuild_age_seconds"] < 600
    network.imports(network.write("more.csv", {"late": "Late Ltd."}))
    network.sql("UPDATE outbox SET at = at - 90000")
    hide_unnoticed(network)
    reconcile_region(network.records, network.engine, "ca", repair=False)
    network.sql("UPDATE index_builds SET fingerprint = '00000000' WHERE region = 'us'")
    told = gauges(network)
    assert told["carnet_outbox_changes"] == 1
    assert 90 <= told["carnet_outbox_oldest_seconds"] < 600
    assert (
        told['carnet_index_drift{kind="shown"}']
        == told["carnet_index_drift_left"]
        == told["carnet_index_outdated"]
        == 1
    )
    assert told["carnet_index_check_age_seconds"] < 600


def test_the_time_from_an_opt_out_to_an_index_that_agrees_is_counted(network: Any) -> None:
    before = gauges(network)["carnet_index_confirm_seconds_count"]
    network.member("bitfarms").turns(visible=False)
    network.imports(network.write("more.csv", {"late": "Late Ltd."}))
    network.drain()
    assert gauges(network)["carnet_index_confirm_seconds_count"] == before + 2


@pytest.mark.services
def test_failed_jobs_are_counted_where_there_is_a_queue(network: Any) -> None:
    assert gauges(network)["carnet_jobs_failed"] == 0


def test_upkeep_compares_what_is_due_and_mends_it_by_itself(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_unnoticed(network)
    network.sql("UPDATE index_builds SET created_at = 0")
    monkeypatch.setattr(upkeep, "EVERY_S", 0.01)
    beside = Upkeep(network.records, network.engine, hours=24)
    beside.start()
    while "carnet_index_check_age_seconds" not in (told := gauges(network)) or upkeep.next_due(network.records, 24):
        assert beside._thread.is_alive()
    beside.stop()
    assert not beside._thread.is_alive()
    assert told['carnet_index_drift{kind="shown"}'] <= 1
    told = gauges(network)
    assert (told['carnet_index_drift{kind="shown"}'], told["carnet_index_drift_left"]) == (1, 0)
    assert network.member("tremblay").finds("heroux") == []


def test_what_was_found_in_an_index_that_was_replaced_since_is_told_no_longer(network: Any) -> None:
    hide_unnoticed(network)
    reconcile_region(network.records, network.engine, "ca", repair=False)
    network.sql("UPDATE index_checks SET at = at - 90000000")
    assert gauges(network)["carnet_index_drift_left"] == 1
    rebuild_region(network.records, network.engine, "ca")
    told = gauges(network)
    assert told["carnet_index_drift_left"] == told['carnet_index_drift{kind="shown"}'] == 0
    assert told["carnet_index_check_age_seconds"] < 600
