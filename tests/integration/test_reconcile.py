"""What a comparison of the index with the records finds, and what it can mend."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import indexer.drain
import indexer.rollback
import indexer.upkeep
from directory import outbox
from directory.errors import Refused, Unavailable
from directory.records.tables import now
from indexer.build_names import BuildName
from indexer.builds import State, family, region_lease, start
from indexer.compare import Kind
from indexer.engines.port import Tombstone, TryLater
from indexer.history import read_history
from indexer.janitor import tidy
from indexer.rebuild import rebuild_region, settle_held
from indexer.reconcile import last_checks, reconcile_region
from indexer.render import fingerprint
from indexer.rollback import rollback_region
from indexer.sync import sync_companies
from indexer.upkeep import Upkeep, next_due
from tests.contract.conftest import document


def live(network: Any, region: str = "ca") -> str:
    with network.records.reading() as connection:
        (build,) = [build.name for build in family(connection, [region]) if build.state is State.LIVE]
    return build


def found(network: Any, *, repair: bool = True) -> tuple[dict[str, int], int]:
    checked = reconcile_region(network.records, network.engine, "ca", repair=repair)
    return {str(kind): number for kind, number in checked.drift.items() if number}, checked.left


def write(network: Any, *items: Any) -> None:
    network.engine.write(live(network), list(items), refresh=True)


def version(network: Any, company: str) -> int:
    return network.sql("SELECT index_version FROM companies WHERE id = :c", c=company)[0][0]


def never_indexed(network: Any) -> None:
    network.imports(network.write("more.csv", {"lost": "Lost Ltd."}))
    network.sql("DELETE FROM outbox")


def buried_by_mistake(network: Any) -> None:
    write(network, Tombstone("heroux", version(network, "heroux")))


def renamed_unnoticed(network: Any) -> None:
    network.sql("UPDATE companies SET index_version = index_version + 1 WHERE id = 'heroux'")


def hidden_unnoticed(network: Any) -> None:
    network.sql("UPDATE companies SET visible = false, index_version = index_version + 1 WHERE id = 'heroux'")


def hidden_at_the_same_version(network: Any) -> None:
    network.sql("UPDATE companies SET visible = false WHERE id = 'heroux'")


def another_regions(network: Any) -> None:
    write(network, document("ajax", "Ajax Novelty", 1))


def nobodys(network: Any) -> None:
    write(network, document("ghost", "Ghost Ltd.", 7))


DRIFTS: dict[Kind, list[Callable[[Any], None]]] = {
    Kind.MISSING: [never_indexed, buried_by_mistake],
    Kind.STALE: [renamed_unnoticed],
    Kind.SHOWN: [hidden_unnoticed, hidden_at_the_same_version],
    Kind.ORPHAN: [another_regions, nobodys],
}


@pytest.mark.parametrize(
    ("kind", "drifts"),
    [(kind, drifts) for kind, many in DRIFTS.items() for drifts in many],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_each_kind_of_drift_is_told_and_repaired(network: Any, kind: Kind, drifts: Callable[[Any], None]) -> None:
    assert found(network) == ({}, 0)
    drifts(network)
    assert found(network, repair=False) == ({kind: 1}, 1)
    assert found(network) == ({kind: 1}, 0)
    assert found(network) == ({}, 0)
    shown = network.sql("SELECT count(*) FROM companies WHERE region = 'ca' AND visible AND kind = 'business'")[0][0]
    assert network.engine.count(live(network)).visible == shown


def test_a_version_that_the_records_have_not_reached_is_told_and_left_to_a_rebuild(network: Any) -> None:
    write(network, document("heroux", "Héroux-Devtek inc.", 99))
    assert found(network) == ({Kind.AHEAD: 1}, 1)
    rebuild_region(network.records, network.engine, "ca")
    assert found(network) == ({}, 0)


def test_a_change_whose_work_waits_is_no_drift(network: Any) -> None:
    network.imports(network.write("more.csv", {"late": "Late Ltd."}))
    assert found(network) == ({}, 0)
    network.drain()
    assert network.member("tremblay").finds("late") == ["Late Ltd."]


def test_a_comparison_that_the_index_breaks_off_leaves_nobody_reading_the_past(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite an answer that is not read to its end keeps its connection at the moment when it began."""

    def no_answer(_build: str) -> Any:
        raise Unavailable("search", "no answer")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(network.engine, "scan", no_answer)
        with pytest.raises(Unavailable) as broken_off:
            reconcile_region(network.records, network.engine, "ca")
    assert broken_off.value.__traceback__  # held, as it is by whoever clears up after it
    network.member("bitfarms").turns(visible=False)
    assert network.member("tremblay").finds("bitf") == []
    assert network.engine.versions(live(network), ["bitfarms"]) == {"bitfarms": version(network, "bitfarms")}


