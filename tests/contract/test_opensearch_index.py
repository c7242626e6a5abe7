"""What stands in a cluster: names whole and our own, settings that the promise rests on, and no text that nobody reads."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from directory.errors import Unavailable
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.port import Tombstone
from tests.contract.conftest import PATIENT_S, document, new_build, serve_companies
from tests.services import Addresses


@pytest.fixture
def engine(services: Addresses, index_prefix: str) -> Iterator[OpenSearchEngine]:
    cluster = OpenSearchEngine(services.search_url, prefix=index_prefix, look_up_s=PATIENT_S)
    yield cluster
    cluster.close()


def ask(services: Addresses, path: str, method: str = "GET", body: Any = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    with urlopen(
        Request(f"{services.search_url}/{path}", data, {"Content-Type": "application/json"}, method=method), timeout=30
    ) as answer:
        return json.load(answer)


def test_a_build_has_the_settings_that_the_protocol_needs(
    engine: OpenSearchEngine, services: Addresses, index_prefix: str
) -> None:
    name = new_build(engine, expected=10_000)
    engine.finish(name)
    build = index_prefix + name
    settings = ask(services, f"{build}/_settings")[build]["settings"]["index"]
    assert settings["replication"] == {"type": "DOCUMENT"}  # else a refresh covers primaries only
    assert settings["refresh_interval"] == "1s"  # else idle shards stop refreshing
    assert settings["translog"]["durability"] == "request"  # else a node that dies loses what it has acknowledged
    assert settings["sort"] == {"field": "rank", "order": "asc", "missing": "_last"}
    mapping = ask(services, f"{build}/_mapping")[build]["mappings"]
    assert mapping["dynamic"] == "false"
    assert mapping["_source"] == {"enabled": False}


def test_look_ups_through_the_alias_see_no_tombstone_whatever_they_ask(
    engine: OpenSearchEngine, services: Addresses, index_prefix: str
) -> None:
    """The alias is filtered: even a request that is not ours finds no hidden company through it."""
    build = serve_companies(engine, "ca", [document("c", "Seen Ltd."), Tombstone("gone", 2)])
    everything = {"query": {"match_all": {}}}
    assert ask(services, f"{index_prefix}companies-ca/_count", "POST", everything)["count"] == 1
    assert ask(services, f"{index_prefix}{build}/_count", "POST", everything)["count"] == 2


def test_neither_a_document_nor_a_tombstone_can_be_read_back(
    engine: OpenSearchEngine, services: Addresses, index_prefix: str
) -> None:
    build = serve_companies(engine, "ca", [document("c", "Seen Ltd."), Tombstone("gone", 2)])
    found = ask(services, f"{index_prefix}{build}/_search")["hits"]["hits"]
    assert {hit["_id"] for hit in found} == {"c", "gone"}
    assert not any("_source" in hit or "fields" in hit for hit in found)


def test_a_neighbours_index_is_neither_listed_nor_touched(
    engine: OpenSearchEngine, services: Addresses, index_prefix: str
) -> None:
    """Names are whole: companies-us is no pattern for companies-us-x, nor is one prefix for a longer one."""
    neighbours = [f"{index_prefix}companies-ca-x", f"{index_prefix}companies-ca-x.2"]
    for neighbour in neighbours:
        ask(services, neighbour, "PUT")
    live, ours = serve_companies(engine, "ca", []), new_build(engine)
    assert engine.names() == sorted([live, ours])
    engine.drop(ours)
    assert engine.names() == [live]
    left = {row["index"] for row in ask(services, "_cat/indices?format=json") if row["index"].startswith(index_prefix)}
    assert left == {index_prefix + live, *neighbours}


def test_a_build_that_a_swap_has_just_made_the_one_that_is_read_is_not_dropped(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap comes between the question what look-ups read and the drop: one request does both, or neither."""
    old, new = serve_companies(engine, "ca", [document("c", "Here Ltd.")]), new_build(engine)
    serving = engine.serving

    def serving_and_then_swapped(region: str) -> str | None:
        found = serving(region)
        monkeypatch.setattr(engine, "serving", serving)
        engine.serve("ca", new, instead_of=old)
        return found

    monkeypatch.setattr(engine, "serving", serving_and_then_swapped)
    with pytest.raises(Unavailable):
        engine.drop(new)
    assert engine.serving("ca") == new
    assert engine.names() == sorted([old, new])


def test_on_a_full_disk_an_index_can_still_be_dropped(
    engine: OpenSearchEngine, services: Addresses, index_prefix: str
) -> None:
    live, old = serve_companies(engine, "ca", []), new_build(engine)
    for build in (live, old):
        setting = {"index.blocks.read_only_allow_delete": True}
        ask(services, f"{index_prefix}{build}/_settings", "PUT", setting)
    engine.drop(old)
    assert engine.names() == [live]


def test_an_alias_in_place_of_an_index_does_not_take_writes_elsewhere(
    engine: OpenSearchEngine, services: Addresses, index_prefix: str
) -> None:
    """Writers name a build, never the alias: serving another build does not move them."""
    old = serve_companies(engine, "ca", [])
    new = new_build(engine)
    engine.serve("ca", new, instead_of=old)
    engine.write(old, [document("c", "Late Ltd.")], refresh=True)
    assert engine.count(old).visible == 1
    assert engine.count(new).visible == 0
