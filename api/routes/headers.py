"""Headers, as the API's description says them."""

from typing import Any

from api.sign_in import ACTING_FOR


def header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    """Of a request."""
    return {"in": "header", "name": name, "required": required, **_text(description)}


def _text(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


# Of requests to all routes of a company's members.
FOR_A_CLIENT = header(ACTING_FOR, "A member of an accounting firm: the id of the client in whose books this is asked.")

# Of answers.
ETAG = {"ETag": _text("The version; `If-Match` takes it where this is changed.")}
LOCATION = {"Location": _text("Where what was created is read.")}
OF_PROBLEMS = {
    "Retry-After": {
        "description": "With 429 and 503: in how many seconds to ask again.",
        "schema": {"type": "integer"},
    },
    "WWW-Authenticate": _text("With 401: `Bearer`."),
    "Allow": _text("With 405: the methods that there are."),
}
