"""What every world begins with: six companies in two regions, imported and indexed, or imported only.

It is made once by the real code, in a world of its own, and copied for each run.
"""

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from directory.members import ensure_member
from directory.product.enrolment import enrol
from directory.records.schema import migrate
from directory.records.sqlite import create_sqlite_file
from directory.regions import Regions
from directory.values import Role
from indexer.rebuild import rebuild_region
from tests.simulator.actors import COMPANIES, REGIONS, WATCHERS, row, subject
from tests.simulator.hub import START_S
from tests.simulator.odds import Odds
from tests.simulator.patches import simulated
from tests.simulator.process import Process, SteppingRecords
from tests.simulator.world import World


@dataclass(frozen=True)
class Beginning:
    records: Path
    by_name: dict[str, Any]
    aliases: dict[str, dict[str, Any]]
    named: int


_spare: list[SteppingRecords] = []


def fresh_world(seed: int, odds: Odds) -> World:
    begun = beginning(empty=odds.empty)
    _lay_out(begun.records)
    world = World(seed, odds, folder(), _spare)
    world.hub.now = START_S + 10
    world.named = begun.named
    world.cluster.indices.by_name, world.cluster.indices.aliases = deepcopy((begun.by_name, begun.aliases))
    world.witness.served |= set() if odds.empty else set(REGIONS)
    return world


@cache
def beginning(*, empty: bool) -> Beginning:
    _lay_out(empty_records())
    world = World(0, Odds(), folder(), _spare)
    world.quiet = True
    with simulated(world), world.to_the_end():
        process = world.start("importer")
        task = process.run(lambda: _load(process, empty))
        world.hub.run(lambda: all(one.done for one in process.tasks))
        if task.error:
            raise task.error
    kept = folder() / f"beginning-{empty}.db"
    shutil.copyfile(_one_file(folder() / "carnet.db"), kept)
    return Beginning(kept, world.cluster.indices.by_name, world.cluster.indices.aliases, world.named)


def _load(process: Process, empty: bool) -> None:
    rows = [row(company_id, region, "Acer") for company_id, region in (COMPANIES | WATCHERS).items()]
    enrol(process.records, process.publisher, Regions(), "books", rows)
    for company_id in WATCHERS:
        ensure_member(process.records, company_id, subject(company_id), Role.STANDARD_USER)
    if not empty:
        for region in REGIONS:
            rebuild_region(process.records, process.engine, region)


@cache
def folder() -> Path:
    """Where runs take place, one after the other: in memory where that can be had. Removed with this process."""
    shm = Path("/dev/shm")  # noqa: S108
    made = Path(tempfile.mkdtemp(prefix="carnet-simulator-", dir=shm if shm.is_dir() else None))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def _lay_out(records: Path) -> None:
    for left in folder().glob("carnet.db*"):
        left.unlink()
    shutil.rmtree(folder() / "journal", ignore_errors=True)
    shutil.copyfile(records, folder() / "carnet.db")


@cache
def empty_records() -> Path:
    """A database with tables and nothing in them, to be copied."""
    path = folder() / "tables.db"
    create_sqlite_file(path)
    records = SteppingRecords(f"sqlite:///{path}")
    migrate(records)
    records.close()
    return _one_file(path)


def _one_file(path: Path) -> Path:
    """Without the log beside it, so that it can be copied."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return path
