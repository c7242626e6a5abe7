"""Counters for whoever runs this. They hold ids of nothing and nobody: outcomes only.

Where FOLDER is set before this module is imported, they are kept in files there, and the counts of all processes of one
server are added up.
"""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from directory.harvesting.signals import on_signal
from directory.lookup import Lookup
from directory.outbox import on_settled

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry()
LOOKUPS = Counter("carnet_lookups", "Look-ups answered, by whether anything was found.", ["found"], registry=REGISTRY)
LOOKUP_SECONDS = Histogram(
    "carnet_lookup_seconds",
    "Time of a look-up, index and confirmation together.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 1),
    registry=REGISTRY,
)
MISSES = Counter(
    "carnet_lookup_misses",
    "Look-ups that found nothing, once for each trait of the text; see `carnet tune misses`.",
    ["region", "trait", "value"],
    registry=REGISTRY,
)
REVEALS = Counter("carnet_reveals", "Cards shown after a pick.", registry=REGISTRY)
DROPPED = Counter(
    "carnet_confirm_dropped",
    "Proposals of the index that the records did not confirm. Rising with an empty outbox, it means drift.",
    ["reason"],
    registry=REGISTRY,
)
UNFIT = Counter(
    "carnet_lookup_unfit",
    "Confirmed companies that fit in no way what was typed: guesses of the index at typos, or names that have changed.",
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "carnet_webhook_deliveries", "Messages to webhooks, by what became of them.", ["outcome"], registry=REGISTRY
)


SIGNALS = Counter(
    "carnet_signals", "What the operator should hear of; see `carnet signals`.", ["kind"], registry=REGISTRY
)
TOO_MANY = Counter("carnet_too_many", "Requests refused by a limit or a quota.", ["code"], registry=REGISTRY)
CONFIRM_SECONDS = Histogram(
    "carnet_index_confirm_seconds",
    "Time from a company's change, such as an opt-out, until every index of its region was seen to agree.",
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
    registry=REGISTRY,
)
on_settled(CONFIRM_SECONDS.observe)
on_signal(lambda kind: SIGNALS.labels(kind).inc())


_FOUND, _NOT_FOUND = LOOKUPS.labels("yes"), LOOKUPS.labels("no")


def count_lookup(found: Lookup, seconds: float) -> None:
    (_FOUND if found.suggestions else _NOT_FOUND).inc()
    LOOKUP_SECONDS.observe(seconds)
    for reason, number in found.dropped.items():
        DROPPED.labels(reason).inc(number)
    if found.unfit:
        UNFIT.inc(found.unfit)


def exposition(gauges: Iterable[Metric]) -> bytes:
    """What this server has counted, and what was found out just now."""
    found = CollectorRegistry()
    found.register(_Found(gauges))
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(found)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(found)


class _Found(Collector):
    def __init__(self, gauges: Iterable[Metric]) -> None:
        self._gauges = list(gauges)

    def collect(self) -> Iterable[Metric]:
        return self._gauges
