"""What /metrics tells of the index as the records know it: found out at each call, whichever process did the work."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from directory import outbox
from directory.errors import Unavailable
from directory.records import Records
from indexer.builds import Build, State, all_builds
from indexer.compare import Kind
from indexer.reconcile import Checked, compared_at, last_checks
from indexer.render import fingerprint


def index_gauges(records: Records, failed_jobs: Callable[[], int | None]) -> list[Metric]:
    """Nothing where the records do not answer: /readyz says so. `failed_jobs`: None where there is no queue to ask."""
    with suppress(Unavailable):
        with records.reading() as connection:
            waiting, since = outbox.depth(connection)
            builds = all_builds(connection)
        checks = last_checks(records)
        live = [build for build in builds if build.state is State.LIVE]
        return [*_outbox(waiting, since), *_builds(builds, live), *_drift(live, checks), *_jobs(failed_jobs())]
    return []


def _outbox(waiting: int, since: int | None) -> Iterator[Metric]:
    yield _gauge("carnet_outbox_changes", "Changes that the index has not been seen to hold.", waiting)
    lag = max(0.0, time.time() - since / 1000) if since else 0
    yield _gauge("carnet_outbox_oldest_seconds", "For how long the oldest of them waits.", lag)


def _builds(builds: list[Build], live: list[Build]) -> Iterator[Metric]:
    states = GaugeMetricFamily("carnet_index_builds", "Builds of all regions, by state.", labels=["state"])
    for state in State:
        states.add_metric([state], sum(build.state is state for build in builds))
    yield states
    outdated = sum(build.fingerprint != fingerprint() for build in live)
    yield _gauge("carnet_index_outdated", "Live builds that another release or tuning made.", outdated)
    if live:
        age = time.time() - min(build.created_at for build in live) / 1000
        yield _gauge("carnet_index_rebuild_age_seconds", "Age of the oldest live build.", age)


def _drift(live: list[Build], checks: dict[str, Checked]) -> Iterator[Metric]:
    """Of the builds that look-ups read: each was compared when it was made, and nothing of it was left."""
    of_live = [checked for build in live if (checked := checks.get(build.region)) and checked.build == build.name]
    drift = GaugeMetricFamily(
        "carnet_index_drift", "Companies that differed when each region was last compared.", labels=["kind"]
    )
    for kind in Kind:
        drift.add_metric([kind], sum(checked.drift[kind] for checked in of_live))
    yield drift
    left = sum(checked.left for checked in of_live)
    yield _gauge("carnet_index_drift_left", "Those of them that could not be repaired.", left)
    if live:
        age = time.time() - min(compared_at(checks, build) for build in live) / 1000
        yield _gauge("carnet_index_check_age_seconds", "Time since the region compared longest ago was compared.", age)


def _jobs(failed: int | None) -> Iterator[Metric]:
    if failed is not None:
        yield _gauge("carnet_jobs_failed", "Jobs that failed after all their tries; see `carnet jobs`.", failed)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
