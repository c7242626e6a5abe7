"""How often a member may look up: Flask-Limiter counts, in memory or in Redis. Never by address: offices share one.

Counted is a person: a member of a company, or a firm's member for all its clients together. The window moves, so nobody
gets twice as much around a full minute. With Redis gone or frozen each process counts for itself at once, by the same
numbers, and asks for Redis again after 1, 2, 4 … 32 seconds; no request waits for it longer than a tenth of a second.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, Response
from flask_limiter import Limiter, RateLimitExceeded
from limits import RateLimitItem, parse_many
from limits.errors import StorageError

from api import problems
from api.services import LookupLimits
from api.sign_in import asker
from directory.errors import TooManyRequests

log = structlog.get_logger()


def init_app(app: Flask, limits: LookupLimits | None, counted: Mapping[str, int | Callable[[], int]]) -> None:
    """Count requests of these endpoints as so many look-ups each; a function is asked within the request."""
    if limits is None:
        return
    limiter = Limiter(
        _who,
        strategy="moving-window",
        storage_uri=limits.storage,
        storage_options=dict(limits.options),
        in_memory_fallback_enabled=True,
        key_prefix="carnet",
    )
    limiter.init_app(app)
    for endpoint, cost in counted.items():
        limit = limiter.shared_limit(limits.per_member, scope="look-ups", cost=cost)
        view: Callable[..., Any] = app.view_functions[endpoint]
        app.view_functions[endpoint] = limit(view)

    def refuse(_: RateLimitExceeded) -> Response:
        return problems.answer(TooManyRequests(_wait_s(limiter, parse_many(limits.per_member))))

    app.register_error_handler(RateLimitExceeded, refuse)


def _who() -> str:
    """The store need not know anybody's name."""
    who = asker()
    return hashlib.sha256(f"{who.subject}\0{who.firm_id or who.company_id}".encode()).hexdigest()[:32]


def _wait_s(limiter: Limiter, rates: list[RateLimitItem]) -> float:
    """Until all of the rates allow one more. The shortest is counted first, so it may be reached by what a longer refused."""
    reached = limiter.current_limit
    if reached is None:
        return 1
    try:
        windows = [limiter.limiter.get_window_stats(rate, *reached.request_args) for rate in rates]
        full = [window for window in windows if window.remaining <= 0] or [reached.window]
        return max(window.reset_time for window in full) - time.time()
    except StorageError:  # it went away this moment
        return 1


class _ToStructlog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log.warning("limits_store", said=record.getMessage())


logging.getLogger("flask-limiter").addHandler(_ToStructlog(logging.WARNING))
