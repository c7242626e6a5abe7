"""The cluster in memory that the simulator trusts, held to the real one: the same requests, the same answers.

What is asked here is what the protocol rests on: versions, deletes, refresh, blocks, and aliases as a compare-and-swap.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.services import Addresses
from tests.simulator.cluster import Cluster
from tests.simulator.indices import Indices

Ask = Callable[..., tuple[int, Any]]
FULL_DISK = "index.blocks.read_only_allow_delete"


@pytest.fixture(params=["memory", "opensearch"])
def cluster(request: pytest.FixtureRequest) -> Ask:
    """Sends one request: method, path, body. Objects, or a list of lines for a bulk."""
    if request.param == "memory":
        made = Cluster(Indices(time.monotonic))

        def in_memory(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            where, _, said = path.partition("?")
            params = dict(one.split("=") for one in said.split("&")) if said else {}
            status, answer = made.ask(method, where, params, _encoded(body))
            return status, json.loads(json.dumps(answer))

        return in_memory
    found: Addresses = request.getfixturevalue("services")

    def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        to = Request(f"{found.search_url}{path}", _encoded(body), {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(to, timeout=30) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    return send


def _encoded(body: Any) -> bytes | None:
    if isinstance(body, list):
        return b"".join(json.dumps(line).encode() + b"\n" for line in body)
    return None if body is None else json.dumps(body).encode()


@pytest.fixture
def prefix(request: pytest.FixtureRequest, cluster: Ask) -> Iterator[str]:
    return request.getfixturevalue("index_prefix") if "opensearch" in request.node.name else ""


@pytest.fixture
def index(cluster: Ask, prefix: str) -> str:
    return made(cluster, f"{prefix}one")


def made(cluster: Ask, name: str) -> str:
    """An index that refreshes only when told, so that what a search sees is no matter of time."""
    said = {"number_of_replicas": 0, "refresh_interval": "-1"}
    assert cluster("PUT", f"/{name}", {"settings": {"index": said}})[0] == 200
    return name


def write(version: int | None, kind: str = "external_gte", *, company: str = "a") -> list[Any]:
    return [{"index": {"_id": company, **versioned(version, kind)}}, {"id": company, "visible": True}]


def delete(version: int | None, kind: str = "external_gte") -> list[Any]:
    return [{"delete": {"_id": "a", **versioned(version, kind)}}]


def versioned(version: int | None, kind: str) -> dict[str, Any]:
    return {} if version is None else {"version": version, "version_type": kind}


def bulk(cluster: Ask, index: str, *items: list[Any], refresh: str = "false") -> list[tuple[int, Any]]:
    """What became of each item: its status, and its version or the type of its error."""
    status, answer = cluster("POST", f"/{index}/_bulk?refresh={refresh}", [line for item in items for line in item])
    assert status == 200
    found = [next(iter(item.values())) for item in answer["items"]]
    return [(one["status"], one["error"]["type"] if "error" in one else one["_version"]) for one in found]


def seen(cluster: Ask, index: str) -> Any:
    """How many documents a search sees; the type of its error where it fails."""
    status, answer = cluster("POST", f"/{index}/_count")
    return answer["count"] if status == 200 else answer["error"]["type"]


def held(cluster: Ask, index: str) -> Any:
    """The version of the document `a`, whether searches see it or not."""
    (found,) = cluster("POST", f"/{index}/_mget", {"ids": ["a"]})[1]["docs"]
    return found["error"]["type"] if "error" in found else found.get("_version")


def kind_of(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["type"]


def aliased(cluster: Ask, *actions: tuple[str, str, str]) -> tuple[int, Any]:
    """One call: each action is add, remove or remove? (which may find nothing), an index and an alias."""
    said = [
        {
            what.rstrip("?"): {
                "index": index,
                "alias": alias,
                **({} if what == "add" else {"must_exist": what == "remove"}),
            }
        }
        for what, index, alias in actions
    ]
    return cluster("POST", "/_aliases", {"actions": said})


CONFLICT = (409, "version_conflict_engine_exception")
BLOCKED = "cluster_block_exception"


def test_an_external_version_must_grow_and_external_gte_may_stay(cluster: Ask, index: str) -> None:
    assert bulk(cluster, index, write(5), write(5, "external"), write(5), write(4), write(6, "external")) == [
        (201, 5), CONFLICT, (200, 5), CONFLICT, (200, 6)
    ]  # fmt: skip
    assert held(cluster, index) == 6


def test_a_delete_has_a_version_too_and_stops_what_is_older(cluster: Ask, index: str) -> None:
    assert bulk(cluster, index, delete(3), write(2), write(3), delete(3, "external"), delete(3), delete(3)) == [
        (404, 3), CONFLICT, (201, 3), CONFLICT, (200, 3), (404, 3)
    ]  # fmt: skip
    assert held(cluster, index) is None


def test_what_a_delete_stops_is_forgotten_after_gc_deletes(cluster: Ask, index: str) -> None:
    """Why a company that must not be found stays as a tombstone."""
    assert bulk(cluster, index, write(5), delete(6), write(5)) == [(201, 5), (200, 6), CONFLICT]
    assert cluster("PUT", f"/{index}/_settings", {"index.gc_deletes": "0s"})[0] == 200
    deadline = time.monotonic() + 20  # the cluster's own clock is a coarse one
    while bulk(cluster, index, write(5)) == [CONFLICT]:
        assert time.monotonic() < deadline
    assert held(cluster, index) == 5


def test_what_a_delete_stops_is_forgotten_when_an_index_is_closed_and_opened(cluster: Ask, index: str) -> None:
    bulk(cluster, index, write(5), delete(6))
    cluster("POST", f"/{index}/_close")
    cluster("POST", f"/{index}/_open?wait_for_active_shards=1")
    assert bulk(cluster, index, write(5)) == [(201, 5)]


def test_a_document_stops_what_is_older_after_its_index_was_closed_and_opened(cluster: Ask, index: str) -> None:
    bulk(cluster, index, write(6))
    cluster("POST", f"/{index}/_close")
    assert kind_of(cluster("POST", f"/{index}/_search")) == (400, "index_closed_exception")
    assert bulk(cluster, index, write(7)) == [(400, "index_closed_exception")]
    assert held(cluster, index) == "index_closed_exception"
    cluster("POST", f"/{index}/_open?wait_for_active_shards=1")
    assert bulk(cluster, index, write(5)) == [CONFLICT]


def test_without_versions_the_last_to_write_wins(cluster: Ask, index: str) -> None:
    assert bulk(cluster, index, write(9), write(None), delete(None), delete(None), write(None)) == [
        (201, 9), (200, 10), (200, 11), (404, 12), (201, 13)
    ]  # fmt: skip


def test_a_search_sees_nothing_before_a_refresh_and_a_read_by_id_everything(cluster: Ask, index: str) -> None:
    bulk(cluster, index, write(1))
    assert (seen(cluster, index), held(cluster, index)) == (0, 1)
    cluster("POST", f"/{index}/_refresh")
    bulk(cluster, index, delete(2), write(1, company="b"))
    assert (seen(cluster, index), held(cluster, index)) == (1, None)
    bulk(cluster, index, write(1, company="c"), refresh="true")
    assert seen(cluster, index) == 2


def test_a_full_disk_refuses_writes_deletes_and_alias_changes_and_serves_searches(cluster: Ask, index: str) -> None:
    bulk(cluster, index, write(1), refresh="true")
    aliased(cluster, ("add", index, f"{index}-alias"))
    assert cluster("PUT", f"/{index}/_settings", {FULL_DISK: True})[0] == 200
    assert bulk(cluster, index, write(2), delete(2)) == [(429, BLOCKED), (429, BLOCKED)]
    assert kind_of(aliased(cluster, ("add", index, f"{index}-other"))) == (429, BLOCKED)
    assert seen(cluster, f"{index}-alias") == 1
    assert cluster("POST", f"/{index}/_refresh")[0] == 200
    cluster("PUT", f"/{index}/_settings", {FULL_DISK: None})
    assert bulk(cluster, index, write(2)) == [(200, 2)]


def test_a_full_disk_lets_an_index_be_dropped(cluster: Ask, index: str) -> None:
    cluster("PUT", f"/{index}/_settings", {FULL_DISK: True})
    assert cluster("DELETE", f"/{index}")[0] == 200


def test_a_write_block_refuses_documents_for_good_and_aliases_not_at_all(cluster: Ask, index: str) -> None:
    cluster("PUT", f"/{index}/_settings", {"index.blocks.write": True})
    assert bulk(cluster, index, write(2), delete(2)) == [(403, BLOCKED), (403, BLOCKED)]
    assert aliased(cluster, ("add", index, f"{index}-alias"))[0] == 200


def test_one_call_moves_an_alias_and_a_removal_that_must_exist_compares(cluster: Ask, index: str, prefix: str) -> None:
    alias, new, late = f"{prefix}alias", made(cluster, f"{prefix}new"), made(cluster, f"{prefix}late")
    assert aliased(cluster, ("add", index, alias))[0] == 200
    assert aliased(cluster, ("add", new, alias), ("remove", index, alias))[0] == 200
    assert kind_of(aliased(cluster, ("add", late, alias), ("remove", index, alias))) == (
        404, "aliases_not_found_exception"
    )  # fmt: skip
    assert list(cluster("GET", f"/_alias/{alias}")[1]) == [new]
    assert aliased(cluster, ("remove?", index, alias))[0] == 200


def test_all_indices_are_listed_with_what_stands_for_them_if_anything_does(
    cluster: Ask, index: str, prefix: str
) -> None:
    named = made(cluster, f"{prefix}named")
    aliased(cluster, ("add", named, f"{prefix}alias"))
    listed = cluster("GET", "/_alias?expand_wildcards=all")[1]
    own = {name: list(said["aliases"]) for name, said in listed.items() if name.startswith(prefix)}
    assert own == {index: [], named: [f"{prefix}alias"]}


def test_an_alias_of_what_is_not_there_is_refused_whole(cluster: Ask, index: str, prefix: str) -> None:
    refused = aliased(cluster, ("add", index, f"{prefix}alias"), ("add", f"{prefix}none", f"{prefix}alias"))
    assert kind_of(refused) == (404, "index_not_found_exception")
    assert cluster("GET", f"/_alias/{prefix}alias")[0] == 404


def test_an_index_that_is_dropped_takes_its_alias_with_it(cluster: Ask, index: str, prefix: str) -> None:
    aliased(cluster, ("add", index, f"{prefix}alias"))
    assert seen(cluster, f"{prefix}alias") == 0
    cluster("DELETE", f"/{index}")
    assert seen(cluster, f"{prefix}alias") == "index_not_found_exception"


def test_a_late_write_to_no_index_is_refused_and_makes_none(cluster: Ask, index: str) -> None:
    cluster("DELETE", f"/{index}")
    assert bulk(cluster, index, write(1)) == [(404, "index_not_found_exception")]
    assert held(cluster, index) == seen(cluster, index) == "index_not_found_exception"
    assert cluster("POST", f"/{index}/_refresh")[0] == 404
    assert cluster("DELETE", f"/{index}")[0] == 404
    assert cluster("DELETE", f"/{index}?ignore_unavailable=true")[0] == 200


def test_a_name_is_given_once_and_an_alias_is_no_index(cluster: Ask, index: str, prefix: str) -> None:
    aliased(cluster, ("add", index, f"{prefix}alias"))
    assert kind_of(cluster("PUT", f"/{index}")) == (400, "resource_already_exists_exception")
    assert kind_of(cluster("PUT", f"/{prefix}alias")) == (400, "invalid_index_name_exception")
    assert kind_of(cluster("DELETE", f"/{prefix}alias")) == (400, "illegal_argument_exception")


def test_a_write_to_an_alias_reaches_what_it_stands_for_at_that_moment(cluster: Ask, index: str, prefix: str) -> None:
    """Why the index is never written through the alias: a build that is not live yet would miss the change."""
    new, alias = made(cluster, f"{prefix}new"), f"{prefix}alias"
    aliased(cluster, ("add", index, alias))
    bulk(cluster, alias, write(1))
    aliased(cluster, ("add", new, alias), ("remove", index, alias))
    bulk(cluster, alias, write(2))
    assert (held(cluster, index), held(cluster, new)) == (1, 2)
