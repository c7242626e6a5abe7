"""Builds what one size needs, from the same names: Carnet's records and indices by its own rebuild, and the others."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.typeahead.filling import REGION, fill_index, fill_records, fill_trigrams
from bench.typeahead.names import companies
from bench.typeahead.place import BARE, COMPLETION, EMBEDDED, SERVICES, TRIGRAM, Place
from bench.typeahead.segments import same_segments
from carnet.settings import read_settings
from carnet.stores import open_engine, open_records, own_index
from carnet.tuning.styles import Named
from directory.members import set_role
from directory.records import Records
from directory.records.schema import migrate
from directory.records.tables import leases
from directory.values import Role
from indexer.rebuild import rebuild_region
from indexer.sync import sync_companies
from indexer.upkeep import POPULARITY
from tests.services.given import plain

MEMBERS, POOL = 100, 20_000
EMBEDDED_MOST = TRIGRAMS_MOST = 600_000  # a company in more is no bench of one machine; pg_trgm takes minutes to build
Rows = Iterator[dict[str, Any]]
SUBJECT = "typist@bench.example"
UPDATES, A_TIME = 40, 5  # everyday use afterwards: so many times, so many companies are written again


def build(place: Place, path: Path, console: Console) -> None:
    if not place.begun:
        place.make()
        place.keep_names(companies(path, place.size))
    names = place.names  # streamed anew for each
    pool = _some(names(), min(POOL, place.size), place.size)
    rng = random.Random(place.size)
    members, updated = rng.sample(pool, MEMBERS), rng.sample(pool, UPDATES * A_TIME)
    place.keep_members(members, pool)
    # What is compared first stands first: a build that is stopped can be measured as far as it got.
    steps = {
        SERVICES: lambda: _carnet(place.on_services(), names(), members, updated),
        BARE: lambda: _other(place, BARE, "search_as_you_type", _rows(names()), _rows(iter(updated))),
    }
    if place.size <= EMBEDDED_MOST:
        steps[EMBEDDED] = lambda: _carnet(place.embedded(), names(), members, updated)
    steps[COMPLETION] = lambda: _other(place, COMPLETION, "completion", _inputs(names()), _inputs(iter(updated)))
    if place.size <= TRIGRAMS_MOST:
        steps[TRIGRAM] = lambda: fill_trigrams(plain(place.database_url), names(), _ignore)
    for what, step in steps.items():
        if what in place.done():
            continue
        started = time.monotonic()
        step()
        place.note_done(what)
        console.print(f"{place.size:,} {what}: {time.monotonic() - started:.0f} s")
    console.print(f"Segments: {same_segments(place.client, place.indices())}")


def keep_popularity(records: Records) -> None:
    """It is made up here, and no link speaks for it: a server would reckon it away, and write companies anew meanwhile."""
    with records.writing() as connection:
        connection.execute(leases.insert().values(name=POPULARITY, number=0, holder="bench", until=2**53))


def _some(names: Iterator[Named], many: int, of: int) -> list[Named]:
    return [one for number, one in enumerate(names) if (number + 1) * many // of > number * many // of]


def _rows(names: Iterator[Named]) -> Rows:
    return ({"_id": one.id, "name": one.name} for one in names)


def _inputs(names: Iterator[Named]) -> Rows:
    return ({"_id": one.id, "name": {"input": [one.name]}} for one in names)


def _other(place: Place, kind: str, field: str, rows: Rows, updated: Rows) -> None:
    fill_index(place.client, place.prefix + kind, {"type": field}, rows, _ignore)
    for number, row in enumerate(updated):
        place.client.index(
            index=place.prefix + kind,
            id=row["_id"],
            body={"name": row["name"]},
            refresh="true" if number % A_TIME == A_TIME - 1 else "false",
        )


def _ignore(_done: int) -> None:
    """Nobody watches."""


def _carnet(environment: dict[str, str], names: Iterator[Named], members: list[Named], updated: list[Named]) -> None:
    settings = read_settings(environment)
    if settings.sqlite_path is None:
        records = Records(settings.database_url)
        migrate(records)
    else:
        records = open_records(settings)
    ownership = own_index(settings, refusal="in use")
    engine = open_engine(settings, ownership)
    try:
        fill_records(records, names, _ignore)
        keep_popularity(records)
        for member in members:
            set_role(records, member.id, SUBJECT, Role.STANDARD_USER)
        rebuild_region(records, engine, REGION)
        ids = [one.id for one in updated]
        for at in range(0, len(ids), A_TIME):
            sync_companies(records, engine, ids[at : at + A_TIME])
    finally:
        engine.close()
        records.close()
        if ownership:
            ownership.give_back()
