"""The worker process: keeps the index equal to the records, for a cluster that several processes share."""

import os
import signal
from collections.abc import Callable

import structlog

from carnet.logs import configure_logging
from carnet.settings import NO_REDIS, BadSetting, Settings
from carnet.starting import check_at_start
from carnet.stores import open_engine, open_records
from carnet.wiring import check_wiring, make_deliverer, make_sweep
from directory.errors import Message, Refused
from directory.records import Records
from directory.restoring.comparing import RESTORE_FIRST
from directory.restoring.watching import Watch
from indexer.engines.port import Engine
from indexer.render import fingerprint
from indexer.sweep import sweep_until_stopped
from indexer.upkeep import Upkeep

WORK_WAIT_S = 30.0  # nobody waits for a worker, but it must not wait for ever for records that are gone


def work(settings: Settings) -> None:
    """The worker process, until it is told to stop. Raises Refused for the embedded index, which its server sweeps."""
    if settings.embedded_path:
        raise Refused(
            Message("An embedded index belongs to the server, which sweeps the outbox itself: no worker is needed.")
        )
    configure_logging()
    check_wiring(settings)
    records = open_records(settings, answer_within_s=WORK_WAIT_S)
    check_at_start(settings, records)
    watch = Watch(records, settings.journal)
    engine = open_engine(settings)
    deliverer = make_deliverer(settings, records)
    upkeep = Upkeep(records, engine, hours=settings.reconcile_hours, may_begin=lambda: not watch.found_behind)
    watch.start(_end_this_process)
    deliverer.start()
    upkeep.start()
    structlog.get_logger().info("worker_started", fingerprint=fingerprint())
    try:
        if settings.redis_url:
            _answer_bell(settings.redis_url, records, engine, make_sweep(settings, records))
        else:
            sweep_until_stopped(records, engine, make_sweep(settings, records))
    finally:
        watch.stop()
        upkeep.stop()
        deliverer.stop()
        engine.close()
        records.close()
    if watch.found_behind:
        raise Refused(RESTORE_FIRST)


def _answer_bell(redis_url: str, records: Records, engine: Engine, sweep: Callable[[], None]) -> None:
    try:
        from indexer.worker import work as answer_bell
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    answer_bell(records, engine, redis_url, sweep)


def _end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
