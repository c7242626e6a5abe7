"""The worker process: answers the bell, and sweeps the outbox every second whether it rings or not."""

from collections.abc import Callable

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from directory.records import Records
from indexer.doorbell import QUEUE, on_ring
from indexer.drain import drain
from indexer.engines.port import Engine
from indexer.sweep import Sweeper

# A job of a worker that was killed comes back after this long; RQ's own 600 s is as long as an outage.
_MAINTENANCE_S = 30


def work(records: Records, engine: Engine, redis_url: str, also: Callable[[], None], *, prefix: str = "") -> None:
    """Work until told to stop (SIGTERM or SIGINT finish the job at hand first). `also`: what else each sweep looks at.

    One process, no fork for each job: a drain is harmless to repeat, and forking costs more than most drains.
    """
    redis = Redis.from_url(redis_url, socket_connect_timeout=2)

    def run(rung: str) -> None:
        redis.delete(rung)  # before the outbox is read: what is added from now on rings again
        drain(records, engine)

    on_ring(run)
    sweeper = Sweeper(records, engine, also, owner=False)
    sweeper.start()
    try:
        queue = Queue(prefix + QUEUE, connection=redis, serializer=JSONSerializer)
        worker = SimpleWorker(
            [queue],
            connection=redis,
            serializer=JSONSerializer,
            maintenance_interval=_MAINTENANCE_S,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")
    finally:
        sweeper.stop()
