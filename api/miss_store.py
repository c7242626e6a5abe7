"""Counts of look-ups that found nothing, in Redis: one hash a day, which all processes add to and `carnet tune misses` reads."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from threading import Lock

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger()

LOOK_UPS, MISSES = "look-ups", "found nothing"
_KEEP_S = 92 * 86_400
_WAIT_S = 0.1
_REST_S = 30  # after a failure the store is left alone so long


class RedisMisses:
    """An `api.misses.MissStore`. Look-ups that were answered are added up here and told along with the next miss."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_WAIT_S,
            socket_connect_timeout=_WAIT_S,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._asked: Counter[str] = Counter()
        self._lock = Lock()
        self._resting_until = 0.0

    def asked(self, region: str) -> None:
        with self._lock:
            self._asked[region] += 1

    def missed(self, region: str, traits: Mapping[str, str]) -> None:
        if time.monotonic() < self._resting_until:
            return
        with self._lock:
            asked, self._asked = self._asked, Counter()
        key = _key(datetime.now(UTC).date())
        pipeline = self._redis.pipeline(transaction=False)
        for where, number in asked.items():
            pipeline.hincrby(key, _field(where, LOOK_UPS, ""), number)
        pipeline.hincrby(key, _field(region, MISSES, ""), 1)
        for trait, value in traits.items():
            pipeline.hincrby(key, _field(region, trait, value), 1)
        pipeline.expire(key, _KEEP_S)
        try:
            pipeline.execute()
        except RedisError as error:
            self._resting_until = time.monotonic() + _REST_S
            log.warning("misses_not_kept", error=type(error).__name__)

    def counts(self, days: Iterator[date]) -> dict[date, dict[tuple[str, str, str], int]]:
        """Of each day that has any: (region, trait, value) → how often. Raises RedisError."""
        found = {day: self._redis.hgetall(_key(day)) for day in days}
        return {
            day: {_parts(str(field)): int(number) for field, number in fields.items()}
            for day, fields in found.items()
            if fields
        }

    def close(self) -> None:
        self._redis.close()


def _key(day: date) -> str:
    return f"carnet:misses:{day.isoformat()}"


def _field(region: str, trait: str, value: str) -> str:
    return f"{region}|{trait}|{value}"


def _parts(field: str) -> tuple[str, str, str]:
    region, trait, value = field.split("|")
    return region, trait, value
