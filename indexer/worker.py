"""The worker process: answers the bell, and sweeps the outbox every second whether it rings or not."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import cast

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.client import PubSubWorkerThread
from redis.exceptions import ConnectionError as LineLost
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer

from directory.errors import CarnetError
from directory.records import Records
from indexer.doorbell import QUEUE, on_ring
from indexer.drain import drain
from indexer.engines.port import Engine
from indexer.sweep import Sweeper

log = structlog.get_logger()
# A job of a worker that was killed comes back after this long; RQ's own 600 s is as long as an outage.
_MAINTENANCE_S = 30
_LISTEN_AGAIN_S = 2.0
# RQ waits for a job for 15 s less than this, and for any answer for 10 s more than that.
_WORKER_S = 20
_FAREWELL_S = 2


def work(records: Records, engine: Engine, redis_url: str, also: Callable[[], None], *, prefix: str = "") -> None:
    """Work until told to stop (SIGTERM or SIGINT finish the job at hand first). `also`: what else each sweep looks at.

    Redis may be away, from the start or later: sweeps go on, and the bell is listened for again until it is there. One
    process, no fork for each job: a drain is harmless to repeat, and forking costs more than most drains.
    """
    again = Retry(NoBackoff(), 1, supported_errors=(LineLost,))  # not after no answer: that was waited for long enough
    redis = Redis.from_url(redis_url, socket_connect_timeout=2, retry=again)

    def run(rung: str) -> None:
        redis.delete(rung)  # before the outbox is read: what is added from now on rings again
        try:
            drain(records, engine)
        except CarnetError as error:  # the sweep comes to it: a job that failed is one that crashed
            log.warning("drain_failed", error=error.code, reason=getattr(error, "reason", ""))

    on_ring(run)
    sweeper = Sweeper(records, engine, also, owner=False)
    sweeper.start()
    try:
        _listen(Queue(prefix + QUEUE, connection=redis, serializer=JSONSerializer))
    finally:
        sweeper.stop()


def _listen(queue: Queue) -> None:
    """Until told to stop."""
    told = threading.Event()
    reachable = True
    try:
        while not told.is_set():
            _stops(told)
            try:
                queue.connection.ping()
                if not reachable:
                    log.info("bell_back")
                reachable = True
                _Listener(queue, told).listen()
            except RedisError as error:
                if reachable:
                    log.warning("bell_away", error=type(error).__name__)
                reachable = False
            told.wait(_LISTEN_AGAIN_S)
    except StopRequested:  # told after RQ had ended, and before its handlers of signals were replaced
        return


def _stops(told: threading.Event) -> None:
    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)


class _Listener(SimpleWorker):
    """RQ's worker; says whether it was told to stop. Where Redis goes away it waits for it, or ends, by what it was doing."""

    max_connection_wait_time = 5.0  # a minute otherwise

    def __init__(self, queue: Queue, told: threading.Event) -> None:
        super().__init__(
            [queue],
            connection=queue.connection,
            serializer=JSONSerializer,
            maintenance_interval=_MAINTENANCE_S,
            worker_ttl=_WORKER_S,
            log_job_description=False,
        )
        self._told = told
        self._at_work = False

    def listen(self) -> None:
        """Until told to stop, or for as long as Redis answers. Raises RedisError."""
        try:
            self.work(logging_level="WARNING")
        finally:
            _stops(self._told)  # RQ's handlers would ask a Redis that is away, long after it has ended
            if thread := cast("PubSubWorkerThread | None", self.pubsub_thread):
                thread.stop()  # RQ does not come to it where Redis is away, and the thread would go on

    def _install_signal_handlers(self) -> None:
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]  # RQ says no types here, nor below
        self._stop_requested = self._told.is_set()  # before these handlers were there

    def execute_job(self, job: Job, queue: Queue) -> None:
        self._at_work = True
        try:
            super().execute_job(job, queue)
        finally:
            self._at_work = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002  # RQ's signature
        """RQ asks Redis whether there is a job at hand, and for as long as Redis does not answer the process does not end."""
        self._told.set()
        self._stop_requested = True
        if not self._at_work:
            raise StopRequested

    def teardown(self) -> None:
        """Takes its name out of Redis, which forgets it anyway: that is not worth waiting for."""
        pool = self.connection.connection_pool
        pool.connection_kwargs.update(socket_timeout=_FAREWELL_S)
        pool.disconnect(inuse_connections=False)
        pool.reset()  # those that it has keep the time that they wait
        with suppress(RedisError):
            super().teardown()  # type: ignore[no-untyped-call]
