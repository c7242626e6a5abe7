"""Processes that stand still between two lines while indices are built and swapped in, and then go on. As in `faults_index`."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.chaos.drift import note_drift
from tests.chaos.faults_index import rebuild, wait
from tests.chaos.site import Site

_A_WHILE_S = 20.0
_STARTED_WITHIN_S = 60.0
_LEAST_OFTEN = 3  # where the machine is slow, the time is over after one


def stopped_before_the_commit(site: Site, rng: random.Random, until: float) -> None:
    """A process of the API has begun a switch of visibility, or has done all of it but the commit. Meanwhile the index of
    each region is built anew, from rows that do not know of it, compared and swapped in. It goes on, and nobody drains.
    """
    for _ in _rounds(until):
        with site.points.standing("held"):
            with _rebuilt_while_stopped_at(site, f"serve.{rng.choice(('begun', 'changed'))}") as took:
                pass
            _settled(site, took)
        wait(1, until)


def _rounds(until: float) -> Iterator[int]:
    done = 0
    while done < _LEAST_OFTEN or time.monotonic() < until:
        yield done
        done += 1


@contextmanager
def _rebuilt_while_stopped_at(site: Site, point: str) -> Iterator[float]:
    """The next process that passes stands still for a rebuild of all regions, which took so long, and for the block.

    No longer than that: the rebuild is started before, and has read nothing until it is let go.
    """
    rebuilder = site.spawn("index", "rebuild")
    with ExitStack() as ready:
        with site.points.standing("worker.held"):  # work gathers
            ready.enter_context(site.points.stopped_at("rebuild.begun", _STARTED_WITHIN_S))
        with site.points.stopped_at(point, _A_WHILE_S):
            started = time.monotonic()
            ready.close()
            site.ended.append(("index rebuild", rebuilder.wait(120)))
            yield time.monotonic() - started


def _settled(site: Site, rebuild_took: float) -> None:
    """Wait until who went on has written and settled, longer where the machine has more to do than it can; and look."""
    time.sleep(max(1.5, rebuild_took / 2))
    note_drift(site)


def stopped_across_a_swap(site: Site, rng: random.Random, until: float) -> None:
    """A worker has read rows, and is stopped before it writes them; meanwhile an index is built and swapped in."""
    while time.monotonic() < until:
        with site.points.standing("lost"), site.points.stopped_at("worker.read", _A_WHILE_S):
            rebuild(site, rng)
        wait(0.3, until)


def stopped_with_the_family(site: Site, _rng: random.Random, until: float) -> None:
    """The same, right after it has asked which builds there are. It alone drains, and has claimed the work of many; what it
    has claimed changes again after the swap, and is settled by nobody else.
    """
    with site.points.standing("lost"), site.points.standing("serve.held"):
        for _ in _rounds(until):
            with _rebuilt_while_stopped_at(site, "worker.family") as took:
                time.sleep(2)
            _settled(site, took)


def stopped_with_the_rows(site: Site, rng: random.Random, until: float) -> None:
    """The same, right before that: what it has read changes, and then it hears of the new index."""
    while time.monotonic() < until:
        with site.points.standing("lost"), site.points.stopped_at("worker.rows", _A_WHILE_S):
            time.sleep(2)
            rebuild(site, rng)
        wait(0.3, until)
