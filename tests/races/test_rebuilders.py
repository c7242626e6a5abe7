"""Rebuilds that meet, sleep, die or hear no answer: look-ups read one build that the rows call live, and nothing is left.

A "sleeper" is a rebuild in a thread that stops at a step until the test lets it go on; whatever else happens meanwhile
happens for certain.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

import indexer.rebuild
import indexer.swap
from directory import outbox
from directory.errors import CarnetError, LeaseLost, Refused, Unavailable
from directory.ports import Near
from indexer import lease
from indexer.build_names import BuildName, alias
from indexer.builds import State, all_builds, region_lease
from indexer.engines.opensearch import OpenSearchEngine
from indexer.history import read_history
from indexer.janitor import tidy
from indexer.mend import mend_region
from indexer.rebuild import rebuild_region
from indexer.render import fingerprint
from mappings.reading import read
from tests.races.proxy import Line, line_to
from tests.services import addresses

PATIENCE_S = 60


class Sleeper:
    """A rebuild of ca that stops where `pause` is called, until `wake`."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.error: BaseException | None = None
        self._asleep, self._go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self.thread.start()
        assert self._asleep.wait(PATIENCE_S), self.error

    def pause(self) -> None:
        if threading.current_thread() is self.thread:
            self._asleep.set()
            assert self._go.wait(PATIENCE_S)

    def wake(self) -> None:
        self._go.set()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()

    def _run(self) -> None:
        try:
            rebuild_region(self.network.records, self.network.engine, "ca", lambda _: self._at_a_page())
        except BaseException as error:  # handed to the test's own thread
            self.error = error
            self._asleep.set()

    def _at_a_page(self) -> None:
        if self.pauses_at_pages:
            self.pause()

    pauses_at_pages = False


@pytest.fixture
def sleeper(network: Any) -> Iterator[Sleeper]:
    made = Sleeper(network)
    yield made
    made._go.set()


def end_leases(network: Any) -> None:
    """As if their time had come: what a process that sleeps does not notice."""
    network.sql("UPDATE leases SET until = 0")


def check_in_order(network: Any) -> str:
    """One live build, read by look-ups; at most one retiring; no other, neither as a row nor in the engine."""
    with network.records.reading() as connection:
        builds = all_builds(connection, ["ca"])
    states = [build.state for build in builds]
    assert states.count(State.LIVE) == 1, states
    assert set(states) <= {State.LIVE, State.RETIRING}
    assert states.count(State.RETIRING) <= 1
    assert {name for name in network.engine.names() if name.startswith("companies-ca-")} == {b.name for b in builds}
    (live,) = [build.name for build in builds if build.state is State.LIVE]
    assert network.engine.serving("ca") == live
    assert network.member("tremblay").finds("bitf") == ["Bitfarms Ltd."]
    return live


def events(network: Any) -> list[str]:
    return [entry.event for entry in read_history(network.records, region="ca", most=20)]


def test_of_two_rebuilders_the_second_is_refused_and_the_first_goes_on(network: Any, sleeper: Sleeper) -> None:
    sleeper.pauses_at_pages = True
    sleeper.start()
    with pytest.raises(Refused, match="Another process"):
        rebuild_region(network.records, network.engine, "ca")
    sleeper.wake()
    assert sleeper.error is None
    check_in_order(network)


def test_a_lease_is_taken_again_only_when_it_has_ended_and_under_a_higher_number(network: Any) -> None:
    first = lease.take(network.records, "a thing")
    assert first
    assert lease.take(network.records, "a thing") is None
    end_leases(network)
    second = lease.take(network.records, "a thing")
    assert second
    assert second.number > first.number
    with pytest.raises(LeaseLost):
        first.check(network.records)
    lease.give_back(network.records, first)  # does not end the other's
    assert lease.take(network.records, "a thing") is None
    second.check(network.records)
    lease.give_back(network.records, second)
    assert lease.take(network.records, "a thing")


def test_of_eight_who_take_a_lease_at_once_one_has_it(network: Any, together: Any) -> None:
    taken = together(*[lambda: lease.take(network.records, "a thing")] * 8)
    assert sum(one is not None for one in taken) == 1


