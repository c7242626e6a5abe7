"""What accounting firms do in their clients' books, kept where the client can read it."""

from threading import Lock
from weakref import WeakKeyDictionary

from cachetools import TTLCache

from directory.auditing import note
from directory.records import Records
from directory.values import Asker

_READ = frozenset({"GET", "HEAD", "OPTIONS"})
# Reading is noted once an hour, for each person, client and route: a look-up is one request a keystroke.
_EVERY_S, _MOST = 3_600, 100_000
_Noted = TTLCache[tuple[str | None, ...], bool]
_noted: WeakKeyDictionary[Records, _Noted] = WeakKeyDictionary()
_lock = Lock()  # a cache that forgets by itself is changed by reading it too


def note_acting(records: Records, asker: Asker, method: str, route: str) -> None:
    """Write to the client's audit log that a firm's member asked for this, whatever comes of it.

    Raises Unavailable("records"): what cannot be noted is not done.
    """
    seen = (asker.subject, asker.firm_id, asker.company_id, route)
    if method in _READ and _is_noted(records, seen):
        return
    with records.writing() as connection:
        note(connection, asker, "acted", {"method": method, "route": route})
    if method in _READ:
        with _lock:
            _noted[records][seen] = True


def _is_noted(records: Records, seen: tuple[str | None, ...]) -> bool:
    with _lock:
        return seen in _noted.setdefault(records, TTLCache(maxsize=_MOST, ttl=_EVERY_S))
