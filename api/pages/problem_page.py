"""What went wrong, as a page: for whoever follows a link or types an address, and did not ask for JSON."""

from contextlib import suppress
from typing import cast

from flask import Flask, Response, g, json, render_template, request

from api.pages.language import remember_language
from api.pages.views import shell
from api.sign_in import read_session
from directory.errors import CarnetError

_PROBLEM, _PAGE = "application/problem+json", "text/html"


def init_app(app: Flask) -> None:
    app.after_request(_as_page)


def _as_page(response: Response) -> Response:
    """The same status and sentence. Answers of the API, and of what runs it, stay as they are."""
    if response.mimetype != _PROBLEM or request.blueprint == "running" or not _is_for_a_reader():
        return response
    if "asker" not in g:  # an address that no page has: nothing has looked at the session, or at ?lang=
        if other_language := remember_language():
            return cast(Response, other_language)
        with suppress(CarnetError):
            read_session()
        g.asker = g.get("asker")
    page = render_template("problem.html", problem=json.loads(response.get_data()), **shell())
    response.set_data(page)
    response.content_type = f"{_PAGE}; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    return response


def _is_for_a_reader() -> bool:
    asked = request.path.startswith(("/v1/", "/session", "/openapi.json"))
    return not asked and request.accept_mimetypes.best_match([_PROBLEM, _PAGE]) == _PAGE
