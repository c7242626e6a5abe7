"""The application factory."""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, current_app, request
from flask.json.provider import DefaultJSONProvider
from flask_babel import Babel
from flask_smorest import Api

from api import limits, lists_at_once, problems, routes, sign_in
from api.pages import pages, problem_page, select_locale
from api.routes.headers import OF_PROBLEMS
from api.running import running
from api.schemas.base import Problem
from api.services import Services
from api.session import sessions
from api.whole_request import WholeRequest

LARGEST_BODY = 256 * 1024


class _Api(Api):  # type: ignore[misc]  # flask-smorest has no types
    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        """Describe errors by the type they are sent with; everything else keeps the default."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.spec.components.responses_lazy["DEFAULT_ERROR"]["headers"] = OF_PROBLEMS

    def handle_http_exception(self, error: Any) -> Response:
        return problems.http_error(error)


class _Json(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **options: Any) -> str:
        """What was sent may hold half a character, and is said again beside what became of it: UTF-8 has none, JSON has an
        escape for it, which is spelled as Python spells it.
        """
        return super().dumps(obj, **options).encode("utf-8", "backslashreplace").decode()

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Flask answers 400 to what is no JSON, which brackets within too many brackets are not to it."""
        try:
            return super().loads(s, **options)
        except RecursionError as error:
            raise ValueError from error


class _App(Flask):
    json_provider_class = _Json
    request_class = WholeRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is a coroutine, and Flask would look into every hook of every request for whether it is."""
        return func


_SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}


def create_app(services: Services) -> Flask:
    """The whole HTTP side, served by `services`. Makes no connection."""
    app = _App("api", static_folder=None)
    app.url_map.merge_slashes = False  # or `/v1//contacts` leads to wherever its Host header says
    app.extensions["carnet"] = services
    app.config.update(
        SECRET_KEY=services.session_secrets[0],
        SECRET_KEY_FALLBACKS=list(services.session_secrets[1:]),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        DEV_SIGN_IN=services.dev_sign_in,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        API_TITLE="Carnet",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Cards are provided by the companies and not verified."},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
            "security": [{"bearer": []}],
        },
    )
    Babel(app, locale_selector=select_locale)
    sign_in.init_app(app)

    app.before_request(_require_current_records)
    app.before_request(_read_session_for_pages)
    api = _Api(app)
    problems.init_app(app)
    routes.register(api)
    limits.init_app(app, services.lookup_limits, routes.LOOK_UPS)
    if services.lookup_limits:
        lists_at_once.init_app(app)
    for blueprint in (sessions, running, pages):
        app.register_blueprint(blueprint)
    app.after_request(_secure)
    problem_page.init_app(app)
    return app


def _require_current_records() -> None:
    """Records that were restored and have forgotten opt-outs answer nobody."""
    if request.blueprint != "running":
        cast(Services, current_app.extensions["carnet"]).require_current()


def _read_session_for_pages() -> None:
    if request.blueprint == "pages" and request.endpoint != "pages.static":
        sign_in.read_session()


def _secure(response: Response) -> Response:
    for name, value in _SECURE.items():
        if name not in response.headers:
            response.headers.add(name, value)
    if request.endpoint == "session.sign_in":
        response.headers["Cache-Control"] = "no-store"
    return response
