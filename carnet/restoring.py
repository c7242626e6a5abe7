"""After a restore: the records up to the journal, and the index anew: indices are never restored, and those from before go."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import delete, func, select

from directory.errors import Message
from directory.journal import RESTORED, FileJournal
from directory.records import Records
from directory.records.tables import companies, index_builds
from directory.restoring import read_newest
from directory.restoring.raising import finish, next_floor, raise_versions
from directory.restoring.replaying import Replayed, replay_into
from indexer import builds
from indexer.backfill import Progress
from indexer.build_names import BuildName
from indexer.builds import State
from indexer.drain import drain
from indexer.engines.port import Engine
from indexer.rebuild import rebuild_regions

NO_JOURNAL = Message(
    "There is no journal in CARNET_JOURNAL, so nothing can be known of opt-outs and erasures since the backup. Put the folder "
    "back. If it is lost, `carnet restore --without-journal` goes on without, and they stay forgotten."
)
_AT_ONCE = 2


def bring_up(
    records: Records, engine: Engine, folder: Path, progress: Callable[[str, int], Progress]
) -> tuple[int, Replayed]:
    """Replay the journal in `folder`, raise versions above all that was ever given, build every index anew. Safe to repeat.

    `progress` is asked once for each step, by its name and how much there is to do. Returns how many companies the journal
    knows, and what was forgotten of them. Raises Unavailable.
    """
    newest = read_newest(folder)
    floor = next_floor(records, newest)
    journal = FileJournal(folder)
    journal.append("", floor, RESTORED)  # from here on nobody serves until all of it is done
    replayed = replay_into(records, journal, newest.entries.values(), progress("replay", len(newest.entries)))
    regions, total = regions_to_rebuild(records)
    raise_versions(records, floor, progress("versions", total))
    rebuild_everything(records, engine, regions, progress("rebuild", total))
    finish(records, floor, asdict(replayed))
    return len(newest.entries), replayed


def regions_to_rebuild(records: Records) -> tuple[list[str], int]:
    """Every region with companies or builds, the largest first, and how many companies there are in all."""
    with records.reading() as connection:
        grouped = select(companies.c.region, func.count()).group_by(companies.c.region)
        counts = {row[0]: int(row[1]) for row in connection.execute(grouped)}
        built = {build.region for build in builds.family(connection)}
    return sorted({*counts, *built}, key=lambda region: -counts.get(region, 0)), sum(counts.values())


def rebuild_everything(records: Records, engine: Engine, regions: Sequence[str], progress: Progress) -> None:
    """Build each region anew, and then remove every other build. Raises Unavailable; the same again goes on.

    However few companies are left of them: the records may be of long ago.
    """
    builds.end_leases(records)  # of rebuilds before the backup, and of a restore that was killed
    _forget_absent(records, engine)
    rebuild_regions(records, engine, regions, _AT_ONCE, progress, allow_shrink=True)
    with records.reading() as connection:
        family = builds.family(connection)
    live = {build.name for build in family if build.state is State.LIVE}
    _remove(records, engine, {*engine.names(), *(build.name for build in family)} - live)
    drain(records, engine)


def _forget_absent(records: Records, engine: Engine) -> None:
    """The restored records name builds that have gone since, and some that were never finished."""
    present = set(engine.names())
    with records.reading() as connection:
        family = builds.family(connection)
    serving = {engine.serving(build.region) for build in family}
    _remove(
        records,
        engine,
        {
            build.name
            for build in family
            if build.name not in present or (build.state is State.BUILDING and build.name not in serving)
        },
    )


def _remove(records: Records, engine: Engine, names: set[str]) -> None:
    """Look-ups may still read one: of a region that had its first company after the backup, or one that was lost since."""
    for name in sorted(names):
        region = BuildName.parse(name).region
        if name in engine.readers(region):
            engine.withdraw(region, name)
        engine.drop(name)
        with records.writing() as connection:
            connection.execute(delete(index_builds).where(index_builds.c.name == name))
