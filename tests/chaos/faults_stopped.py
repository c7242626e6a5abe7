"""Processes that stand still between two lines while indices are built and swapped in, and then go on. As in `faults_index`."""

import random
import time

from tests.chaos.drift import drift
from tests.chaos.faults_index import rebuild, wait
from tests.chaos.site import Site

_A_WHILE_S = 20.0


def stopped_before_the_commit(site: Site, rng: random.Random, until: float) -> None:
    """A process of the API has begun a switch of visibility, or has done all of it but the commit. Meanwhile the index of
    each region is built anew, from rows that do not know of it, compared and swapped in. It goes on, and nobody drains.
    """
    while time.monotonic() < until:
        with site.points.standing("held"):
            with site.points.stopped_at(f"serve.{rng.choice(('begun', 'changed'))}", _A_WHILE_S):
                took = _rebuilt(site)
            _settling(took)
            site.drifted.update(drift(site))
        wait(1, until)


def _rebuilt(site: Site) -> float:
    """All regions; the seconds that it took."""
    started = time.monotonic()
    site.carnet("index", "rebuild")
    return time.monotonic() - started


def _settling(rebuild_took: float) -> None:
    """Until who went on has written and settled. On a machine with more to do than it can, that takes longer, too."""
    time.sleep(max(1.5, rebuild_took / 4))


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
        while time.monotonic() < until:
            with site.points.standing("worker.held"):
                wait(2, until)
            with site.points.stopped_at("worker.family", _A_WHILE_S):
                took = _rebuilt(site)
                time.sleep(2)
            _settling(took)
            site.drifted.update(drift(site))


def stopped_with_the_rows(site: Site, rng: random.Random, until: float) -> None:
    """The same, right before that: what it has read changes, and then it hears of the new index."""
    while time.monotonic() < until:
        with site.points.standing("lost"), site.points.stopped_at("worker.rows", _A_WHILE_S):
            time.sleep(2)
            rebuild(site, rng)
        wait(0.3, until)
