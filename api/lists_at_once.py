"""How many lists a person has matched at the same moment, in one process.

A list takes seconds of one of the few requests that a process answers at a time, and no limit counts its names. Whoever
sent a dozen of the longest at once would have everybody else, and each opt-out, wait until they are done.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from api.sign_in import claims
from directory.errors import Message, TooManyRequests

MOST, WAIT_S = 2, 5
_EXTENSION = "carnet_lists_at_once"
_SENTENCE = Message("Two lists of yours are being matched already. Please go on in %(wait)s.")


def init_app(app: Flask) -> None:
    app.extensions[_EXTENSION] = _AtWork()


@contextmanager
def one_of_few() -> Iterator[None]:
    """Raises TooManyRequests where the person who asks has as many lists at work as anybody may."""
    at_work: _AtWork | None = current_app.extensions.get(_EXTENSION)
    if at_work is None:
        yield
        return
    who = claims().subject, claims().company
    at_work.begin(who)
    try:
        yield
    finally:
        at_work.end(who)


class _AtWork:
    def __init__(self) -> None:
        self._lists: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def begin(self, who: tuple[str, str]) -> None:
        with self._lock:
            if self._lists[who] >= MOST:
                raise TooManyRequests(WAIT_S, _SENTENCE)
            self._lists[who] += 1

    def end(self, who: tuple[str, str]) -> None:
        with self._lock:
            self._lists[who] -= 1
            self._lists += Counter()  # who has none left is forgotten
