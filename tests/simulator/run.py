"""One run: a world of a seed, everybody in it at work, then quiet; and what must be true by then."""

import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

from directory.errors import CarnetError
from directory.product.enrolment import enrol
from directory.records.database import create_sqlite_file
from directory.records.schema import migrate
from directory.regions import Regions
from indexer.rebuild import rebuild_region
from tests.simulator.actors import COMPANIES, REGIONS, Actors, row
from tests.simulator.drift import drift
from tests.simulator.odds import Odds, draw
from tests.simulator.patches import simulated
from tests.simulator.process import SteppingRecords
from tests.simulator.trouble import begin_trouble
from tests.simulator.witness import Broken
from tests.simulator.world import World

ACTIVE_S, QUIET_S = 1_500.0, 900.0
SWEEP_S = 5.0


@dataclass
class Ran:
    """What became of one run. `broken` is empty, or says what must not have happened."""

    seed: int
    odds: Odds
    broken: str
    trace: list[str]
    counts: Counter[str]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        self.digest = sha256("\n".join(self.trace).encode()).hexdigest()[:16]


@dataclass
class Place:
    """Where runs take place one after the other: a folder in memory where there is one, and compiled statements."""

    folder: Path
    spare: list[SteppingRecords] = field(default_factory=list)

    def fresh(self) -> None:
        for left in self.folder.glob("carnet.db*"):
            left.unlink()
        shutil.rmtree(self.folder / "journal", ignore_errors=True)
        shutil.copyfile(_tables(), self.folder / "carnet.db")


@cache
def place() -> Place:
    shm = Path("/dev/shm")  # noqa: S108
    return Place(Path(tempfile.mkdtemp(prefix="carnet-simulator-", dir=shm if shm.is_dir() else None)))


@cache
def _tables() -> Path:
    path = place().folder / "tables.db"
    create_sqlite_file(path)
    records = SteppingRecords(f"sqlite:///{path}")
    migrate(records)
    records.close()
    with sqlite3.connect(path) as connection:  # one file, to be copied
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    return path


def run(seed: int, odds: Odds | None = None) -> Ran:
    """Everything follows from the seed (and the odds, where they are not drawn from it)."""
    odds = odds or draw(Random(f"odds {seed}"))
    here = place()
    here.fresh()
    world, broken = World(seed, odds, here.folder, here.spare), ""
    with ExitStack() as stack:
        logged = stack.enter_context(simulated(world))
        stack.enter_context(world.to_the_end())
        actors = Actors(world)
        try:
            _begin(world, actors)
            _be_active(world, actors)
            _be_quiet(world, actors)
            _rebuild_once_more(world, actors)
            if crashed := [entry for entry in logged if entry["event"].endswith("_crashed")]:
                raise Broken(f"{crashed[0]}")
        except Exception as error:
            broken = f"{type(error).__name__}: {error}"
    return Ran(seed, odds, broken, world.trace, world.counts)


def _begin(world: World, actors: Actors) -> None:
    world.quiet = True
    importer = world.start("importer")

    def load(process: object) -> None:
        rows = [row(company_id, region, "Acer") for company_id, region in COMPANIES.items()]
        enrol(importer.records, importer.publisher, Regions(), "books", rows)
        if not world.odds.empty:
            for region in REGIONS:
                rebuild_region(importer.records, importer.engine, region)
                world.witness.served.add(region)

    actors.call(importer, load)
    world.hub.run(lambda: not any(not task.done for task in importer.tasks))
    actors.check_failures()
    world.kill(importer)
    world.counts.clear()
    world.quiet = False


def _be_active(world: World, actors: Actors) -> None:
    """Clients begin calls whether earlier ones have ended or not, as people do."""
    odds = world.odds
    plans = [("api0", actors.change, odds.writes), ("api1", actors.change, odds.writes)] * 2
    plans += [("api0", actors.look_up, odds.look_ups), ("api1", actors.look_up, odds.look_ups)]
    plans += [("operator0", actors.rebuild, odds.rebuilds), ("operator1", actors.rebuild, odds.rebuilds)]
    plans += [("worker0", actors.sweep, 4), ("worker1", actors.sweep, 4)]
    last = 0.0
    for name, what, times in plans:
        at = 0.0
        for _ in range(times):
            at += world.random.random() ** 3 * odds.think
            world.hub.at(at, lambda name=name, what=what: actors.call(world.alive(name), what))
        last = max(last, at)
    world.rings = lambda: actors.call(world.alive("worker0"), actors.sweep)
    begin_trouble(world, last)
    _run_for(world, actors, lambda: world.hub.now > started + last and _idle(world), started := world.hub.now)


def _be_quiet(world: World, actors: Actors) -> None:
    """No more trouble, nothing but workers; in time the index says what the records say."""
    world.quiet = True
    world.gone_until = world.frozen_until = 0.0
    for index in world.cluster.indices.by_name.values():
        index.blocks.clear()
    until = world.hub.now + QUIET_S
    while world.hub.now < until:
        for name in ("worker0", "worker1"):
            actors.call(world.alive(name), actors.sweep)
        pause = world.hub.now + SWEEP_S
        world.hub.at(SWEEP_S, lambda: None)
        _run_for(world, actors, lambda: world.hub.now >= pause and _idle(world), world.hub.now)
        if not drift(world):
            break
    if left := drift(world):
        raise Broken(f"after quiet the index differs: {left}")


def _rebuild_once_more(world: World, actors: Actors) -> None:
    """Whatever has happened, a rebuild succeeds now, and changes nothing."""
    operator = world.start("operator2")
    world.counts.clear
    failed: list[str] = []

    def rebuild_all(_process: object) -> None:
        for region in REGIONS:
            try:
                rebuild_region(operator.records, operator.engine, region)
            except CarnetError as error:
                failed.append(f"{region}: {error.code} {getattr(error, 'reason', error)}")

    actors.call(operator, rebuild_all)
    _run_for(world, actors, lambda: _idle(world), world.hub.now)
    if failed:
        raise Broken(f"after quiet a rebuild failed: {failed}")
    if left := drift(world):
        raise Broken(f"after a rebuild the index differs: {left}")


def _run_for(world: World, actors: Actors, enough, started: float) -> None:
    def checked() -> bool:
        actors.check_failures()
        return enough() or world.hub.now - started > ACTIVE_S

    world.hub.run(checked)
    actors.check_failures()


def _idle(world: World) -> bool:
    return all(task.done for process in world.processes for task in process.tasks)
