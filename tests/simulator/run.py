"""One run: a world of a seed, everybody in it at work, then quiet; and what must be true by then."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from directory.errors import CarnetError
from indexer.rebuild import rebuild_region
from tests.simulator.actors import REGIONS, Actors
from tests.simulator.beginning import fresh_world
from tests.simulator.drift import drift
from tests.simulator.odds import Odds, draw
from tests.simulator.patches import simulated
from tests.simulator.trouble import begin_trouble
from tests.simulator.witness import Broken, Crashed
from tests.simulator.world import World

ACTIVE_S, QUIET_S = 1_500.0, 400.0
SWEEP_S, UPKEEP_S = 10.0, 60.0
SILENCE_S = 150.0  # whoever was killed while it rebuilt is given up by then


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


def run(seed: int, odds: Odds | None = None) -> Ran:
    """Everything follows from the seed (and the odds, where they are not drawn from it)."""
    odds = odds or draw(Random(f"odds {seed}"))
    world, broken = fresh_world(seed, odds), ""
    with ExitStack() as stack:
        logged = stack.enter_context(simulated(world))
        stack.enter_context(world.to_the_end())
        actors = Actors(world)
        try:
            _be_active(world, actors)
            _be_quiet(world, actors)
            if seed % 4 == 0:
                _rebuild_once_more(world, actors)
            if crashed := [entry for entry in logged if entry["event"].endswith("_crashed")]:
                raise Crashed(f"{crashed[0]}")
        except Exception as error:
            broken = f"{type(error).__name__}: {error}"
    return Ran(seed, odds, broken, world.trace, world.counts)


def _be_active(world: World, actors: Actors) -> None:
    """Clients begin calls whether earlier ones have ended or not, as people do."""
    odds = world.odds
    plans = [("api0", actors.change, odds.writes), ("api1", actors.change, odds.writes)] * 2
    plans += [("api0", actors.look_up, odds.look_ups), ("api1", actors.look_up, odds.look_ups)]
    plans += [("worker0", actors.sweep, 4), ("worker1", actors.sweep, 4), ("worker1", actors.keep_up, 1)]
    plans += [("api0", actors.keep_up, 1), ("api1", actors.sweep, 1)]  # a server does both, beside its answers
    last = 0.0
    for name, what, times in plans:
        at = 0.0
        for pause in _pauses(world, times):
            at += pause
            world.hub.at(at, lambda name=name, what=what: actors.call(world.alive(name), what))
        last = max(last, at)
    operators = [
        actors.in_turn(name, actors.operate, _pauses(world, odds.rebuilds)) for name in ("operator0", "operator1")
    ]
    world.rings = lambda: actors.call(world.alive("worker0"), actors.sweep)
    begin_trouble(world, last)
    until = world.hub.now + last

    def everybody_is_done() -> bool:
        return world.hub.now > until and all(one.done for one in operators) and _idle(world)

    _run_for(world, actors, everybody_is_done, world.hub.now)


def _pauses(world: World, times: int) -> list[float]:
    return [world.random.random() ** 3 * world.odds.think for _ in range(times)]


def _be_quiet(world: World, actors: Actors) -> None:
    """No more trouble, nothing but workers; in time the index says what the records say."""
    world.quiet = True
    world.gone_until = world.frozen_until = 0.0
    for index in world.cluster.indices.by_name.values():
        index.blocks.clear()
    began, upkeep = world.hub.now, world.hub.now
    while True:
        actors.call(world.alive("worker0"), actors.sweep)
        if world.hub.now >= upkeep + UPKEEP_S:
            actors.call(world.alive("worker0"), actors.tidy)
            upkeep = world.hub.now
        _run_for_a_pause(world, actors)
        left = drift(world)
        if not left:
            world.counts["seconds to converge"] += round(world.hub.now - began)
            return
        if world.hub.now > began + QUIET_S:
            raise Broken(f"after quiet the index differs: {left}")


def _rebuild_once_more(world: World, actors: Actors) -> None:
    """Whatever has happened, a rebuild succeeds now, and changes nothing."""
    operator = world.start("operator2")
    world.hub.now += SILENCE_S
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


def _run_for(world: World, actors: Actors, enough: Callable[[], bool], started: float) -> None:
    def checked() -> bool:
        actors.check_failures()
        return enough() or world.hub.now - started > ACTIVE_S

    world.hub.run(checked)
    actors.check_failures()


def _run_for_a_pause(world: World, actors: Actors) -> None:
    until = world.hub.now + SWEEP_S
    world.hub.at(SWEEP_S, lambda: None)
    _run_for(world, actors, lambda: world.hub.now >= until and _idle(world), world.hub.now)


def _idle(world: World) -> bool:
    return all(task.done for process in world.processes for task in process.tasks)
