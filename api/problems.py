"""Every error as `application/problem+json` (RFC 9457), in the asker's language; the one place that knows their status.

Invariant: what a stranger is told does not depend on what the records hold. No message quotes a statement, a path, a
trace, or another company's data.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import structlog
from babel import Locale
from babel.dates import format_date, format_time
from flask import Flask, Response, json, request
from flask_babel import format_timedelta, get_locale, gettext
from werkzeug.exceptions import HTTPException

from api import metrics
from api.bearer import NotSignedIn
from api.sign_in import CrossSite, OtherCompany
from directory import errors
from directory.errors import CarnetError, InvalidInput, Message, TooMany, Unavailable
from directory.values import Country

log = structlog.get_logger()

STATUS: Mapping[type[CarnetError], int] = {
    NotSignedIn: 401,
    CrossSite: 403,
    OtherCompany: 403,
    errors.NotAMember: 403,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.CursorExpired: 410,
    errors.KeyReused: 422,
    errors.AutomationOff: 409,
    errors.NotDeliverable: 409,
    errors.IllegalMove: 409,
    errors.Held: 409,
    errors.Erased: 409,
    errors.Stale: 412,
    errors.InvalidInput: 422,
    errors.PreconditionMissing: 428,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.Refused: 503,
}

_HTTP = {
    400: ("bad_request", Message("The request could not be understood.")),
    404: ("not_found", errors.NotFound().message),
    405: ("method_not_allowed", Message("This address does not take that method.")),
    406: ("not_acceptable", Message("This is available as JSON only.")),
    413: ("too_large", Message("The request is too large.")),
    415: ("unsupported_media_type", Message("Send the body as application/json.")),
    422: ("invalid", Message("Some of what was sent is not valid.")),
    429: ("too_many_requests", Message("Too many requests. Please wait a moment.")),
}
_MOST_PLACES = 100  # of a list of a million, each item may be wrong
_INTERNAL = ("internal", Message("Something went wrong on our side."))


def say(message: str) -> str:
    """A message in the asker's language, with the messages in it. One that is not in the catalog is said as it is."""
    if isinstance(message, Message):
        translated = str(gettext(message.template))
        return (
            translated % {name: _said(value) for name, value in message.params.items()}
            if message.params
            else translated
        )
    return str(gettext(message)) if message else message


def _said(value: object) -> object:
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, timedelta):
        return _time_to_wait(value.total_seconds())
    if isinstance(value, Country):
        return _in_canada().territories.get(value.upper(), value)
    return _moment(value) if isinstance(value, datetime) else value


def _in_canada() -> Locale:
    return Locale.parse(f"{get_locale().language}_CA")


def _moment(value: datetime) -> str:
    """As the country writes it, to the minute; in UTC, and saying so, since nobody here knows the reader's clock."""
    locale = _in_canada()
    return f"{format_date(value, 'long', locale)}, {format_time(value, 'short', UTC, locale)} UTC"


def _time_to_wait(seconds: float) -> str:
    """In the unit that a person would use, never less than it is."""
    unit = 1 if seconds <= 120 else 60 if seconds <= 7_200 else 3_600
    whole = math.ceil(seconds / unit) * unit
    granularity = {1: "second", 60: "minute", 3_600: "hour"}[unit]
    return str(format_timedelta(timedelta(seconds=whole), granularity, threshold=2.1))


def init_app(app: Flask) -> None:
    app.register_error_handler(CarnetError, answer)
    app.register_error_handler(Exception, _crash)


def answer(error: CarnetError) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, Unavailable):
        log.warning("unavailable", part=error.part, reason=error.reason)
    extra = {"part": error.part} if isinstance(error, Unavailable) else {}
    response = problem(status, error.code, error.message, fields=_reasons(error), **extra)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "1"
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.wait_s)
        metrics.TOO_MANY.labels(error.code).inc()
    return response


def _reasons(error: CarnetError) -> dict[str, list[str]] | None:
    if not isinstance(error, InvalidInput):
        return None
    return {field: [say(reason)] for field, reason in error.fields.items()}


def part_of_answer(error: CarnetError) -> dict[str, Any]:
    """The error of one item among many, whose answer is a success as a whole."""
    said: dict[str, Any] = {"code": error.code, "detail": say(error.message)}
    return {**said, "errors": reasons} if (reasons := _reasons(error)) else said


def http_error(error: HTTPException) -> Response:
    """What Flask and the schemas raise."""
    status = error.code or 500
    code, message = _HTTP.get(status, ("http_error", Message("The request could not be answered.")))
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    if status == 400 and "json" in messages:
        return problem(400, "bad_json", Message("The body is not valid JSON."))
    response = problem(status, code, message, fields=_field_messages(messages) if status == 422 else None)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _crash(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return http_error(error)
    log.exception("crashed", method=request.method, endpoint=request.endpoint)
    return problem(500, *_INTERNAL)


def problem(
    status: int, code: str, message: Message, *, fields: Mapping[str, list[str]] | None = None, **extra: Any
) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:carnet:problem:{code}",
        "title": say(message),
        "status": status,
        "code": code,
        "detail": say(message),
        **extra,
    }
    if fields:
        body["errors"] = fields
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _field_messages(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    """Flatten what webargs says by location ({"json": {"names": {3: ["…"]}}}) to place (`names[3]`) → sentences, translated."""
    flat: dict[str, list[str]] = {}
    placed = (found for fields in messages.values() for found in _placed(fields, ""))
    for place, reason in islice(placed, _MOST_PLACES):
        flat.setdefault(place or "_body", []).append(say(reason))
    return flat


def _placed(reasons: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(reasons, Mapping):
        for key, value in reasons.items():
            if isinstance(key, int):
                yield from _placed(value, f"{place}[{key}]")
            elif key == "_schema":  # of the object as a whole
                yield from _placed(value, place or key)
            else:
                yield from _placed(value, f"{place}.{key}" if place else str(key))
    else:
        for reason in reasons:
            yield place, reason if isinstance(reason, str) else str(reason)
