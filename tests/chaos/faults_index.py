"""What happens to OpenSearch, and to whoever builds or goes back in it. Each fault ends healed; `until` is monotonic time.

A fault runs in the thread that started the services. It says nothing about what must come out: the row does.
"""

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import urllib3

from tests.chaos.drift import note_drift
from tests.chaos.ground import copied, frozen, restarted
from tests.chaos.names import REGIONS
from tests.chaos.site import Site
from tests.services.own import index_names

_STEPS = ("noted", "created", "page", "filled", "finished", "verified", "swapped", "done")


def wait(seconds: float, until: float) -> None:
    time.sleep(max(0.0, min(seconds, until - time.monotonic())))


def rebuild(site: Site, rng: random.Random, ahead_s: str = "0") -> int:
    return site.carnet("index", "rebuild", "--region", rng.choice(REGIONS), CHAOS_AHEAD_S=ahead_s)


def rebuilds(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        rebuild(site, rng)


def two_rebuilders(site: Site, rng: random.Random, until: float) -> None:
    """At the same moment, of the same region: one of them is refused, or comes after."""
    while time.monotonic() < until:
        region = rng.choice(REGIONS)
        both = [site.spawn("index", "rebuild", "--region", region) for _ in range(2)]
        site.ended += [("index rebuild", process.wait(120)) for process in both]


def swap_answers_lost(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        site.search_line.lose = b"POST /_aliases"
        rebuild(site, rng)
        site.search_line.lose = None
        note_drift(site)  # the next rebuild puts in order what this one has left
        rebuild(site, rng)


def rebuilder_killed(site: Site, rng: random.Random, until: float) -> None:
    """At each step in turn, the one between swap and row twice as often; whoever comes next finds what it left."""
    step = rng.randrange(len(_STEPS))
    while time.monotonic() < until:
        point = "rebuild." + (_STEPS[step % len(_STEPS)] if step % 3 else "swapped")
        site.points.arm(point, signal.SIGKILL)
        rebuild(site, rng)
        site.points.disarm(point)
        release_leases(site)  # as two minutes later
        step += 1
    rebuild(site, rng)


def release_leases(site: Site) -> None:
    """What a killed holder had: instead of waiting until it ends."""
    with site.records.writing() as connection:
        connection.exec_driver_sql("UPDATE leases SET until = 0 WHERE name LIKE 'index of %%'")


def rollbacks(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        region = rng.choice(REGIONS)
        site.carnet("index", "rebuild", "--region", region)
        site.carnet("index", "rollback", "--region", region)


def _while(during: Callable[[Site], None]) -> Callable[[Site, random.Random, float], None]:
    """Well and hurt by turns."""

    def fault(site: Site, rng: random.Random, until: float) -> None:
        while time.monotonic() < until:
            wait(0.5 + rng.random(), until)
            during(site)

    return fault


def _cut(site: Site) -> None:
    site.search_line.cut()
    time.sleep(2)
    site.search_line.join()


def _frozen(site: Site) -> None:
    with frozen(site.ground.search):
        time.sleep(2)


def _slow(site: Site) -> None:
    site.search_line.delay_s = 30.0
    time.sleep(3)
    site.search_line.cut()  # what is held up would come only half a minute later
    site.search_line.delay_s = 0.0
    site.search_line.join()


def _full_disk(site: Site) -> None:
    """What OpenSearch itself does at the flood stage of a disk, to every index of this run."""
    block(site, on=True)
    time.sleep(2)
    block(site, on=False)


search_cut, search_frozen, search_slow, disk_full = map(_while, (_cut, _frozen, _slow, _full_disk))


def block(site: Site, *, on: bool) -> None:
    setting = {"index.blocks.read_only_allow_delete": True if on else None}
    with urllib3.PoolManager(timeout=30) as http:
        for name in index_names(site.ground.search.address, site.prefix):
            with suppress(urllib3.exceptions.HTTPError):
                http.request("PUT", f"{site.ground.search.address}/{name}/_settings", json=setting)


def search_restarted(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        restarted(site.ground.search)
        wait(2 + rng.random(), until)


def old_folder_put_back(site: Site, rng: random.Random, until: float) -> None:
    """The cluster's folder as it was when the row began stands in its place again; its outbox of then is long done."""
    data = site.ground.search.folder / "data"
    kept = site.ground.folder / "kept"
    restarted(site.ground.search, lambda: copied(data, kept))
    wait(until - time.monotonic() - 2, until)
    restarted(site.ground.search, lambda: copied(kept, data))
    time.sleep(2)
