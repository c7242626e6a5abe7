"""The store of the look-up limits dies, or freezes: the limit stands, and nobody waits for it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.limits import Counter
from carnet.counting import LIMITS_WAIT_S
from tests.conftest import settled
from tests.races.proxy import Line

pytestmark = pytest.mark.services

LIMIT = 5
HANGS_S = 5.0


@pytest.fixture
def limited(
    new_network: Callable[..., Any],
    redis_line: Line,
    tmp_path: Any,
    stack: Any,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    if "cut" in request.node.name:  # nobody waits for a line that is cut; and a busy machine is not to look like one
        monkeypatch.setattr("carnet.counting.LIMITS_WAIT_S", 2.0)
    with stack(tmp_path / "place") as place:
        number = place["CARNET_REDIS_URL"].rpartition("/")[2]
        redis_url = f"redis://127.0.0.1:{redis_line.port}/{number}"
        yield settled(new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS=f"{LIMIT}/hour", CARNET_REDIS_URL=redis_url))


class Asker:
    """A member that asks, and counts the requests that took as long as one that waits for the store."""

    def __init__(self, member: Any) -> None:
        self._member = member
        self.waits = 0

    def __call__(self) -> int:
        started = time.monotonic()
        status: int = self._member.types("bitf").status
        took = time.monotonic() - started
        assert took < HANGS_S
        self.waits += took > LIMITS_WAIT_S
        return status


@pytest.mark.parametrize("fault", ["cut", "freeze"])
def test_without_the_store_the_limit_stands_and_no_request_waits_for_it(
    limited: Any, redis_line: Line, fault: str
) -> None:
    first, second = Asker(limited.member("tremblay")), Asker(limited.member("bitfarms"))
    first()  # warms the look-up up
    assert [first() for _ in range(LIMIT)] == [200] * (LIMIT - 1) + [429]
    first.waits = 0
    getattr(redis_line, fault)()
    # The process counts for itself from here on, so that who was at the limit may go on once more, and only once.
    assert [first() for _ in range(LIMIT + 2)] == [200] * LIMIT + [429] * 2
    assert [second() for _ in range(LIMIT + 1)] == [200] * LIMIT + [429]
    # Of thirteen: the one that finds the store gone, and those that a busy machine kept.
    assert first.waits + second.waits < 6


def test_when_the_store_is_back_it_counts_again_and_has_forgotten_nothing(limited: Any, redis_line: Line) -> None:
    first, second = Asker(limited.member("tremblay")), Asker(limited.member("bitfarms"))
    assert [first() for _ in range(LIMIT + 1)][-1] == 429
    redis_line.freeze()
    assert first() == 200
    redis_line.thaw()
    deadline = time.monotonic() + 30
    while first() != 429:  # it is asked for again after 1, 2, 4 … seconds
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert second() == 200


def test_a_server_starts_and_answers_with_the_store_away(new_network: Callable[..., Any]) -> None:
    network = settled(
        new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="3/hour", CARNET_REDIS_URL="redis://127.0.0.1:9/0")
    )
    asker = network.member("tremblay")
    assert [asker.types("bitf").status for _ in range(4)] == [200] * 3 + [429]


def test_several_processes_count_together_and_keep_no_names(new_server: Callable[..., Any]) -> None:
    import redis

    server = new_server(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="12/hour")
    server.carnet("import", server.write("companies.csv", {"tremblay": "Tremblay", "bitfarms": "Bitfarms"}))
    server.start("--workers", "4")
    asker = server.member("tremblay")
    assert [asker.types("bitf").status for _ in range(16)] == [200] * 12 + [429] * 4
    with redis.Redis.from_url(server.settings.redis_url, decode_responses=True) as store:
        keys = store.keys("LIMITS*")
    assert keys
    assert "tremblay" not in str(keys)


def test_a_store_that_has_lost_its_scripts_goes_on_counting(limited: Any) -> None:
    import redis

    asker = Asker(limited.member("tremblay"))
    assert [asker() for _ in range(3)] == [200] * 3
    with redis.Redis.from_url(limited.settings.redis_url) as store:
        store.script_flush()  # as one that starts anew, or another one that takes its place
    assert [asker() for _ in range(3)] == [200] * 2 + [429]


def test_of_many_that_the_minute_refuses_at_once_none_is_told_to_come_back_tomorrow(
    new_network: Callable[..., Any], together: Any
) -> None:
    network = new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="2/minute;3/day")
    counter = Counter(network.services.lookup_limits)
    asks = [lambda: counter.hit("somebody", 1)] * 8
    waits = [wait_s for _ in range(50) for wait_s in together(*asks) if wait_s]
    assert waits
    assert max(waits) <= 60


@pytest.mark.parametrize("fault", ["cut", "freeze"])
def test_of_several_requests_that_were_at_the_store_when_it_went_none_is_an_error(
    limited: Any, redis_line: Line, together: Any, fault: str
) -> None:
    askers = [limited.member(company) for company in ("tremblay", "bitfarms", "heroux", "noise-1")]
    for asker in askers:
        asker.types("bitf")
    getattr(redis_line, fault)()
    assert together(*[lambda asker=asker: asker.types("bitf").status for asker in askers]) == [200] * 4