def test_what_was_found_is_kept_for_status_and_history(network: Any) -> None:
    hidden_unnoticed(network)
    found(network)
    checked = last_checks(network.records)["ca"]
    assert (checked.drift[Kind.SHOWN], checked.left, checked.build) == (1, 0, live(network))
    entry = read_history(network.records, region="ca", most=1)[0]
    assert (entry.event, entry.detail["shown"]) == ("drift", 1)
    assert read_history(network.records, region="us", most=1)[0].event == "live"


def test_a_region_is_due_when_its_last_comparison_is_old_and_the_oldest_comes_first(network: Any) -> None:
    assert next_due(network.records, hours=24) is None  # a build is compared when it is made
    long_ago = now() - 30 * 3_600_000
    network.sql("UPDATE index_builds SET created_at = :at", at=long_ago)
    network.sql("UPDATE index_builds SET created_at = :at WHERE region = 'us'", at=long_ago - 1)
    assert next_due(network.records, hours=24) == "us"
    reconcile_region(network.records, network.engine, "us")
    assert next_due(network.records, hours=24) == "ca"
    assert next_due(network.records, hours=31) is None


def test_a_rollback_goes_back_and_forth_and_opt_outs_hold_on_both_sides(network: Any) -> None:
    with pytest.raises(Refused):
        rollback_region(network.records, network.engine, "ca")
    old = live(network)
    new = str(rebuild_region(network.records, network.engine, "ca"))
    asker = network.member("tremblay")
    network.member("bitfarms").turns(visible=False)
    assert rollback_region(network.records, network.engine, "ca").build == old == network.engine.serving("ca")
    assert asker.finds("bitf") == []
    assert network.engine.count(old).hidden >= 1
    network.member("heroux").turns(visible=False)
    network.member("bitfarms").turns(visible=True)
    assert rollback_region(network.records, network.engine, "ca").build == new == network.engine.serving("ca")
    assert asker.finds("heroux") == []
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    assert found(network) == ({}, 0)


def test_an_index_of_another_make_can_be_gone_back_to_and_hides_whoever_opted_out(network: Any) -> None:
    """It has no new documents, and the work for them waits in the outbox for a process of its own make."""
    old = live(network)
    rebuild_region(network.records, network.engine, "ca")
    network.sql("UPDATE index_builds SET fingerprint = '00000000' WHERE name = :old", old=old)
    network.member("heroux").edits(name="Renamed Aerospace inc.")
    assert network.sql("SELECT count(*) FROM outbox") == [(0,)]  # what is kept to go back to holds nobody up
    network.member("bitfarms").turns(visible=False)
    back = rollback_region(network.records, network.engine, "ca")
    assert (back.build, back.fingerprint, back.outdated) == (old, "00000000", 1)
    asker = network.member("tremblay")
    assert asker.finds("bitf") == []
    assert network.engine.versions(old, ["bitfarms"])["bitfarms"] == version(network, "bitfarms")
    assert network.sql("SELECT company_id FROM outbox") == [("heroux",)]
    assert asker.finds("heroux") == []  # its old name proposes it, and the records know better


