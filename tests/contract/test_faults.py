"""What a cluster can do to us: refuse for now, refuse for good, close an index, freeze, be gone. Nothing is faked.

In each case the engine says so within its time limit, loses nothing that it reported as done, and says nothing of what
was written or typed.
"""

import json
import logging
import resource
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from directory.errors import Unavailable
from directory.ports import Near
from indexer.build_names import BuildName
from indexer.engines import opensearch, opensearch_bulk
from indexer.engines.embedded import EmbeddedEngine
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.ownership import Ownership
from indexer.engines.port import Counts, Engine, Tombstone, Written
from mappings.reading import read
from tests.contract.conftest import PATIENT_S, document, new_build, serve_companies
from tests.services import Addresses
from tests.services.own import own_prefix
from tests.services.start import another_search

SECRET = "Zanzibar"


@contextmanager
def gives_up_soon(url: str, prefix: str) -> Iterator[OpenSearchEngine]:
    cluster = OpenSearchEngine(url, prefix=prefix, look_up_s=PATIENT_S, give_up_s=0.4)
    yield cluster
    cluster.close()


@pytest.fixture
def engine(services: Addresses, index_prefix: str) -> Iterator[OpenSearchEngine]:
    with gives_up_soon(services.search_url, index_prefix) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def lone_node() -> Iterator[str]:
    """A cluster that no other test asks, since it is about to refuse whoever asks."""
    with another_search() as url:
        yield url


@pytest.fixture
def lone_engine(lone_node: str) -> Iterator[OpenSearchEngine]:
    with own_prefix(lone_node) as prefix, gives_up_soon(lone_node, prefix) as cluster:
        yield cluster


@pytest.fixture
def configure(services: Addresses, index_prefix: str) -> Callable[..., None]:
    """Sets a setting of a build, or takes it back (None); `path` asks for something else of it."""

    def send(build: str, setting: dict[str, Any] | None, path: str = "_settings", method: str = "PUT") -> None:
        url = f"{services.search_url}/{index_prefix}{build}/{path}"
        body = json.dumps(setting).encode() if setting is not None else None
        with urlopen(Request(url, body, {"Content-Type": "application/json"}, method=method), timeout=30):
            pass

    return send


FULL_DISK = "index.blocks.read_only_allow_delete"  # what the cluster sets by itself when a disk is nearly full


def test_a_full_disk_fails_each_write_in_bounded_time_and_look_ups_go_on(
    engine: OpenSearchEngine, configure: Callable[..., None]
) -> None:
    build = serve_companies(engine, "ca", [document("c", f"{SECRET} Ltd.")])
    configure(build, {FULL_DISK: True})
    started = time.monotonic()
    with pytest.raises(Unavailable):
        engine.write(build, [Tombstone("c", 2), Tombstone("d", 1)], refresh=True)
    assert time.monotonic() - started < 10
    assert engine.propose("ca", read(SECRET), Near(), 5) == ["c"]
    configure(build, {FULL_DISK: None})
    assert engine.write(build, [Tombstone("c", 2)], refresh=True) == [Written.DONE]
    assert engine.propose("ca", read(SECRET), Near(), 5) == []


