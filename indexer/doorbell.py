"""Tells the workers that there is work, through Redis and RQ. Nothing depends on the message arriving.

There is one job, `drain`, without arguments: a job for each company would cost more than the work itself, and a message
that says what to do could be late, doubled or lost. The bell is rung at most once until a worker answers it.
"""

from collections.abc import Callable

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.serializers import JSONSerializer

log = structlog.get_logger()

QUEUE = "carnet"  # one queue only: a worker killed right after it took a job from one of several loses the job
JOB = "indexer.doorbell.answer"
_RUNG = "carnet:rung"
_RUNG_S = 10  # a bell that nobody answered may be rung again
_JOB_S = 3_600
_KEEP_FAILED_S = 7 * 86_400


class RedisDoorbell:
    def __init__(self, url: str, *, prefix: str = "") -> None:
        self._redis = Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
        self._rung = f"{prefix}{_RUNG}"
        self._queue = Queue(prefix + QUEUE, connection=self._redis, serializer=JSONSerializer)

    def ring(self) -> None:
        try:
            if self._redis.set(self._rung, "1", nx=True, ex=_RUNG_S):
                self._queue.enqueue(
                    JOB, self._rung, job_timeout=_JOB_S, result_ttl=0, failure_ttl=_KEEP_FAILED_S, retry=Retry(max=3)
                )
        except RedisError as error:
            log.warning("doorbell_failed", error=type(error).__name__)


_answers: list[Callable[[str], None]] = []


def answer(rung: str) -> None:
    """The job. Runs what `on_ring` was given, in the worker's own process."""
    for run in _answers:
        run(rung)


def on_ring(run: Callable[[str], None]) -> None:
    """What the job of this process does; `run` is given the key that keeps the bell from being rung again."""
    _answers[:] = [run]
