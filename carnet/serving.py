"""The server process: the API and its pages, and beside them the sweep that keeps the index true and what tells webhooks.

gunicorn's parent process takes the embedded index for itself before anything else, so that a second server is refused at
once; its one worker holds the same lock, opens the rest after the fork, and is started again if it dies. With OpenSearch
there may be any number of workers, here and on other machines.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from api import create_app
from api.webhooks.deliverer import Deliverer
from carnet.settings import Settings
from carnet.stores import open_engine, open_records, own_index
from carnet.wiring import make_bell, make_deliverer, make_services, make_sweep
from directory.errors import Message, Refused, Unavailable, Unfit
from directory.lookup import MOST_SUGGESTIONS
from directory.ports import Near
from directory.records import Records
from directory.records.database import ANSWER_WAIT_S
from directory.records.readiness import check_records
from directory.restoring.comparing import RESTORE_FIRST, check_replayed
from directory.restoring.watching import Watch
from indexer.builds import live_builds
from indexer.engines.ownership import Ownership
from indexer.engines.port import Engine
from indexer.publisher import DirectPublisher
from indexer.render import fingerprint
from indexer.sweep import Sweeper, sweep_until_stopped
from indexer.upkeep import Upkeep
from mappings.reading import read

THREADS = 16
WORK_WAIT_S = 30.0  # nobody waits for a worker, but it must not wait for ever for records that are gone
_WARM_UP_S, _WARM_UP_REGIONS = 3.0, 20
OWNED = "The search index is in use by another Carnet server: one at a time can own an embedded index."


@dataclass(frozen=True, slots=True)
class Running:
    """What one server process has open."""

    records: Records
    watch: Watch
    engine: Engine
    publisher: DirectPublisher
    sweeper: Sweeper
    upkeep: Upkeep
    deliverer: Deliverer

    def close(self) -> None:
        self.watch.stop()
        self.upkeep.stop()
        self.sweeper.stop()
        self.deliverer.stop()
        self.publisher.close()
        self.engine.close()
        self.records.close()


def serve(
    settings: Settings, host: str, port: int, *, workers: int = 1, on_ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until told to stop. Raises Refused where another server owns the index or the records were restored and not
    brought up to the journal, Unavailable for the records, Unfit for a part that cannot keep the promise.
    """
    ownership = own_index(settings, refusal=OWNED)
    if ownership and workers > 1:
        raise Refused(
            Message("An embedded index belongs to one process: more workers need CARNET_SEARCH_URL=http(s)://….")
        )
    records = open_records(settings)  # refuse here, in words, rather than in a worker that dies again and again
    _check_at_start(settings, records)
    records.close()
    _Server(settings, ownership, host, port, workers, on_ready).run()


def work(settings: Settings) -> None:
    """The worker process, until it is told to stop. Raises Refused for the embedded index, which its server sweeps."""
    if settings.embedded_path:
        raise Refused(
            Message("An embedded index belongs to the server, which sweeps the outbox itself: no worker is needed.")
        )
    configure_logging()
    records = open_records(settings, answer_within_s=WORK_WAIT_S)
    _check_at_start(settings, records)
    watch = Watch(records, settings.journal)
    engine = open_engine(settings)
    deliverer = make_deliverer(settings, records)
    upkeep = Upkeep(records, engine, hours=settings.reconcile_hours, may_begin=lambda: not watch.found_behind)
    watch.start(_end_this_process)
    deliverer.start()
    upkeep.start()
    try:
        if settings.redis_url:
            from indexer.worker import work as answer_bell

            answer_bell(records, engine, settings.redis_url, make_sweep(settings, records))
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


def _check_at_start(settings: Settings, records: Records) -> None:
    check_records(records)
    check_replayed(records, settings.journal)
    if settings.embedded_path:
        return
    engine = open_engine(settings)
    try:
        engine.check()
    except Unfit:
        raise
    except Unavailable:  # away for now: /readyz says so
        pass
    finally:
        engine.close()


def _end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def open_app(settings: Settings, ownership: Ownership | None) -> tuple[Flask, Running]:
    """The application with everything it needs, and the sweep running."""
    records = open_records(settings, answer_within_s=ANSWER_WAIT_S)
    engine = open_engine(settings, ownership, threads=THREADS)
    _warm_up(records, engine)
    publisher = DirectPublisher(records, engine, make_bell(settings))
    sweeper = Sweeper(records, engine, make_sweep(settings, records), owner=ownership is not None)
    watch = Watch(records, settings.journal)
    with suppress(Unavailable):  # it answers with 503, and /readyz says why
        watch.look()
    check_engine = partial(_check_engine, records, engine)
    app = create_app(make_services(settings, records, engine, publisher, check_engine, watch))
    deliverer = make_deliverer(settings, records)
    upkeep = Upkeep(
        records,
        engine,
        hours=settings.reconcile_hours,
        may_begin=lambda: sweeper.recovered() and not watch.found_behind,
    )
    watch.start()
    sweeper.start()
    upkeep.start()
    deliverer.start()
    return app, Running(records, watch, engine, publisher, sweeper, upkeep, deliverer)


def _check_engine(records: Records, engine: Engine) -> None:
    """Raises Unavailable("search") where a live build is missing from the engine, or the engine is not set up for us."""
    engine.check()
    with records.reading() as connection:
        live = live_builds(connection)
    names = set(engine.names())
    if missing := [build.name for build in live if build.name not in names]:
        raise Unavailable("search", f"{len(missing)} of {len(live)} live indices are missing, {missing[0]} first")


def _warm_up(records: Records, engine: Engine) -> None:
    """Look up a little before anybody does: the first look-ups of a cluster that just started take longer than a form
    may wait. Where the engine is away, starting goes on: /readyz says so.
    """
    with records.reading() as connection:
        live = [build.region for build in live_builds(connection)]
    until = time.monotonic() + _WARM_UP_S
    for text in ("a", "an", "the first", "inc", "société"):
        for region in live[:_WARM_UP_REGIONS]:
            if time.monotonic() > until:
                return
            with suppress(Unavailable):
                engine.propose(region, read(text), Near(), MOST_SUGGESTIONS)


def configure_logging() -> None:
    """One JSON object a line, on standard error: ids and outcomes, never names, addresses or what was typed."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(
        self,
        settings: Settings,
        ownership: Ownership | None,
        host: str,
        port: int,
        workers: int,
        on_ready: Callable[[], None],
    ) -> None:
        self._settings, self._ownership, self._on_ready = settings, ownership, on_ready
        self._bind, self._workers = f"{host}:{port}", workers
        self._running: Running | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._bind,
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 75,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "proc_name": "carnet",
            "when_ready": lambda _server: self._on_ready(),
            "worker_exit": lambda _server, _worker: self._close(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Runs in the worker, after the fork."""
        configure_logging()
        structlog.get_logger().info("started", fingerprint=fingerprint())
        app, self._running = open_app(self._settings, self._ownership)
        return app

    def _close(self) -> None:
        if self._running:
            self._running.close()
