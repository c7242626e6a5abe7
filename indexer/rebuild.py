"""Builds a region's index anew from the records, and puts it in the place of the live one.

Order is everything (docs/adr/0003): the build's row is committed before any company is read; hidden companies are
written as tombstones too; look-ups are pointed at the new build in one step and asked what they read, before the rows say
so. The build that was live before is kept, and still written to, so that going back is safe.
"""

from collections.abc import Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from threading import Event

from directory import outbox
from directory.errors import Unavailable
from directory.records import Records
from indexer import builds
from indexer.backfill import PAGE, Progress, backfill, versions_of_region
from indexer.builds import BuildName, State
from indexer.engines.port import Engine
from indexer.render import fingerprint


def rebuild_regions(
    records: Records, engine: Engine, regions: Sequence[str], at_once: int, progress: Progress = lambda _done: None
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

    with ThreadPoolExecutor(at_once if engine.writers > 1 else 1, thread_name_prefix="rebuild") as pool:
        started = [pool.submit(rebuild_region, records, engine, region, page_done) for region in regions]
        try:
            for one in as_completed(started):
                one.result()
        except BaseException:
            stopping.set()
            pool.shutdown(cancel_futures=True)
            raise


def rebuild_region(records: Records, engine: Engine, region: str, progress: Progress = lambda _done: None) -> BuildName:
    """Rebuild one region. Raises Unavailable, and Refused while another process rebuilds it.

    The live build then stays as it was, and the new one is dropped.
    """
    name = BuildName.new(region, fingerprint())
    _discard_given_up(records, engine, region)
    with records.writing() as connection:
        builds.start(connection, name)
    try:
        engine.create(str(name))
        backfill(records, engine, str(name), region, progress)
        engine.refresh(str(name))
        verify(records, engine, str(name), region)
        swap(records, engine, region, str(name))
    except BaseException:
        if engine.serving(region) != str(name):
            discard(records, engine, [str(name)])
        raise
    retire(records, engine, region)
    settle_held(records, engine, region)
    return name


def verify(records: Records, engine: Engine, name: str, region: str) -> None:
    """Every company of the region is in the build, at its version or a newer one. Raises Unavailable where one is not.

    A company that changed while this ran has work in the outbox, and is none of ours.
    """
    after = ""
    while rows := versions_of_region(records, region, after):
        held = engine.versions(name, [row.id for row in rows])
        behind = {row.id for row in rows if held.get(row.id, -1) < row.index_version}
        with records.reading() as connection:
            missing = behind - outbox.waiting(connection, behind)
        if missing:
            raise Unavailable("search", f"{len(missing)} companies are missing from {name}")
        after = rows[-1].id


def settle_held(records: Records, engine: Engine, region: str) -> None:
    """Forget the work for companies of the region that every build of it holds at their present version already."""
    with records.reading() as connection:
        names = [build.name for build in builds.family(connection, [region])]
    after = 0
    while True:
        with records.reading() as connection:
            page = outbox.take_in_region(connection, region, after, PAGE)
        if not page:
            return
        held = [engine.versions(name, [work.company_id for work in page]) for name in names]
        done = [
            (work.company_id, work.index_version)
            for work in page
            if all(versions.get(work.company_id, -1) >= work.index_version for versions in held)
        ]
        with records.writing() as connection:
            outbox.settle(connection, done)
        after = page[-1].seq


def swap(records: Records, engine: Engine, region: str, name: str) -> None:
    """Point look-ups at the build, see that they read it, then say so in the records."""
    engine.serve(region, name, instead_of=engine.serving(region))
    if engine.serving(region) != name:
        raise Unavailable("search", f"look-ups of {region} do not read {name}")
    with records.writing() as connection:
        builds.make_live(connection, region, name)


def retire(records: Records, engine: Engine, region: str) -> None:
    """Keep the newest of the builds that went before, for going back; drop the others."""
    with records.reading() as connection:
        family = builds.family(connection, [region])
    old = [build.name for build in family if build.state is State.RETIRING]
    discard(records, engine, old[:-1])


def _discard_given_up(records: Records, engine: Engine, region: str) -> None:
    with records.reading() as connection:
        family = builds.family(connection, [region])
    serving = engine.serving(region)
    discard(records, engine, [build.name for build in family if build.given_up and build.name != serving])


def discard(records: Records, engine: Engine, names: list[str]) -> None:
    if not names:
        return
    for name in names:
        engine.drop(name)
    with records.writing() as connection:
        builds.forget(connection, names)
