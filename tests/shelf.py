"""Indices of the small network on OpenSearch, each with the database that goes with them, for one test after another."""

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.services import Addresses
from tests.services.own import own_database, own_prefix
from tests.small_network import settle

_TOLD = (
    "_stats?level=shards&filter_path=indices.*.uuid,indices.*.shards.*.seq_no.max_seq_no",
    "_alias",
    "_settings",
)


def stands_on(services: Addresses, database_url: str, prefix: str, folder: Path) -> dict[str, str]:
    """The settings of whoever has this database and the indices under this prefix, and keeps the journal in this folder."""
    return {
        "CARNET_DATABASE_URL": database_url,
        "CARNET_SEARCH_URL": f"{services.search_url}#{prefix}",
        "CARNET_JOURNAL": str(folder / "journal"),
        "CARNET_SECRET": "a secret for tests only, longer than 32 bytes",
    }


@dataclass(frozen=True)
class Indices:
    """`database_url`: to be copied. `folder`: what was written into the home. `told`: what the cluster said of them when they
    were new.
    """

    prefix: str
    database_url: str
    folder: Path
    told: list[Any]


class Shelf:
    """Gives away indices that are as they were built; while none is left, the next are built.

    In another process: a test may have changed anything in this one.
    """

    def __init__(self, services: Addresses, template: str) -> None:
        self._services, self._template = services, template
        self._builder = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        self._ready: list[Indices] = []
        self._next: Future[Indices] | None = None

    @contextmanager
    def taken(self) -> Iterator[Indices]:
        """To one's own use, and kept for the next who asks unless they were changed."""
        indices = self._take()
        yield indices
        if _told(self._services, indices.prefix) == indices.told:
            self._ready.append(indices)
        else:
            self._builder.submit(_remove, indices.prefix)

    def close(self) -> None:
        if self._next:
            self._ready.append(self._next.result())
        for indices in self._ready:
            self._builder.submit(_remove, indices.prefix)
        self._builder.shutdown()

    def _take(self) -> Indices:
        if not self._ready:
            # One that failed is not kept: it would fail all others.
            coming, self._next = self._next or self._build(), None
            self._ready.append(coming.result())
        indices = self._ready.pop()
        if not self._ready and self._next is None:
            self._next = self._build()
        return indices

    def _build(self) -> "Future[Indices]":
        return self._builder.submit(_build, self._services, self._template)


_made: dict[str, ExitStack] = {}  # in the builder: prefix → what goes with it


def _build(services: Addresses, template: str) -> Indices:
    with ExitStack() as made:
        folder = Path(made.enter_context(tempfile.TemporaryDirectory(prefix="carnet-shelf-")))
        prefix = made.enter_context(own_prefix(services.search_url))
        database = made.enter_context(own_database(services.database_url, template=template))
        settle(folder, stands_on(services, database, prefix, folder))
        told = _told(services, prefix)
        _made[prefix] = made.pop_all()
        return Indices(prefix, database, folder, told)


def _remove(prefix: str) -> None:
    _made.pop(prefix).close()


def _told(services: Addresses, prefix: str) -> list[Any]:
    """All that a test can change: which indices there are, what was written to them, their aliases and blocks."""
    answers = []
    for what in _TOLD:
        with urlopen(f"{services.search_url}/{prefix}*/{what}", timeout=30) as answer:
            answers.append(json.load(answer))
    return answers