def test_a_write_that_is_refused_for_a_moment_succeeds_when_the_moment_is_over(
    engine: OpenSearchEngine, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    build = serve_companies(engine, "ca", [])
    configure(build, {FULL_DISK: True})
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            configure(build, {FULL_DISK: None})

    monkeypatch.setattr(opensearch, "_pause", pause)
    patient = [document("c", "Patience Ltd."), Tombstone("d", 1)]
    engine._give_up_s = PATIENT_S
    assert engine.write(build, patient, refresh=True) == [Written.DONE] * 2
    assert len(pauses) == 2
    assert engine.count(build) == Counts(visible=1, hidden=1)


def test_a_bulk_that_trips_the_circuit_breaker_backs_off_and_goes_on(
    lone_engine: OpenSearchEngine, lone_node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The breaker is the node's own; only its limit is lowered, until it has refused the bulk three times."""
    build = new_build(lone_engine)

    def limit(inflight: str | None) -> None:
        body = json.dumps({"transient": {"network.breaker.inflight_requests.limit": inflight}}).encode()
        request = Request(f"{lone_node}/_cluster/settings", body, method="PUT")
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=30):
            pass

    def tripped() -> int:
        with urlopen(f"{lone_node}/_nodes/stats/breaker", timeout=30) as answer:
            nodes = json.load(answer)["nodes"].values()
        return sum(node["breakers"]["in_flight_requests"]["tripped"] for node in nodes)

    before, pauses = tripped(), []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            limit(None)

    monkeypatch.setattr(opensearch, "_pause", pause)
    lone_engine._give_up_s = PATIENT_S
    limit("20kb")
    try:
        many = [document(f"c{n}", f"{SECRET} {n} Ltd.") for n in range(500)]
        assert lone_engine.write(build, many, refresh=True) == [Written.DONE] * 500
    finally:
        limit(None)
    assert len(pauses) == 3
    assert tripped() - before >= 3
    assert lone_engine.count(build) == Counts(visible=500, hidden=0)


def test_a_write_that_is_refused_for_good_fails_at_once(
    engine: OpenSearchEngine, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    build = new_build(engine)
    configure(build, {"index.blocks.write": True})
    monkeypatch.setattr(opensearch, "_pause", lambda _: pytest.fail("it was tried again"))
    assert engine.write(build, [document("c", "Refused Ltd.")], refresh=True) == [Written.FAILED]


def test_a_request_that_is_too_much_for_the_cluster_is_unavailable_in_bounded_time(
    lone_engine: OpenSearchEngine, lone_node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More bytes at once than the node takes in: the whole request is refused, no item is answered."""
    with urlopen(f"{lone_node}/_nodes/stats/indexing_pressure", timeout=30) as answer:
        nodes = json.load(answer)["nodes"].values()
    most = min(node["indexing_pressure"]["memory"]["limit_in_bytes"] for node in nodes)
    build = new_build(lone_engine)
    monkeypatch.setattr(opensearch_bulk, "_MOST_BYTES", 10 * most)
    monkeypatch.setattr(opensearch_bulk, "_MOST_ACTIONS", most)
    large = document("c", " ".join(f"{SECRET}{n}" for n in range(300)))
    size = len(next(opensearch_bulk.batches([large]))[0])
    started = time.monotonic()
    with pytest.raises(Unavailable) as error:
        lone_engine.write(build, [large] * (most // size + 10), refresh=False)
    assert error.value.reason[:3] == ("429" if most < 100_000_000 else "413")  # http.max_content_length
    assert time.monotonic() - started < 60


def test_what_is_written_is_sent_in_parts_that_a_small_cluster_holds() -> None:
    many = list(opensearch_bulk.batches([Tombstone(f"c{n}", 1) for n in range(2_500)]))
    assert [len(part) for part in many] == [1_000, 1_000, 500]
    long_name = " ".join(f"{SECRET}{n}" for n in range(300))
    large = list(opensearch_bulk.batches([document(f"c{n}", long_name) for n in range(20)]))
    assert sum(len(part) for part in large) == 20
    assert all(sum(map(len, part)) <= 4_000_000 or len(part) == 1 for part in large)


def test_a_tombstone_stops_a_late_document_after_the_index_was_closed_and_opened(
    engine: OpenSearchEngine, configure: Callable[..., None]
) -> None:
    build = serve_companies(engine, "ca", [document("c", "Gone Ltd.", 1), Tombstone("c", 3)])
    configure(build, None, "_close", "POST")
    configure(build, None, "_open?wait_for_active_shards=1", "POST")
    assert engine.write(build, [document("c", "Gone Ltd.", 2)], refresh=True) == [Written.SUPERSEDED]
    assert engine.propose("ca", read("gone"), Near(), 5) == []


def test_a_closed_index_is_unavailable_and_not_empty(engine: OpenSearchEngine, configure: Callable[..., None]) -> None:
    build = serve_companies(engine, "ca", [document("c", "Closed Ltd.")])
    configure(build, None, "_close", "POST")
    for ask in (
        lambda: engine.propose("ca", read("closed"), Near(), 5),
        lambda: engine.versions(build, ["c"]),
        lambda: engine.count(build),
    ):
        with pytest.raises(Unavailable):
            ask()


def everything(engine: Engine) -> dict[str, Callable[[], object]]:
    build = "companies-ca-00000000-20260101t000000000000z"
    return {
        "create": lambda: engine.create(build),
        "drop": lambda: engine.drop(build),
        "write": lambda: engine.write(build, [Tombstone("c", 1)], refresh=True),
        "refresh": lambda: engine.refresh(build),
        "finish": lambda: engine.finish(build),
        "scan": lambda: list(engine.scan(build)),
        "held": lambda: engine.held(build, ["c"]),
        "try_out": lambda: engine.try_out(build, read("anything"), Near(), 5),
        "serve": lambda: engine.serve("ca", build, None),
        "serving": lambda: engine.serving("ca"),
        "propose": lambda: engine.propose("ca", read("anything"), Near(), 5),
        "versions": lambda: engine.versions(build, ["c"]),
        "count": lambda: engine.count(build),
        "names": engine.names,
    }


@pytest.mark.parametrize("method", everything(OpenSearchEngine("http://127.0.0.1:9")))
def test_a_cluster_that_is_gone_is_unavailable_at_once(method: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable) as error:
        everything(OpenSearchEngine("http://127.0.0.1:9"))[method]()
    assert error.value.part == "search"
    assert time.monotonic() - started < 2


def test_a_look_up_waits_for_a_frozen_cluster_no_longer_than_its_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:  # takes connections and never says anything
        engine = OpenSearchEngine(f"http://127.0.0.1:{frozen.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(Unavailable):
            engine.propose("ca", read("anything"), Near(), 5)
        assert opensearch.LOOK_UP_S <= time.monotonic() - started < opensearch.LOOK_UP_S + 1
        engine.close()


def test_the_embedded_engine_without_its_folder_is_unavailable_too(tmp_path: Path) -> None:
    for method, call in everything(EmbeddedEngine(tmp_path / "index", None)).items():
        if method in ("write", "refresh", "finish", "scan", "held", "try_out", "propose", "versions", "count"):
            with pytest.raises(Unavailable):
                call()


def test_neither_errors_nor_logs_repeat_what_was_written_or_typed(
    engine: OpenSearchEngine, configure: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    build = serve_companies(engine, "ca", [document("c", f"{SECRET} Ltd.")])
    engine.propose("ca", read(SECRET), Near(), 5)
    configure(build, {FULL_DISK: True})
    with pytest.raises(Unavailable) as refused:
        engine.write(build, [document("c", f"{SECRET} Ltd.", 2)], refresh=True)
    configure(build, {FULL_DISK: None})
    configure(build, None, "_close", "POST")
    with pytest.raises(Unavailable) as error:
        engine.propose("ca", read(SECRET), Near(), 5)
    assert error.value.__cause__ is None
    said = " ".join(f"{one.value!r} {one.value} {one.value.reason}" for one in (refused, error)).lower()
    assert SECRET.lower() not in caplog.text.lower()
    assert SECRET.lower() not in said


def test_an_index_whose_shard_is_nowhere_is_not_whole_and_fails_a_write_in_bounded_time(
    engine: OpenSearchEngine, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, red = new_build(engine), str(BuildName.new("ca", "00000000"))
    nowhere = {"settings": {"index.routing.allocation.require._name": "nowhere", "number_of_replicas": 0}}
    configure(red, nowhere, path="?wait_for_active_shards=0")
    monkeypatch.setattr(opensearch, "_pause", lambda _seconds: None)
    assert (engine.is_whole(whole), engine.is_whole(red), engine.is_whole(red + "x")) == (True, False, False)
    started = time.monotonic()
    with pytest.raises(Unavailable):
        engine.write(red, [Tombstone("c", 1)], refresh=False)
    assert time.monotonic() - started < 20


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    ownership = Ownership.take(tmp_path / "index")
    assert ownership
    made = EmbeddedEngine(tmp_path / "index", ownership)
    yield made
    made.close()
    ownership.give_back()


@pytest.mark.parametrize("at_once", [1, 50])
def test_embedded_what_is_written_after_a_disk_was_full_is_kept(embedded: EmbeddedEngine, at_once: int) -> None:
    """The disk is full for this process: it may not make any file longer."""
    build = serve_companies(embedded, "ca", [document(f"c{n}", f"Before {n} Ltd.") for n in range(50)])
    after = [document(f"c{n}", f"After {n} Ltd.", 2) for n in range(50)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(Unavailable):
            embedded.write(build, after[:at_once], refresh=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    for one in after:
        assert embedded.write(build, [one], refresh=True) == [Written.DONE]
    assert {held.version for held in embedded.scan(build)} == {2}
    assert embedded.count(build) == Counts(visible=50, hidden=0)


def test_embedded_a_copy_of_an_index_and_one_that_lost_its_contents_are_none_of_ours(
    embedded: EmbeddedEngine,
) -> None:
    build = serve_companies(embedded, "ca", [document("c", "One Ltd.")])
    shutil.copytree(embedded.path / build, embedded.path / f"{build}.bak")
    assert embedded.names() == [build]
    (embedded.path / build / "meta.json").unlink()
    assert embedded.names() == []


def test_embedded_an_index_that_lost_a_part_is_not_whole(embedded: EmbeddedEngine) -> None:
    build = serve_companies(embedded, "ca", [document("c", "One Ltd.")])
    assert embedded.is_whole(build)
    for part in (embedded.path / build).glob("*.store"):
        part.unlink()
    for part in (embedded.path / build).glob("*.term"):
        part.unlink()
    assert not EmbeddedEngine(embedded.path, None).is_whole(build)


def test_embedded_a_look_up_that_meets_the_first_swap_of_a_region_does_not_forget_it(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = new_build(embedded)
    embedded.write(build, [document("c", "One Ltd.")], refresh=True)
    serving, has_read, swapped = embedded.serving, threading.Event(), threading.Event()

    def slow(region: str) -> str | None:
        found = serving(region)
        if threading.current_thread() is looks_up:
            has_read.set()
            swapped.wait(0.5)  # in vain, where the swap has to wait for this
        return found

    def look_up() -> None:
        with suppress(Unavailable):
            embedded.propose("ca", read("one"), Near(), 5)

    looks_up = threading.Thread(target=look_up)
    monkeypatch.setattr(embedded, "serving", slow)
    looks_up.start()
    assert has_read.wait(10)
    embedded.serve("ca", build, instead_of=None)
    swapped.set()
    looks_up.join(10)
    assert embedded.propose("ca", read("one"), Near(), 5) == ["c"]


def test_a_look_up_whose_time_is_spent_asks_no_more(engine: OpenSearchEngine) -> None:
    serve_companies(engine, "ca", [document("c1", "Bitfarms Ltd.")])
    assert engine.propose("ca", read("bitf"), Near(), 8, spent_s=PATIENT_S / 2) == ["c1"]
    with pytest.raises(Unavailable):
        engine.propose("ca", read("bitf"), Near(), 8, spent_s=PATIENT_S)
