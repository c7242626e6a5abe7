"""Builds a region's index anew from the records, and puts it in the place of the live one.

Order is everything (docs/adr/0003, 0009): the build's row is committed before any company is read; hidden companies are
written as tombstones too; the build is compared with the records both ways; look-ups are pointed at it in one step and
asked what they read, before the rows say so. The build that was live before is kept, and still written to, so that going
back is safe. All of it under the region's lease.
"""

from collections.abc import Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import suppress
from threading import Event

from directory import outbox
from directory.errors import CarnetError
from directory.records import Records
from indexer import builds
from indexer.backfill import PAGE, Progress, backfill, size_of
from indexer.build_names import BuildName
from indexer.engines.port import Engine
from indexer.janitor import alone
from indexer.lease import Lease
from indexer.mend import drop_given_up, drop_too_old, mend_region
from indexer.render import fingerprint
from indexer.swap import swap
from indexer.verify import verify


def rebuild_regions(
    records: Records,
    engine: Engine,
    regions: Sequence[str],
    at_once: int,
    progress: Progress = lambda _done: None,
    *,
    allow_shrink: bool = False,
) -> None:
    """Rebuild these regions, `at_once` of them side by side where the engine takes several writers.

    Raises what the first failure raised (or the interruption), once the regions under way were given up; they and those
    not begun stay as they were.
    `progress` may be called from several threads.
    """
    stopping = Event()

    def page_done(companies: int) -> None:
        if stopping.is_set():  # the region under way is given up cleanly, as after any other failure
            raise CancelledError
        progress(companies)

    def rebuild(region: str) -> None:
        rebuild_region(records, engine, region, page_done, allow_shrink=allow_shrink)

    with ThreadPoolExecutor(at_once if engine.writers > 1 else 1, thread_name_prefix="rebuild") as pool:
        started = [pool.submit(rebuild, region) for region in regions]
        try:
            for one in as_completed(started):
                one.result()
        except BaseException:
            stopping.set()
            pool.shutdown(cancel_futures=True)
            raise


def rebuild_region(
    records: Records,
    engine: Engine,
    region: str,
    progress: Progress = lambda _done: None,
    *,
    allow_shrink: bool = False,
) -> BuildName:
    """Rebuild one region. Raises Unavailable; Refused while another process works on the region, or where the new build
    shows far fewer companies than the live one.

    The live build then stays as it was, and the new one is dropped.
    """
    with builds.region_lease(records, region) as lease:
        live = mend_region(records, engine, lease, region)
        name = BuildName.new(region, fingerprint())
        with records.writing() as connection:
            builds.start(connection, lease, name)

        def page_done(companies: int) -> None:
            lease.beat(records)
            progress(companies)

        try:
            engine.create(str(name), expected=size_of(records, region))
            backfill(records, engine, str(name), region, page_done)
            with records.writing() as connection:
                builds.note_filled(connection, lease, str(name))
            engine.finish(str(name), lambda: page_done(0))
            lease.check(records)
            # By now the engine has shown that it works. What it cannot read is not to be gone back to either: it could not
            # be written to, and all work of the region would wait for it.
            damaged = {live} if live and not engine.is_whole(live) else set()
            verify(records, engine, lease, str(name), live=None if damaged else live, allow_shrink=allow_shrink)
            swap(records, engine, lease, str(name), instead_of=live)
        except BaseException:
            _give_up(records, engine, lease, name)
            raise
        drop_too_old(records, engine, lease, region, set(engine.names()) - damaged)
    with alone(engine, region):  # what it cannot settle, the next drain does
        settle_held(records, engine, region)
    return name


def _give_up(records: Records, engine: Engine, lease: Lease, name: BuildName) -> None:
    """Drop a build that came to nothing. What cannot be done now, the next holder of the lease does."""
    with suppress(CarnetError):
        if engine.serving(name.region) == str(name):  # the swap took place: it is the note of it that failed
            return
        with records.writing() as connection:
            builds.give_up(connection, lease, [str(name)])  # refused where the lease is somebody else's by now
        drop_given_up(records, engine, lease, name.region)


def settle_held(records: Records, engine: Engine, region: str) -> None:
    """Forget the work for companies of the region that every build of it holds at their present version already."""
    after = ""
    while True:
        with records.reading() as connection:
            page = outbox.take_in_region(connection, region, after, PAGE)
            # After the rows, as whoever writes does: another rebuild may have begun.
            names = [build.name for build in builds.family(connection, [region])]
        if not page:
            return
        held = [engine.versions(name, [company_id for company_id, _ in page]) for name in names]
        done = [
            (company_id, version)
            for company_id, version in page
            if all(versions.get(company_id, -1) >= version for versions in held)
        ]
        with records.writing() as connection:
            outbox.settle(connection, done)
        after, _ = page[-1]
