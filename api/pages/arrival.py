"""Where a visitor may be sent after signing in: a page of this site, nowhere else."""

from urllib.parse import urlsplit

FIRST_PAGE = "/customers/new"


def safe_next(wanted: str | None) -> str:
    """The wanted address if it is a path on this site, else FIRST_PAGE.

    Browsers read `//host`, `/\\host` and addresses with tabs or newlines in them as the address of another site.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return FIRST_PAGE
    if "\\" in wanted or any(character.isspace() or not character.isprintable() for character in wanted):
        return FIRST_PAGE
    parts = urlsplit(wanted)
    return FIRST_PAGE if parts.scheme or parts.netloc or parts.path == "/sign-in" else wanted
