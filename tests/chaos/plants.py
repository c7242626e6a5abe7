"""Faults to plant in a process that `launch` starts, to see that they are caught. Never in what is installed."""

import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import orjson
from redis import Redis
from rq import Queue, SimpleWorker
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from directory.records.tables import companies


def no_confirmation() -> None:
    """Also how a row is run with the second line of defence alone: what the index proposes is shown."""
    import directory.lookup

    directory.lookup.why_not_shown = lambda *_: ""


def no_version() -> None:
    """Whoever writes last wins, however old what it read."""
    from indexer.engines import opensearch_bulk as bulk

    def lines(item: Any) -> bytes:
        return _as_lines({"index": {"_id": item.company_id}}, bulk._source(item))

    bulk._lines = lines


def hard_delete() -> None:
    """A company that is hidden is deleted, with its version, and no tombstone stays."""
    from indexer.engines import opensearch
    from indexer.engines import opensearch_bulk as bulk
    from indexer.engines.port import Tombstone, Written

    indexed = bulk._lines

    def lines(item: Any) -> bytes:
        if not isinstance(item, Tombstone):
            return indexed(item)
        action = {"_id": item.company_id, "version": item.version, "version_type": "external_gte"}
        return _as_lines({"delete": action})

    def outcomes(_build: str, answer: Any) -> list[Any]:
        statuses = [next(iter(item.values()))["status"] for item in answer["items"]]
        return [Written.SUPERSEDED if status == 409 else Written.DONE for status in statuses]

    bulk._lines, opensearch.outcomes = lines, outcomes


def _as_lines(*objects: Any) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in objects)


def hidden_left_out() -> None:
    """A backfill without the companies that are hidden, and a comparison that trusts it."""
    import indexer.backfill
    import indexer.rebuild
    import indexer.sync

    indexer.backfill.PAGES = indexer.backfill.Pages(indexer.sync.COMPANIES.where(companies.c.visible))
    indexer.rebuild.verify = lambda *_, **__: None


def no_read_back() -> None:
    """What the answer to a swap says is believed: none came, so it has not taken place."""
    import indexer.rebuild
    from indexer import builds
    from indexer.build_names import BuildName
    from indexer.builds import make_live
    from indexer.mend import drop_given_up

    def swap(records: Any, engine: Any, lease: Any, name: str, *, instead_of: str | None, **_: Any) -> None:
        engine.serve(BuildName.parse(name).region, name, instead_of=instead_of)
        with records.writing() as connection:
            make_live(connection, lease, BuildName.parse(name).region, name)

    def give_up(records: Any, engine: Any, lease: Any, name: BuildName) -> None:
        with records.writing() as connection:
            builds.give_up(connection, lease, [str(name)])
        drop_given_up(records, engine, lease, name.region)

    indexer.rebuild.swap, indexer.rebuild._give_up = swap, give_up


def import_writes_visible() -> None:
    import directory.importing as importing

    real = importing._apply

    def apply(connection: Any, batch: Any, found: Any, row: Any) -> Any:
        connection.execute(companies.update().where(companies.c.id == found.id).values(visible=True))
        return real(connection, batch, found, row)

    importing._apply = apply


def no_sweep() -> None:
    """Only what is told at once is done; what a crash has left stays."""
    import indexer.sweep

    indexer.sweep.Sweeper._sweep = lambda _self: None


def only_through_alias() -> None:
    """A build that is not live yet, and the one before, hear nothing of changes."""
    import indexer.sync
    from indexer.builds import State

    real = indexer.sync._write

    def write(to: Any, rows: Any, former: Any, family: Any) -> Any:
        return real(to, rows, former, [one for one in family if one.state is State.LIVE])

    indexer.sync._write = write


def confirmation_remembers() -> None:
    """As an ORM session does that has seen a row before."""
    import directory.lookup
    import directory.typists

    real, seen = directory.lookup.sift, {}

    def remembered(rows: Any, company_ids: Any, region: str) -> Any:
        shown, dropped = real(rows, company_ids, region)
        for row in shown:
            seen.setdefault(row.id, row)
        return [seen[company] for company in company_ids if company in seen], dropped

    directory.lookup.sift = directory.typists.sift = remembered


