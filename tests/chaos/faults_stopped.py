"""Processes that stand still between two lines while indices are built and swapped in, and then go on. As in `faults_index`."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import select

from directory.records.tables import outbox
from tests.chaos.drift import note_drift
from tests.chaos.faults_index import rebuild, wait
from tests.chaos.site import Site

_A_WHILE_S = 20.0
_STARTED_WITHIN_S = 60.0
_SETTLED_WITHIN_S = 45.0
_LEAST_OFTEN = 6  # where the machine is slow, the time is over after one


def stopped_before_the_commit(site: Site, rng: random.Random, until: float) -> None:
    """A process of the API has begun a switch of visibility, or has done all of it but the commit. Meanwhile the index of
    each region is built anew, from rows that do not know of it, compared and swapped in. It goes on, and nobody drains.
    """
    for _ in _rounds(site, until):
        with site.points.standing("held"):
            with _rebuilt_while_stopped_at(site, f"serve.{rng.choice(('begun', 'changed'))}"):
                pass
            _settled(site)
        wait(1, until)


def _rounds(site: Site, until: float) -> Iterator[int]:
    """Until something is wrong: where a company changes again soon, what a fault has left is healed."""
    done = 0
    while not +site.drifted and (done < _LEAST_OFTEN or time.monotonic() < until):
        yield done
        done += 1


@contextmanager
def _rebuilt_while_stopped_at(site: Site, point: str) -> Iterator[None]:
    """The next process that passes stands still for a rebuild of all regions, and for the block.

    No longer than that: the rebuild is started before, and has read nothing until it is let go.
    """
    rebuilder = site.spawn("index", "rebuild")
    with ExitStack() as ready:
        with site.points.standing("worker.held"):  # work gathers
            ready.enter_context(site.points.stopped_at("rebuild.begun", _STARTED_WITHIN_S))
        with site.points.stopped_at(point, _A_WHILE_S):
            ready.close()
            site.ended.append(("index rebuild", rebuilder.wait(120)))
            yield


def _settled(site: Site) -> None:
    """Wait until who went on has written and settled what waits by now, behind whatever stands before it; and look."""
    time.sleep(1)  # until it has committed
    waiting, deadline = _outbox(site), time.monotonic() + _SETTLED_WITHIN_S
    while waiting & _outbox(site) and time.monotonic() < deadline:
        time.sleep(0.2)
    note_drift(site)


def _outbox(site: Site) -> set[int]:
    with site.records.reading() as connection:
        return set(connection.execute(select(outbox.c.seq)).scalars())


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
        for _ in _rounds(site, until):
            with _rebuilt_while_stopped_at(site, "worker.family"):
                time.sleep(2)
            _settled(site)


def stopped_with_the_rows(site: Site, rng: random.Random, until: float) -> None:
    """The same, right before that: what it has read changes, and then it hears of the new index."""
    while time.monotonic() < until:
        with site.points.standing("lost"), site.points.stopped_at("worker.rows", _A_WHILE_S):
            time.sleep(2)
            rebuild(site, rng)
        wait(0.3, until)
