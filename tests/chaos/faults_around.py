"""What happens to workers, to the API's processes and to Redis; and imports and clocks. As in `faults_index`."""

import os
import random
import signal
import time
from contextlib import suppress

import redis

from tests.chaos.faults_index import rebuild, wait
from tests.chaos.ground import frozen, restarted
from tests.chaos.names import write_file
from tests.chaos.site import Site

_HOUR_S = "3600"
_WORKER_STEPS = ("read", "written")


def drains_delayed(site: Site, _rng: random.Random, until: float) -> None:
    """No message arrives and nobody sweeps, nearly until the end; then two workers do all of it at once."""
    with site.points.standing("held"), site.points.standing("lost"):
        wait(until - time.monotonic() - 1, until)
    site.work()


def drains_doubled(site: Site, _rng: random.Random, until: float) -> None:
    """Three workers in each other's way, and what is published at once is lost in between: work comes late and twice."""
    for _ in range(2):
        site.work()
    while time.monotonic() < until:
        with site.points.standing("lost"):
            wait(0.7, until)
        wait(0.3, until)


def workers_killed(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        point = f"worker.{rng.choice(_WORKER_STEPS)}"
        with site.points.standing("lost"):
            site.points.arm(point, signal.SIGKILL)
            killed = site.points.reached(point, 5)
        site.points.disarm(point)
        if killed:
            _reap(site, killed)
        site.work_again()
        wait(rng.random(), until)


def _reap(site: Site, pid: int) -> None:
    for worker in site.workers:
        if worker.pid == pid:
            worker.wait(10)


def api_killed_after_commit(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        point = f"serve.{rng.choice(('committed', 'journaled', 'written'))}"
        site.points.arm(point, signal.SIGKILL)
        site.points.reached(point, 5)
        site.points.disarm(point)
        wait(0.5 + rng.random(), until)


def api_killed(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        with suppress(ProcessLookupError):
            os.kill(rng.choice(site.api_processes()), signal.SIGKILL)
        wait(2 + rng.random(), until)


def redis_killed(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        wait(0.5 + rng.random(), until)
        restarted(site.ground.redis, lambda: time.sleep(1.5))


def redis_flushed(site: Site, rng: random.Random, until: float) -> None:
    with redis.Redis.from_url(site.settings.redis_url or "") as client:
        while time.monotonic() < until:
            client.flushdb()
            wait(0.2 * rng.random(), until)


def redis_frozen(site: Site, rng: random.Random, until: float) -> None:
    while time.monotonic() < until:
        wait(0.5 + rng.random(), until)
        with frozen(site.ground.redis):
            time.sleep(2)


def imported_again(site: Site, rng: random.Random, until: float) -> None:
    """The same file, which says of every company that it is visible; and the same with another city or other names."""
    path, there = site.home.folder / "again.csv", site.regions()
    now = {company: there[company] for company in site.names.words}
    while time.monotonic() < until:
        write_file(path, site.names, rng.randrange(100), city=rng.choice(("", "Laval", "Gatineau")), regions=now)
        site.carnet("import", str(path))
        if rng.random() < 0.3:
            rebuild(site, rng)


def clocks_ahead(site: Site, rng: random.Random, until: float) -> None:
    """A worker and whoever rebuilds are an hour ahead of the API."""
    site.work(CHAOS_AHEAD_S=_HOUR_S)
    while time.monotonic() < until:
        rebuild(site, rng, _HOUR_S)


def nothing(_site: Site, _rng: random.Random, until: float) -> None:
    wait(until - time.monotonic(), until)
