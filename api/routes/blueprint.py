"""What all network routes share: only members get in, bodies are JSON, and no answer is kept by anybody."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Never, TypeVar, cast

from flask import Request, Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from api.routes.headers import header
from api.services import services
from api.sign_in import (
    asker,
    asker_if_known,
    require_firm_member,
    require_member,
    require_member_if_not_yet,
    require_service,
)
from directory.errors import InvalidInput, Message, Stale
from directory.idempotency import Key, recall
from directory.members import require_network
from directory.permissions import Action, require
from directory.values import Asker

_LARGEST_BATCH = 8 * 1024 * 1024  # 500 companies, each with all the names that it may have
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class _Parser(FlaskParser):
    def load_json(self, req: Request, schema: Schema) -> Any:
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError) as error:  # numbers of too many digits, brackets within too many brackets
            return self._handle_invalid_json_error(error, req)  # type: ignore[arg-type]

    def handle_error(self, *args: Any, **kwargs: Any) -> Never:
        require_member_if_not_yet()
        super().handle_error(*args, **kwargs)


_IDEMPOTENT = {"parameters": [header("Idempotency-Key", "The same request with the same key is done once.")]}


_View = TypeVar("_View", bound=Callable[..., Any])


class _Blueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    ARGUMENTS_PARSER = _Parser()

    def creates(self, **described: Any) -> Callable[[_View], _View]:
        """In the place of `doc`: a route that honours `Idempotency-Key`, and is described so."""

        def mark(view: _View) -> _View:
            cast(Any, view).creates = True
            return cast(_View, self.doc(**_IDEMPOTENT, **described)(view))

        return mark


def permits(action: Action) -> Callable[[_View], _View]:
    """Innermost decorator of every network route: what the asker must be allowed to do in the company's books."""

    def mark(view: _View) -> _View:
        cast(Any, view).action = action  # kept by functools.wraps, through every other decorator
        return view

    return mark


def takes_xml(view: _View) -> _View:
    """Beside `permits`: a route whose body may be XML too."""
    cast(Any, view).takes_xml = True
    return view


def needs_no_body(view: _View) -> _View:
    """Beside `permits`: a route that may be asked with no body at all."""
    cast(Any, view).needs_no_body = True
    return view


def asks_by_itself(view: _View) -> _View:
    """Beside `permits`: a route that reads who asks along with its answer, and then whether they may."""
    cast(Any, view).asks_by_itself = True
    return view


def sent_as_xml() -> bool:
    return request.mimetype in ("application/xml", "text/xml")


def parse_json(schema: type[Schema]) -> dict[str, Any]:
    """The JSON body, for a route that takes others too: `arguments` would ask every request for it."""
    parsed: dict[str, Any] = _Blueprint.ARGUMENTS_PARSER.parse(schema(), request, location="json")
    return parsed


def action_of(endpoint: str) -> Action:
    """What a network route wants to do. Raises AttributeError for a route that does not say: it answers nobody."""
    view: Any = current_app.view_functions[endpoint]
    action: Action = view.action
    return action


def _require_permission() -> None:
    if who := asker_if_known():
        require(who, action_of(request.endpoint or ""))


def require_asker(who: Asker) -> None:
    """What comes before other routes, for one that `asks_by_itself`."""
    require_network(who, services().regions)
    require(who, action_of(request.endpoint or ""))


def network_blueprint(name: str, import_name: str, description: str, *first: Callable[[], None]) -> Blueprint:
    """Routes of a company's members: each has its `@permits`. `first` is called before the body is read, and who asks."""
    return _blueprint(name, import_name, description, *first, require_member, _require_permission)


def firm_blueprint(name: str, import_name: str, description: str) -> Blueprint:
    """Routes of an accounting firm's members, who act for the firm itself."""
    return _blueprint(name, import_name, description, require_firm_member)


def service_blueprint(name: str, import_name: str, description: str) -> Blueprint:
    """Routes of the accounting product's service."""
    return _blueprint(name, import_name, description, require_service, _allow_large_body)


def _blueprint(name: str, import_name: str, description: str, *guards: Callable[[], None]) -> Blueprint:
    blueprint = _Blueprint(name, import_name, url_prefix="/v1", description=description)
    for guard in guards:
        blueprint.before_request(guard)
    blueprint.before_request(_require_json)
    blueprint.before_request(_refuse_reused_key)
    blueprint.after_request(_keep_nothing)
    return blueprint


def idempotency_key() -> Key | None:
    """The `Idempotency-Key` of this request, with a digest of what came with it. Raises InvalidInput for a bad one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise InvalidInput({"Idempotency-Key": Message("Must be 1 to 255 printable characters.")})
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode() + request.get_data())
    return Key(key, digest.hexdigest())


def if_match() -> int | None:
    """The version that `If-Match` names, None where there is no such header. Raises Stale for one that was never given.

    A proxy that compresses answers makes their ETags weak (nginx does), and they come back so. What they name is a version,
    the same whatever the bytes are.
    """
    sent = request.headers.get("If-Match")
    if sent is None:
        return None
    version = sent.strip().removeprefix("W/").strip('"')
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise Stale
    return int(version)


def expected_version() -> int | None:
    """As `if_match`, for what may be changed without it: `*` is any version, as no header is."""
    return None if request.headers.get("If-Match", "").strip() == "*" else if_match()


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _require_json() -> None:
    if request.method not in _WITH_BODY or request.is_json:
        return
    view = current_app.view_functions[request.endpoint or ""]
    nothing = not request.mimetype and not request.get_data()
    if not (sent_as_xml() and hasattr(view, "takes_xml")) and not (nothing and hasattr(view, "needs_no_body")):
        raise UnsupportedMediaType


def _refuse_reused_key() -> None:
    """Before anything of the body is judged: with a key that came with another request, nothing in it matters."""
    if hasattr(current_app.view_functions[request.endpoint or ""], "creates"):
        recall(services().records, asker(), idempotency_key())


def _allow_large_body() -> None:
    request.max_content_length = _LARGEST_BATCH


def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization, Cookie, Accept-Language"
    return response
