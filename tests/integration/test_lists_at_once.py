"""Lists that are matched at the same moment: a person has two at work at most, so that everybody else is still answered."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest

ROUTES = import_module("api.routes.matching")  # whose blueprint has the same name


class Slow:
    """In the place of matching a list: it takes until it is let `go`."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def __call__(self, *_: Any) -> list[Any]:
        self.begun.release()
        assert self.go.wait(20)
        return []


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr(ROUTES, "match_names", slow)
    return slow


@pytest.fixture
def limited(new_network: Callable[..., Any]) -> Any:
    network = new_network(CARNET_LIMITS="on")
    network.load(tremblay="Quincaillerie Tremblay ltée")
    return network


def status(member: Any) -> int:
    return int(member.ask("POST", "/v1/contacts/match", {"names": ["bitfarms"]}).status)


def test_of_three_lists_that_a_person_has_matched_at_once_the_third_is_told_to_come_back(
    limited: Any, slow: Slow
) -> None:
    member, colleague = limited.member("tremblay"), limited.member("tremblay", "standard_user")
    with ThreadPoolExecutor() as at_once:
        try:
            begun = [at_once.submit(status, member) for _ in range(2)]
            assert all(slow.begun.acquire(timeout=20) for _ in begun)
            refused = member.ask("POST", "/v1/contacts/match", {"names": ["bitfarms"]})
            assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "too_many_requests", "5")
            assert "5 seconds" in refused.json["detail"]
            french = member.in_french().ask("POST", "/v1/contacts/match", {"names": ["bitfarms"]})
            assert french.json["detail"].startswith("Deux de vos listes")
            begun.append(at_once.submit(status, colleague))
            assert slow.begun.acquire(timeout=20), "it is the person that counts"
        finally:
            slow.go.set()
        assert [one.result() for one in begun] == [200] * 3
    assert [status(member) for _ in range(3)] == [200] * 3, "one after the other there may be any number"


def test_a_list_that_could_not_be_matched_is_no_longer_at_work(limited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    member = limited.member("tremblay")

    def fails(*_: Any) -> Any:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(ROUTES, "match_names", fails)
        assert [status(member) for _ in range(3)] == [500] * 3
    assert status(member) == 200
