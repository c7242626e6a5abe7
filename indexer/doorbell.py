"""Tells the workers that there is work, through Redis and RQ. Nothing depends on the message arriving.

There is one job, `drain`, without arguments: a job for each company would cost more than the work itself, and a message
that says what to do could be late, doubled or lost. The bell is rung at most once until a worker answers it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

log = structlog.get_logger()

QUEUE = "carnet"  # one queue only: a worker killed right after it took a job from one of several loses the job
JOB = "indexer.doorbell.answer"
_RUNG = "carnet:rung"
_RUNG_S = 10  # a bell that nobody answered may be rung again
_JOB_S = 3_600
_WAIT_S = 60  # in the queue: the sweep has done the work by then
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
                    JOB,
                    self._rung,
                    job_timeout=_JOB_S,
                    ttl=_WAIT_S,
                    result_ttl=0,
                    failure_ttl=_KEEP_FAILED_S,
                    retry=Retry(max=3),
                )
        except RedisError as error:
            log.warning("doorbell_failed", error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class FailedJob:
    """`at` in milliseconds since 1970; `reason`: the last line of what was raised."""

    id: str
    at: int
    reason: str


def failed_jobs(url: str, *, prefix: str = "") -> list[FailedJob]:
    """Jobs that failed after all their tries, the oldest first. Raises RedisError. The work itself is in the outbox."""
    queue = _open(url, prefix)
    registry = queue.failed_job_registry
    ids = registry.get_job_ids()
    found = []
    for job_id, job in zip(ids, Job.fetch_many(ids, queue.connection, queue.serializer), strict=True):
        if job is None:  # its time is over, or Redis has lost it; it is counted no longer
            registry.remove(job_id)
            continue
        result = job.latest_result()
        lines = (result.exc_string or "").strip().splitlines() if result else []
        at = round(result.created_at.timestamp() * 1000) if result else 0
        found.append(FailedJob(job.id, at, lines[-1] if lines else ""))
    return found


def count_failed_jobs(url: str, *, prefix: str = "") -> int:
    return len(_open(url, prefix).failed_job_registry)


def retry_failed_jobs(url: str, *, prefix: str = "") -> int:
    """Put them into the queue again; how many. Raises RedisError. One that is gone, or that another has put there meanwhile,
    is no longer among them.
    """
    registry = _open(url, prefix).failed_job_registry
    retried = 0
    for job_id in registry.get_job_ids():
        try:
            registry.requeue(job_id)
            retried += 1
        except InvalidJobOperation:
            continue
        except NoSuchJobError:
            registry.remove(job_id)
    return retried


def _open(url: str, prefix: str) -> Queue:
    redis = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=0.5)
    return Queue(prefix + QUEUE, connection=redis, serializer=JSONSerializer)


_answers: list[Callable[[str], None]] = []


def answer(rung: str) -> None:
    """The job. Runs what `on_ring` was given, in the worker's own process."""
    for run in _answers:
        run(rung)


def on_ring(run: Callable[[str], None]) -> None:
    """What the job of this process does; `run` is given the key that keeps the bell from being rung again."""
    _answers[:] = [run]