def test_a_rebuilder_that_slept_through_its_lease_changes_nothing_when_it_wakes_up(
    network: Any, sleeper: Sleeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = network.engine.finish

    def asleep_before(*arguments: Any) -> None:
        finish(*arguments)
        sleeper.pause()

    monkeypatch.setattr(network.engine, "finish", asleep_before)
    sleeper.start()
    end_leases(network)
    second = str(rebuild_region(network.records, network.engine, "ca"))
    assert check_in_order(network) == second
    seen = events(network)
    sleeper.wake()
    assert isinstance(sleeper.error, LeaseLost)
    assert check_in_order(network) == second
    assert events(network) == seen


def test_a_rebuilder_that_wakes_up_in_the_middle_of_its_swap_does_not_swap(
    network: Any, sleeper: Sleeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had seen that the lease is its own; then it slept. Its index is gone, so the swap fails."""
    serve = network.engine.serve

    def asleep_before(*arguments: Any, **more: Any) -> None:
        sleeper.pause()
        serve(*arguments, **more)

    monkeypatch.setattr(network.engine, "serve", asleep_before)
    sleeper.start()
    end_leases(network)
    second = str(rebuild_region(network.records, network.engine, "ca"))
    sleeper.wake()
    assert isinstance(sleeper.error, CarnetError)
    assert check_in_order(network) == second


def test_a_swap_whose_rebuilder_lost_its_lease_right_after_it_is_finished_by_the_next_holder(
    network: Any, sleeper: Sleeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = network.engine.serve

    def asleep_after(*arguments: Any, **more: Any) -> None:
        serve(*arguments, **more)
        sleeper.pause()

    monkeypatch.setattr(network.engine, "serve", asleep_after)
    sleeper.start()
    end_leases(network)
    with region_lease(network.records, "ca") as held:
        served = mend_region(network.records, network.engine, held, "ca")
    assert check_in_order(network) == served
    sleeper.wake()
    assert isinstance(sleeper.error, LeaseLost)
    assert check_in_order(network) == served


def swaps_late(network: Any, region: str, *, instead_of: str | None) -> str:
    """A build whose swap arrives after it was given up: the cluster may do what it was told long after anybody waits for the
    answer."""
    records, engine = network.records, network.engine
    late = BuildName.new(region, fingerprint())
    with region_lease(records, region) as held:
        with records.writing() as connection:
            indexer.rebuild.builds.start(connection, held, late)
        engine.create(str(late))
        engine.finish(str(late))
        with records.writing() as connection:
            indexer.rebuild.builds.give_up(connection, held, [str(late)])
        engine.serve(region, str(late), instead_of=instead_of)
    return str(late)


def test_a_swap_that_arrives_after_its_build_was_given_up_is_swapped_back(network: Any) -> None:
    records, engine = network.records, network.engine
    live = check_in_order(network)
    swaps_late(network, "ca", instead_of=live)
    tidy(records, engine)
    assert check_in_order(network) == live
    assert events(network)[0] == "swapped_back"


def test_a_regions_first_swap_that_arrives_after_its_build_was_given_up_is_withdrawn_and_stops_no_rebuild(
    network: Any,
) -> None:
    records, engine = network.records, network.engine
    late = swaps_late(network, "fr", instead_of=None)
    tidy(records, engine)
    assert engine.serving("fr") is None
    assert late not in engine.names()
    assert str(rebuild_region(records, engine, "fr")) == engine.serving("fr")


def test_such_a_swap_is_withdrawn_where_the_live_index_is_lost_too(network: Any) -> None:
    records, engine = network.records, network.engine
    live = check_in_order(network)
    engine.withdraw("ca", live)
    engine.drop(live)
    late = swaps_late(network, "ca", instead_of=None)
    tidy(records, engine)
    assert engine.serving("ca") is None
    assert late not in engine.names()
    rebuild_region(records, engine, "ca")
    check_in_order(network)


@pytest.mark.services
def test_of_two_indices_that_look_ups_read_at_once_the_live_one_stays(network: Any) -> None:
    """One was added long after it was asked for, or came from a backup with its alias."""
    live = check_in_order(network)
    stranger = str(BuildName.new("ca", "00000000"))
    network.engine.create(stranger)
    read = {"index": network.engine._prefix + stranger, "alias": network.engine._prefix + alias("ca")}
    network.engine._client.ask("POST", "/_aliases", body={"actions": [{"add": read}]})
    with pytest.raises(Unavailable):
        network.engine.serving("ca")
    tidy(network.records, network.engine)
    tidy(network.records, network.engine)  # nobody reads it now, and no row names it
    assert check_in_order(network) == live


def test_a_swap_that_was_done_and_not_written_down_is_finished_by_the_next_rebuild_or_the_janitor(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    for mended_by in (
        lambda: tidy(network.records, network.engine),
        lambda: rebuild_region(network.records, network.engine, "ca"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(indexer.swap, "make_live", dies)
            with pytest.raises(KeyboardInterrupt):
                rebuild_region(network.records, network.engine, "ca")
        read = network.engine.serving("ca")
        network.member("bitfarms").turns(visible=False)
        network.member("bitfarms").turns(visible=True)
        mended_by()
        check_in_order(network)
        history = read_history(network.records, region="ca", most=20)
        assert read in {entry.build for entry in history if entry.event == "swap_finished"}


def test_a_rebuilder_that_was_killed_leaves_a_build_that_the_janitor_drops(
    network: Any, sleeper: Sleeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = check_in_order(network)
    monkeypatch.setattr(indexer.rebuild, "_give_up", lambda *_: None)  # a process that is killed does nothing more
    monkeypatch.setattr(indexer.rebuild, "backfill", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        rebuild_region(network.records, network.engine, "ca")
    assert len([name for name in network.engine.names() if name.startswith("companies-ca-")]) == 2
    end_leases(network)
    tidy(network.records, network.engine)
    assert check_in_order(network) == live


def test_the_janitor_leaves_alone_what_somebody_works_on(network: Any, sleeper: Sleeper) -> None:
    sleeper.pauses_at_pages = True
    sleeper.start()
    names = network.engine.names()
    tidy(network.records, network.engine)
    assert network.engine.names() == names
    sleeper.wake()
    assert sleeper.error is None
    check_in_order(network)


def test_an_index_that_no_row_names_is_removed_and_one_that_look_ups_read_is_not(network: Any) -> None:
    orphan = str(BuildName.new("ca", "00000000"))
    network.engine.create(orphan)
    tidy(network.records, network.engine)
    check_in_order(network)
    network.sql("DELETE FROM index_builds WHERE region = 'us'")  # as after a restore of older records
    read = network.engine.serving("us")
    tidy(network.records, network.engine)
    assert network.engine.serving("us") == read
    assert network.member("ajax").types("bitf").ok()["suggestions"] == []


def test_a_build_that_is_dropped_while_somebody_writes_to_it_fails_no_opt_out(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes has read that there is such a build, and another process takes it away before the write comes."""
    records, engine = network.records, network.engine
    live, late, write = check_in_order(network), BuildName.new("ca", fingerprint()), network.engine.write
    with region_lease(records, "ca") as held:
        with records.writing() as connection:
            indexer.rebuild.builds.start(connection, held, late)
        engine.create(str(late))

    def taken_away_before(build: str, *arguments: Any, **more: Any) -> Any:
        if build == str(late):
            end_leases(network)
            tidy(records, engine)
        return write(build, *arguments, **more)

    monkeypatch.setattr(engine, "write", taken_away_before)
    assert network.member("bitfarms").turns(visible=False)["index_confirmed"]
    assert engine.propose("ca", read("bitfarms"), Near(), 10) == []
    assert live == engine.serving("ca")


def test_a_rebuild_that_died_before_it_made_its_index_keeps_no_opt_out_from_being_confirmed(network: Any) -> None:
    with region_lease(network.records, "ca") as held, network.records.writing() as connection:
        indexer.rebuild.builds.start(connection, held, BuildName.new("ca", fingerprint()))
    assert network.member("bitfarms").turns(visible=False)["index_confirmed"]
    assert network.sql("SELECT count(*) FROM outbox")[0][0] == 0
    rebuild_region(network.records, network.engine, "ca")
    assert network.engine.propose("ca", read("bitfarms"), Near(), 10) == []
    network.member("bitfarms").turns(visible=True)
    check_in_order(network)


def test_an_opt_out_that_the_index_confirmed_stands_in_no_build_that_look_ups_come_to_read(
    network: Any, sleeper: Sleeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after the comparison and before the swap; the index is asked by itself, the moment it is swapped in."""
    serve, shown = network.engine.serve, list[list[str]]()

    def swap_late(*arguments: Any, **more: Any) -> None:
        sleeper.pause()
        serve(*arguments, **more)
        shown.append(network.engine.propose("ca", read("bitfarms"), Near(), 10))

    monkeypatch.setattr(network.engine, "serve", swap_late)
    sleeper.start()
    assert network.member("bitfarms").turns(visible=False)["index_confirmed"]
    sleeper.wake()
    assert sleeper.error is None
    assert shown == [[]]


@pytest.fixture
def search_line() -> Iterator[Line]:
    address = urlsplit(addresses().search_url)
    with line_to(address.hostname or "", address.port or 0) as line:
        yield line


@pytest.mark.services
def test_neither_a_rebuild_nor_an_opt_out_waits_for_a_worker_that_stands_still_with_what_it_has_claimed(
    new_network: Callable[..., Any],
) -> None:
    network = new_network()
    network.load(tremblay="Quincaillerie Tremblay ltée", bitfarms="Bitfarms Ltd.")
    version = network.sql("SELECT index_version FROM companies WHERE id = 'bitfarms'")[0][0]
    with network.records.writing() as connection:
        outbox.add(connection, [("bitfarms", version)])
    with outbox.claimed(network.records, 10) as claimed:
        assert claimed.company_ids == ["bitfarms"]
        rebuild_region(network.records, network.engine, "ca")
        assert network.member("bitfarms").turns(visible=False)["index_confirmed"]
        claimed.settle([("bitfarms", version)])
    assert network.sql("SELECT count(*) FROM outbox")[0][0] == 0
    network.member("bitfarms").turns(visible=True)
    check_in_order(network)


@pytest.mark.services
def test_a_swap_whose_answer_is_lost_on_the_line_is_read_back_and_written_down(
    new_network: Callable[..., Any], search_line: Line
) -> None:
    network = new_network()
    network.load(tremblay="Quincaillerie Tremblay ltée", bitfarms="Bitfarms Ltd.")
    before = check_in_order(network)
    prefix = network.settings.search_url.partition("#")[2]
    over_the_line = OpenSearchEngine(f"http://127.0.0.1:{search_line.port}", prefix=prefix)
    search_line.lose = b"POST /_aliases"
    after = str(rebuild_region(network.records, over_the_line, "ca"))
    assert search_line.lost == 1
    assert check_in_order(network) == after != before
    over_the_line.close()


@pytest.mark.services
def test_a_rebuild_that_hears_nothing_after_its_swap_leaves_all_to_the_next_one(
    new_network: Callable[..., Any], search_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = new_network()
    network.load(tremblay="Quincaillerie Tremblay ltée", bitfarms="Bitfarms Ltd.")
    prefix = network.settings.search_url.partition("#")[2]
    over_the_line = OpenSearchEngine(f"http://127.0.0.1:{search_line.port}", prefix=prefix)
    serve = over_the_line.serve

    def serve_and_cut(*arguments: Any, **more: Any) -> None:
        serve(*arguments, **more)
        search_line.cut()

    monkeypatch.setattr(over_the_line, "serve", serve_and_cut)
    with pytest.raises(Unavailable):
        rebuild_region(network.records, over_the_line, "ca")
    over_the_line.close()
    network.member("bitfarms").turns(
        visible=False
    )  # the build that is read is still called building: written to all the same
    assert network.member("tremblay").finds("bitf") == []
    network.member("bitfarms").turns(visible=True)
    tidy(network.records, network.engine)
    check_in_order(network)