def test_what_changes_while_look_ups_go_back_to_an_index_of_another_make_waits_for_a_process_of_it(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no documents from this make; as long as it is only kept to go back to, nothing waits for it."""
    old = live(network)
    rebuild_region(network.records, network.engine, "ca")
    network.sql("UPDATE index_builds SET fingerprint = '00000000' WHERE name = :old", old=old)
    swap = indexer.rollback.swap

    def renamed_just_before(*arguments: Any, **more: Any) -> None:
        network.member("heroux").edits(name="Renamed Aerospace inc.")
        swap(*arguments, **more)

    network.member("noise-1").edits(name="Renamed before")
    assert network.sql("SELECT count(*) FROM outbox") == [(0,)]
    monkeypatch.setattr(indexer.rollback, "swap", renamed_just_before)
    assert rollback_region(network.records, network.engine, "ca").outdated == 1
    assert {row[0] for row in network.sql("SELECT company_id FROM outbox")} == {"noise-1", "heroux"}


def test_drift_of_an_index_of_another_make_is_left_to_a_process_of_it(network: Any) -> None:
    network.member("heroux").edits(name="Renamed Aerospace inc.")
    network.sql("UPDATE index_builds SET fingerprint = '00000000' WHERE region = 'ca'")
    network.sql("UPDATE companies SET index_version = index_version + 1 WHERE id = 'heroux'")
    assert found(network) == ({Kind.STALE: 1}, 1)
    assert network.sql("SELECT company_id FROM outbox") == [("heroux",)]


def test_after_a_way_back_the_index_that_was_left_as_bad_is_not_what_the_next_rebuild_keeps(network: Any) -> None:
    good = live(network)
    bad = str(rebuild_region(network.records, network.engine, "ca"))
    rollback_region(network.records, network.engine, "ca")
    rebuild_region(network.records, network.engine, "ca")
    assert bad not in network.engine.names()
    assert rollback_region(network.records, network.engine, "ca").build == good


def loses(network: Any, region: str) -> None:
    """As with a disk: the row says live, and there is nothing."""
    lost = live(network, region)
    network.engine.withdraw(region, lost)
    network.engine.drop(lost)


def test_a_region_whose_index_is_lost_keeps_no_other_from_being_written_and_can_be_rebuilt(network: Any) -> None:
    network.imports(network.write("moved.csv", {"bitfarms": {"name": "Bitfarms Ltd.", "region": "us"}}))
    network.drain()
    loses(network, "ca")
    network.member("bitfarms").turns(visible=False)  # it was in ca once, and is a tombstone there
    network.member("heroux").edits(name="Renamed Aerospace inc.")
    with pytest.raises(Unavailable, match="search"):
        network.drain()
    assert [held.visible for held in network.engine.held(live(network, "us"), ["bitfarms"]).values()] == [False]
    rebuild_region(network.records, network.engine, "ca")
    network.drain()
    assert network.member("tremblay").finds("renamed") == ["Renamed Aerospace inc."]
    assert found(network) == ({}, 0)


def test_a_region_that_cannot_be_compared_keeps_no_other_from_it(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    loses(network, "ca")
    network.sql("UPDATE index_builds SET created_at = 0")
    network.sql("UPDATE index_builds SET created_at = 1 WHERE region = 'us'")  # so ca comes first
    monkeypatch.setattr(indexer.upkeep, "EVERY_S", 0.01)
    upkeep = Upkeep(network.records, network.engine, hours=24)
    upkeep.start()
    try:
        deadline = time.monotonic() + 30
        while "us" not in last_checks(network.records):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        upkeep.stop()
    assert "ca" not in last_checks(network.records)


def test_regions_that_cannot_be_built_keep_no_other_from_it(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    create = network.engine.create

    def but_not_of_some(build: str, **more: Any) -> None:
        if build.startswith(("companies-de-", "companies-fr-")):
            raise Unavailable("search", "too many shards")
        create(build, **more)

    monkeypatch.setattr(network.engine, "create", but_not_of_some)
    rows = {one: {"name": f"{one} Ltd.", "region": one} for one in ("de", "fr", "gb", "nl")}
    network.imports(network.write("regions.csv", rows))
    with pytest.raises(Unavailable):
        network.drain()
    assert {row[0] for row in network.sql("SELECT company_id FROM outbox")} == {"de", "fr"}
    assert network.engine.serving("gb")
    assert network.engine.serving("nl")


def test_work_that_cannot_be_done_holds_up_nothing_behind_it(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer.drain, "PART", 2)
    network.sql("UPDATE index_builds SET fingerprint = '00000000' WHERE region = 'ca'")
    renamed = {one: {"name": f"Renamed {one}"} for one in ("heroux", "bitfarms", "tremblay", "noise-1", "noise-2")}
    network.imports(network.write("renamed.csv", renamed))
    network.imports(network.write("more.csv", {"ajax": {"name": "Ajax Renewed", "region": "us"}}))
    with pytest.raises(Unavailable, match="search"):
        network.drain()
    assert network.member("ajax").types("x").status == 200
    assert network.engine.versions(live(network, "us"), ["ajax"]) == {"ajax": 2}
    assert {row[0] for row in network.sql("SELECT company_id FROM outbox")} == set(renamed)


def test_going_back_to_an_index_that_fell_behind_brings_it_up_first(network: Any) -> None:
    old = live(network)
    rebuild_region(network.records, network.engine, "ca")
    network.engine.write(old, [document("ghost", "Ghost Ltd.", 3)], refresh=True)
    hidden_unnoticed(network)
    rollback_region(network.records, network.engine, "ca")
    assert network.engine.serving("ca") == old
    assert found(network) == ({}, 0)


def test_a_new_index_that_shows_far_fewer_companies_is_refused_unless_it_is_meant(network: Any) -> None:
    network.load(**{f"n{n}": f"Nordik {n}" for n in range(20)})
    before = live(network)
    network.sql(
        "UPDATE companies SET visible = false WHERE id LIKE 'n1%'"
    )  # not by the switch: the index knows nothing
    with pytest.raises(Refused, match="--allow-shrink"):
        rebuild_region(network.records, network.engine, "ca")
    assert live(network) == before == network.engine.serving("ca")
    rebuild_region(network.records, network.engine, "ca", allow_shrink=True)
    assert network.engine.serving("ca") != before


def cannot_write(network: Any, monkeypatch: pytest.MonkeyPatch, *builds: str) -> list[str]:
    """These builds are damaged; returns the ones that were tried, as they come."""
    write, tried = network.engine.write, list[str]()

    def damaged(build: str, items: Any, **more: Any) -> Any:
        if build not in builds:
            return write(build, items, **more)
        tried.append(build)
        raise Unavailable("search", "damaged")

    monkeypatch.setattr(network.engine, "write", damaged)
    return tried


def test_a_region_whose_index_is_damaged_keeps_no_other_waiting_and_is_tried_once_a_sweep(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.drain, "BATCH", 1)
    tried = cannot_write(network, monkeypatch, live(network))
    network.imports(network.write("ca.csv", {one: {"name": f"Renamed {one}"} for one in ("heroux", "bitfarms")}))
    network.imports(network.write("us.csv", {"ajax": {"name": "Ajax Renewed", "region": "us"}}))
    with pytest.raises(Unavailable, match="search"):
        network.drain()
    assert {row[0] for row in network.sql("SELECT company_id FROM outbox")} == {"heroux", "bitfarms"}
    assert tried == [live(network)]


def test_what_was_settled_before_the_engine_went_away_stays_settled(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.drain, "BATCH", 1)
    network.imports(network.write("ca.csv", {one: {"name": f"Renamed {one}"} for one in ("heroux", "bitfarms")}))
    write, times = network.engine.write, iter((True, False))

    def goes_away(build: str, items: Any, **more: Any) -> Any:
        if next(times):
            return write(build, items, **more)
        raise TryLater("search", "away")

    monkeypatch.setattr(network.engine, "write", goes_away)
    with pytest.raises(TryLater):
        network.drain()
    assert len(network.sql("SELECT company_id FROM outbox")) == 1


def test_a_live_index_that_is_damaged_is_replaced_however_few_it_showed_and_not_kept_to_go_back_to(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged, count = live(network), network.engine.count

    def cannot(build: str) -> Any:
        if build == damaged:
            raise Unavailable("search", "damaged")
        return count(build)

    monkeypatch.setattr(network.engine, "count", cannot)
    monkeypatch.setattr(network.engine, "is_whole", lambda build: build != damaged)
    rebuild_region(network.records, network.engine, "ca")
    assert damaged not in network.engine.names()
    with network.records.reading() as connection:
        assert [build.state for build in family(connection, ["ca"])] == [State.LIVE]


def test_a_lost_index_that_was_kept_to_go_back_to_is_forgotten_within_a_minute(network: Any) -> None:
    kept = live(network)
    rebuild_region(network.records, network.engine, "ca")
    network.engine.drop(kept)
    network.imports(network.write("ca.csv", {"heroux": {"name": "Renamed Aerospace inc."}}))
    with pytest.raises(Unavailable):
        network.drain()
    tidy(network.records, network.engine)
    network.drain()
    assert found(network) == ({}, 0)


def test_what_a_build_that_has_just_begun_does_not_hold_is_not_settled(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.imports(network.write("ca.csv", {"heroux": {"name": "Renamed Aerospace inc."}}))
    sync_companies(network.records, network.engine, ["heroux"])  # and its work is still to be settled
    take = outbox.take_in_region

    def begins_meanwhile(connection: Any, *more: Any) -> Any:
        monkeypatch.setattr(outbox, "take_in_region", take)
        with region_lease(network.records, "ca") as lease:
            name = BuildName.new("ca", fingerprint())
            with network.records.writing() as writing:
                start(writing, lease, name)
            network.engine.create(str(name))
        return take(connection, *more)

    monkeypatch.setattr(outbox, "take_in_region", begins_meanwhile)
    settle_held(network.records, network.engine, "ca")
    assert [row[0] for row in network.sql("SELECT company_id FROM outbox")] == ["heroux"]


def test_what_an_index_holds_of_a_company_that_has_no_row_is_taken_out_of_it(network: Any) -> None:
    write(network, document("stranger", name="Stranger Ltd.", version=3))
    synced = sync_companies(network.records, network.engine, ["stranger", "heroux"])
    assert {company for company, _ in synced.settled} == {"stranger", "heroux"}
    held = network.engine.held(live(network), ["stranger", "heroux"])
    assert [held[one].visible for one in ("stranger", "heroux")] == [False, True]
    write(network, document("stranger", name="Stranger Ltd.", version=2))
    assert not network.engine.held(live(network), ["stranger"])["stranger"].visible
