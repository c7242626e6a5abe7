"""What one server process has open: the application, and beside it the sweep that keeps the index true, what tells webhooks,
and what looks after the index and the journal.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from flask import Flask

from api import create_app
from api.webhooks.deliverer import Deliverer
from carnet.settings import Settings
from carnet.stores import open_engine, open_records
from carnet.wiring import make_bell, make_deliverer, make_services, make_sweep
from directory.errors import Unavailable
from directory.lookup import MOST_SUGGESTIONS
from directory.ports import Near
from directory.records import Records
from directory.records.database import ANSWER_WAIT_S
from directory.restoring.watching import Watch
from indexer.builds import live_builds
from indexer.engines.ownership import Ownership
from indexer.engines.port import Engine
from indexer.publisher import DirectPublisher
from indexer.readiness import check_engine
from indexer.sweep import Sweeper
from indexer.upkeep import Upkeep
from mappings.reading import read

THREADS = 16
_WARM_UP_S, _WARM_UP_REGIONS = 3.0, 20


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
    check_live = partial(check_engine, records, engine)
    app = create_app(make_services(settings, records, engine, publisher, check_live, watch))
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
