"""What befalls a world while everybody is at work: processes die, the cluster is gone, frozen, full, or starts again."""

from collections.abc import Callable
from typing import Any

RESTARTED_AFTER_S = 20.0


def begin_trouble(world: Any, last: float) -> None:
    """Plan all of it, some time between now and `last` seconds from now."""
    for _ in range(world.odds.kills):
        world.hub.at(world.random.uniform(0, last), lambda: _kill_one(world))
    for _ in range(world.odds.outages):
        what = world.random.choice([_gone, _frozen, _full, _started_again])
        length = world.random.random() ** 2 * 100
        world.hub.at(world.random.uniform(0, last), lambda what=what, length=length: _trouble(world, what, length))


def _kill_one(world: Any) -> None:
    """The next call that means this process starts it anew."""
    busy = [process for process in world.processes if any(not task.done for task in process.tasks)]
    if busy and not world.quiet:
        world.kill(world.random.choice(busy))


def _trouble(world: Any, what: Callable[[Any, float], None], length: float) -> None:
    if not world.quiet:
        world.note(f"trouble: {what.__name__} for {length:.1f} s")
        world.counts[f"trouble: {what.__name__}"] += 1
        what(world, length)


def _gone(world: Any, length: float) -> None:
    world.gone_until = world.hub.now + length


def _frozen(world: Any, length: float) -> None:
    world.frozen_until = world.hub.now + length


def _full(world: Any, length: float) -> None:
    """A disk is full: what is in one index stays as it is."""
    names = sorted(world.cluster.indices.by_name)
    if names:
        index = world.cluster.indices.by_name[world.random.choice(names)]
        index.blocks.add("read_only_allow_delete")
        world.hub.at(length, lambda: index.blocks.discard("read_only_allow_delete"))


def _started_again(world: Any, _length: float) -> None:
    """What is in memory only is lost: which documents were deleted, and at which version."""
    for index in world.cluster.indices.by_name.values():
        index.close()
        index.closed = False