def reindexed() -> None:
    """A build is filled from the one before by the cluster itself, and trusted: what was written meanwhile is written over."""
    import indexer.rebuild
    from indexer.engines import opensearch

    real, body = indexer.rebuild.backfill, opensearch.index_body

    def with_source(**more: Any) -> Any:
        made = body(**more)
        made["mappings"]["_source"]["enabled"] = True  # without it, as builds really are, the cluster refuses
        return made

    def backfill(records: Any, engine: Any, name: str, region: str, progress: Any) -> None:
        live = engine.serving(region)
        if live is None:
            real(records, engine, name, region, progress)
            return
        engine.refresh(live)
        copied = {"source": {"index": engine._prefix + live}, "dest": {"index": engine._prefix + name}}
        engine._client.ask("POST", "/_reindex", {"refresh": "true"}, copied, within=60)

    opensearch.index_body, indexer.rebuild.backfill = with_source, backfill
    indexer.rebuild.verify = lambda *_, **__: None


def family_before_commit() -> None:
    """An opt-out asks which builds there are, commits, and writes to those: to none that was noted in between."""
    import directory.visibility
    import indexer.sync
    from indexer.publisher import DirectPublisher

    switch, sync, ask = directory.visibility.switch, DirectPublisher._sync, indexer.sync.builds.family
    asked: dict[str, deque[Any]] = defaultdict(deque)  # by company, for each switch that has not been published yet
    known = threading.local()

    def early(records: Any, journal: Any, asker: Any, visible: bool) -> Any:
        with records.reading() as connection:
            asked[asker.company_id].append(ask(connection))
        return switch(records, journal, asker, visible)

    def publish(publisher: Any, company_ids: Any) -> bool:
        switches = asked[company_ids[0]]
        known.family = switches.popleft() if switches else None
        try:
            return sync(publisher, company_ids)
        finally:
            known.family = None

    def family(connection: Any, regions: Any = None) -> Any:
        # With regions it is asked whether a build that was not there has been given up: that is no part of the fault.
        early = getattr(known, "family", None) if regions is None else None
        return early or ask(connection, regions)

    directory.visibility.switch, DirectPublisher._sync = early, publish
    indexer.sync.builds = SimpleNamespace(family=family)


def family_before_rows() -> None:
    """A drain asks first which builds there are, and then reads the rows: before the commit of what it comes to settle."""
    import indexer.drain
    import indexer.publisher
    import indexer.sync

    real, ask, known = indexer.sync.sync_companies, indexer.sync.builds.family, threading.local()

    def early(records: Any, engine: Any, company_ids: Any, **more: Any) -> Any:
        with records.reading() as connection:
            known.family = ask(connection)
        return real(records, engine, company_ids, **more)

    def family(connection: Any, regions: Any = None) -> Any:
        return known.family if regions is None and hasattr(known, "family") else ask(connection, regions)

    indexer.sync.builds = SimpleNamespace(family=family)
    indexer.drain.sync_companies = indexer.publisher.sync_companies = early


def unique_job() -> None:
    """One job for each company, by its id, in the place of the outbox."""
    import indexer.worker
    from indexer.publisher import DirectPublisher

    no_sweep()
    queue = Queue("companies", connection=Redis.from_url(os.environ["CARNET_REDIS_URL"]), serializer=JSONSerializer)

    def tell(_self: Any, company_ids: Any) -> bool:
        for company in company_ids:
            with suppress(DuplicateJobError):
                queue.enqueue("tests.chaos.plants.sync_one", company, job_id=f"sync-{company}", unique=True)
        return False

    def work(records: Any, engine: Any, *_: Any, **__: Any) -> None:
        _WORKS_ON[:] = [records, engine]
        SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(logging_level="WARNING")

    DirectPublisher._sync = tell
    indexer.worker.work = work


_WORKS_ON: list[Any] = []


def sync_one(company: str) -> None:
    from directory import outbox
    from indexer.sync import sync_companies

    records, engine = _WORKS_ON
    synced = sync_companies(records, engine, [company])
    with records.writing() as connection:
        outbox.settle(connection, synced.settled)


def no_replay() -> None:
    """Records that were restored are served as they are."""
    import carnet.starting
    from directory.restoring.watching import Watch

    carnet.starting.check_replayed = lambda *_: None
    Watch.look = lambda _self: None


PLANTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (
        no_confirmation,
        confirmation_remembers,
        no_version,
        hard_delete,
        hidden_left_out,
        only_through_alias,
        no_read_back,
        import_writes_visible,
        no_sweep,
        reindexed,
        family_before_commit,
        family_before_rows,
        unique_job,
        no_replay,
    )
}
