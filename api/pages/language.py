"""Which language an answer is written in, and remembering the visitor's choice of it.

The JSON API follows `Accept-Language` alone: what a program gets must not depend on a cookie left by a page.
"""

from urllib.parse import quote, urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

LANGUAGES = ("en", "fr")
COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600


def select_locale() -> str:
    """One of LANGUAGES; French is that of Canada, whatever the `fr-…` asked for. English when nothing is asked."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES and not is_api_path(request.path):
        return chosen
    # In the asker's order, by the language alone: `best_match` takes a less wanted "en" before "fr-CA", which is no "fr" to it.
    wanted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((language for language in wanted if language in LANGUAGES), LANGUAGES[0])


def is_api_path(path: str) -> bool:
    return path == "/v1" or path.startswith("/v1/")


def page_address_without_language() -> str:
    """Address of the page being read, local to this site, with all that it was asked for except `lang`."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    # Several slashes would read as the address of another site, also with tabs between them, which browsers pass over.
    path = "/" + quote(request.path.lstrip("/"))
    return f"{path}?{urlencode(asked)}" if asked else path


def page_address_in(language: str) -> str:
    """The same page, asked for in the other language."""
    address = page_address_without_language()
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def remember_language() -> Response | None:
    """Before each page: `?lang=fr` or `?lang=en` is kept for a year and taken out of the address; anything else is ignored."""
    asked = request.args.get("lang")
    if asked not in LANGUAGES or request.method not in ("GET", "HEAD"):
        return None
    answer = redirect(page_address_without_language())
    answer.set_cookie(
        COOKIE, asked, max_age=COOKIE_SECONDS, samesite="Lax", secure=request.is_secure, httponly=True, path="/"
    )
    return answer
