"""Whether a service answers, and waiting until it does."""

import time
from collections.abc import Callable
from urllib.request import urlopen

import psycopg
import redis

from tests.services import NotToBeHad
from tests.services.given import plain

_PAUSE_S = 0.1


def until(answers: Callable[[], bool], within: float, what: str, lives: Callable[[], bool] = lambda: True) -> None:
    """Raises NotToBeHad where `what` does not answer within so many seconds, or lives no more."""
    deadline = time.monotonic() + within
    while not answers():
        if not lives():
            raise NotToBeHad(f"{what} ended before it answered.")
        if time.monotonic() > deadline:
            raise NotToBeHad(f"{what} did not answer within {within:.0f} s.")
        time.sleep(_PAUSE_S)


def search_answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def redis_answers(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=1) as client:
        try:
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False


def database_answers(url: str) -> bool:
    try:
        psycopg.connect(plain(url), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True
