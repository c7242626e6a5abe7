"""Scripts and styles, at addresses that change with them: a browser keeps them until an upgrade, and then asks for all."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).parent.parent / "static"
_YEAR_S = 365 * 24 * 3600


def _edition() -> str:
    contents = sha256()
    for path in sorted(FOLDER.iterdir()):
        contents.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return contents.hexdigest()[:12]


EDITION = _edition()


def init_blueprint(pages: Blueprint) -> None:
    """`url_for("pages.static", filename=…)` leads to this edition."""
    pages.add_url_rule("/static/<edition>/<path:filename>", "static", asset)
    pages.app_url_defaults(_of_this_edition)


def asset(edition: str, filename: str) -> Response:
    """Another edition's page, from before an upgrade or from a server that has had it already, gets what there is here; its
    browser asks again each time."""
    kept = edition == EDITION
    response = send_from_directory(FOLDER, filename, max_age=_YEAR_S if kept else None)
    if kept:
        response.cache_control.immutable = True
    return response


def _of_this_edition(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "pages.static":
        values.setdefault("edition", EDITION)
