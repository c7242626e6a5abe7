"""Telling a person who types names from a program that goes through the alphabet.

A person types a name letter by letter, and the next name after it; two names in a row that stand in alphabetical order
are nothing, and so are twenty that are saved one by one from a sorted list. Twenty-five in a row, each after the last and
none saved, are a walk. What was typed is kept in memory only, one text a member, for an hour.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass

from cachetools import TTLCache
from sqlalchemy import select

from directory.errors import Unavailable
from directory.harvesting.quotas import DAY_MS
from directory.harvesting.signals import Kind, give_signal, given_since
from directory.records import Records
from directory.records.tables import contacts, now
from directory.values import Asker
from mappings.folding import fold

STEPS = 25


@dataclass(slots=True)
class _Walk:
    """The last text, how many in a row each stood after the one before it, and since when."""

    text: str
    steps: int
    since: int


class Walks:
    """The walks of the members that this process answers; with several processes, each sees a part of the steps."""

    def __init__(self, most_members: int = 100_000) -> None:
        self._walks: TTLCache[tuple[str, str], _Walk] = TTLCache(maxsize=most_members, ttl=3_600)
        self._lock = threading.Lock()

    def watch(self, records: Records, asker: Asker, text: str) -> None:
        """Note a look-up; where it completes a walk without a save, give a signal. Never raises."""
        since = self._step(asker, fold(text[:64]).joined, now())
        if since is None:
            return
        with suppress(Unavailable):  # the look-up was answered; who goes on walking completes another soon
            _signal_unless_saving(records, asker, since)

    def _step(self, asker: Asker, text: str, at: int) -> int | None:
        """Since when the walk goes on that this look-up completes; None for any other look-up."""
        if not text:
            return None
        who = (asker.subject, asker.company_id)
        with self._lock:
            walk = self._walks.get(who) or _Walk("", 0, at)
            if walk.text.startswith(text) or text.startswith(walk.text):  # the same name, longer or shorter
                walk.text = text
            elif text > walk.text:
                walk.text, walk.steps = text, walk.steps + 1
            else:
                walk = _Walk(text, 0, at)
            self._walks[who] = walk
            if walk.steps < STEPS:
                return None
            self._walks[who] = _Walk(text, 0, at)
            return walk.since


def _signal_unless_saving(records: Records, asker: Asker, since: int) -> None:
    saved = select(contacts.c.id).where(contacts.c.company_id == asker.company_id, contacts.c.created_at >= since)
    with records.reading() as connection:
        if connection.execute(saved.limit(1)).first():
            return
        if given_since(connection, Kind.WALK, asker.company_id, now() - DAY_MS):
            return
    with records.writing() as connection:
        give_signal(
            connection,
            Kind.WALK,
            now(),
            company_id=asker.company_id,
            subject=asker.subject,
            firm=asker.firm_id,
            look_ups=STEPS,
            seconds=(now() - since) // 1000,
        )
