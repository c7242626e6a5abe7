"""Puts a region's family in order: what a crash, a lost answer or a lost folder has left.

Only for the holder of the region's lease: whatever else is building or half dropped belongs to nobody then. The engine
says which build look-ups read; the rows say which builds have been written to all along.
"""

from collections.abc import Collection

import structlog

from directory.errors import Unavailable
from directory.records import Records
from indexer.builds import Build, State, all_builds, forget, give_up, make_live, to_go_back_to
from indexer.engines.port import Engine
from indexer.history import Event, note
from indexer.lease import Lease

log = structlog.get_logger()


def mend_region(records: Records, engine: Engine, lease: Lease, region: str) -> str | None:
    """Finish what others have begun, and drop what they gave up; the build that look-ups read afterwards, if there is one."""
    present = set(engine.names())
    _let_one_be_read(records, engine, lease, region)
    served = _mend_serving(records, engine, lease, region, present)
    drop_too_old(records, engine, lease, region, present)
    return served


def drop_too_old(records: Records, engine: Engine, lease: Lease, region: str, present: Collection[str]) -> None:
    """All but what look-ups read and one build to go back to. `present`: the builds that the engine has, whole.

    After a swap this part of mending is all there is left to do.
    """
    with records.reading() as connection:
        builds = all_builds(connection, [region])
    unfinished = [build.name for build in builds if build.state is State.BUILDING]
    retiring = [build for build in builds if build.state is State.RETIRING]
    lost = [build.name for build in retiring if build.name not in present]
    kept = to_go_back_to(builds, present)
    old = [build.name for build in retiring if build is not kept and build.name in present]
    if unfinished or lost or old:
        with records.writing() as connection:
            give_up(connection, lease, unfinished)
            give_up(connection, lease, [*lost, *old], Event.DROPPED)
        drop_given_up(records, engine, lease, region)
    elif any(build.state is State.DROPPING for build in builds):
        drop_given_up(records, engine, lease, region)


def drop_given_up(records: Records, engine: Engine, lease: Lease, region: str) -> None:
    """Remove the builds that are dropping from the engine, then their rows."""
    with records.reading() as connection:
        names = [build.name for build in all_builds(connection, [region]) if build.state is State.DROPPING]
    for name in names:
        engine.drop(name)
        with records.writing() as connection:
            forget(connection, lease, name)


def _mend_serving(records: Records, engine: Engine, lease: Lease, region: str, present: set[str]) -> str | None:
    with records.reading() as connection:
        builds = {build.name: build for build in all_builds(connection, [region])}
    served = engine.serving(region)
    live = next((build for build in builds.values() if build.state is State.LIVE), None)
    found = builds.get(served or "")
    if found and found.state in (State.BUILDING, State.RETIRING):
        # It had been verified, or look-ups would not read it; only the note of that is missing.
        with records.writing() as connection:
            make_live(connection, lease, region, found.name, Event.SWAP_FINISHED)
        engine.refresh(found.name)  # who wrote to it while its row said building did not
        log.info("swap_finished", build=served)
    elif live and live.name in present and live.name != served:
        _swap_back(records, engine, lease, region, live, served)
        served = live.name
    elif served and (found is None or found.state is State.DROPPING):
        # Its swap arrived late, or it is of after the moment that the records were restored to, and there is nothing to swap
        # back to: until the next rebuild look-ups are told so, rather than shown what nobody writes to.
        _withdraw(records, engine, lease, region, served)
        served = None
    return served


def _let_one_be_read(records: Records, engine: Engine, lease: Lease, region: str) -> None:
    """Look-ups read two builds where one was added long after it was asked for, or an index came with its alias from a
    backup. Only one is right: the live one, else one that may become it.
    """
    read = engine.readers(region)
    if len(read) < 2:
        return
    with records.reading() as connection:
        states = {build.name: build.state for build in all_builds(connection, [region])}
    best = [
        name for state in (State.LIVE, State.RETIRING, State.BUILDING) for name in read if states.get(name) is state
    ]
    for name in read:
        if name not in best[:1]:
            _withdraw(records, engine, lease, region, name)


def _withdraw(records: Records, engine: Engine, lease: Lease, region: str, build: str) -> None:
    lease.check(records)
    engine.withdraw(region, build)
    if build in engine.readers(region):
        raise Unavailable("search", f"look-ups of {region} still read {build}")
    with records.writing() as connection:
        note(connection, Event.WITHDRAWN, region, build, lease=lease.number)
    log.warning("withdrawn", build=build)


def _swap_back(records: Records, engine: Engine, lease: Lease, region: str, live: Build, served: str | None) -> None:
    """Look-ups read what is no longer written to, or nothing: a swap that was given up arrived late, or an alias went."""
    lease.check(records)
    engine.serve(region, live.name, instead_of=served)
    if engine.serving(region) != live.name:
        raise Unavailable("search", f"look-ups of {region} do not read {live.name}")
    with records.writing() as connection:
        note(connection, Event.SWAPPED_BACK, region, live.name, instead_of=served, lease=lease.number)
    log.warning("swapped_back", build=live.name, instead_of=served)
