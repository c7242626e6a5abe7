"""What a request brings along is taken in to its end, even where the request is refused.

gunicorn closes a connection on which more than 64 kB of a body were left unread. Most clients send all that they have before
they listen: they would see a broken connection in the place of the 401 or the 413.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from gunicorn.http.errors import ParseException

_MOST_UNREAD, _UNREAD_WITHIN_S = 64 * 1024 * 1024, 30.0
_PIECE = 64 * 1024

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bodies:
    """A WSGI application around another."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not (environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING")):
            return self._application(environ, start_response)
        refused = False

        def begin(status: str, *more: Any) -> Any:
            nonlocal refused
            refused = status >= "4"
            return start_response(status, *more)

        answer = self._application(environ, begin)
        if refused:
            with suppress(OSError, ParseException):
                _take_in(environ["wsgi.input"])
        return answer


def _take_in(body: Any) -> None:
    until, left = time.monotonic() + _UNREAD_WITHIN_S, _MOST_UNREAD
    while left > 0 and time.monotonic() < until and (piece := body.read(_PIECE)):
        left -= len(piece)
