"""Where the index alone, without confirmation, differs from the records: what is said to be nothing after quiet."""

from typing import Any

from directory.errors import Unavailable
from directory.ports import Near
from indexer.build_names import alias
from indexer.builds import State, family
from indexer.engines.port import Document
from indexer.sync import COMPANIES, to_item
from mappings.reading import read
from tests.simulator.line import engine_over


def drift(world: Any) -> list[str]:
    """One line for each difference: in every build that look-ups read or may be taken back to, and in what is proposed."""
    world.hub.now += 2  # a refresh is due
    found: list[str] = []
    records = world.take_records()
    try:
        with records.reading() as connection:
            rows = list(connection.execute(COMPANIES))
            waiting = connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar()
            builds = family(connection)
    finally:
        world.give_back_records(records)
    if waiting:
        found.append(f"{waiting} rows wait in the outbox")
    engine = engine_over(lambda: world.cluster)
    for region in sorted({row.region for row in rows}):
        here = {row.id: row for row in rows if row.region == region}
        live = [build.name for build in builds if build.region == region and build.state is State.LIVE]
        served = list(world.cluster.indices.aliases.get(alias(region), {}))
        if live != served:
            found.append(f"{region}: look-ups read {served}, and the records say {live}")
        kept = [build.name for build in builds if build.region == region and build.state is not State.BUILDING]
        for name in sorted({*kept, *served}):
            found += [f"{name}: {one}" for one in _of_build(world, name, here)]
        shown = sorted(company_id for company_id, one in here.items() if _is_document(one))
        try:
            proposed = sorted(engine.propose(region, read("maple"), Near(), 50))
        except Unavailable as error:
            proposed = [error.reason]
        if proposed != shown:
            found.append(f"{region}: proposed are {proposed}, and {shown} are visible")
    return found


def _of_build(world: Any, name: str, here: dict[str, Any]) -> list[str]:
    index = world.cluster.indices.by_name.get(name)
    if index is None:
        return ["is not there"]
    found = []
    held = {company_id: one for company_id, one in index.held.items() if one.terms is not None}
    for company_id, row in here.items():
        one = held.pop(company_id, None)
        if one is None:
            # That a hidden one is a tombstone is how it is done; what must be is that nothing late shows it again.
            found += [f"{company_id} is missing"] if _is_document(row) else []
        elif one.terms.value("visible") != _is_document(row):
            found.append(f"{company_id} is {'shown' if one.terms.value('visible') else 'hidden'}, against the records")
        elif one.version != row.index_version:
            found.append(f"{company_id} at version {one.version}, and the records at {row.index_version}")
    return found + [
        f"{company_id} is shown elsewhere" for company_id, one in held.items() if one.terms.value("visible")
    ]


def _is_document(row: Any) -> bool:
    return isinstance(to_item(row), Document)
