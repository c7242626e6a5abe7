"""The address of the page being read, as it is asked for in the other language: a page of this site, whatever was asked for."""

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask import Flask, request

from api.pages.language import page_address_in, remember_language

HERE = "http://carnet.example"


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


@pytest.mark.parametrize(
    "path",
    [
        "/%09/evil.example/", "/%09%09/evil.example", "/%09%5Cevil.example/", "//evil.example/", "/%2F/evil.example",
        "/%5Cevil.example", "/%0A/evil.example/", "/%0D%0A/evil.example/", "/contacts/a%0D%0AX:%20y", "/contacts/a%3Fb%23c",
        "/contacts/%C3%A9%25%20b",
    ],
)  # fmt: skip
def test_choosing_a_language_leads_to_the_same_page_of_this_site_whatever_is_in_its_path(app: Flask, path: str) -> None:
    with app.test_request_context(f"{path}?lang=fr", base_url=HERE):
        asked = request.path.lstrip("/")
        answer = remember_language()
        assert answer is not None
        for address in (answer.headers["Location"], page_address_in("fr")):
            # As browsers read it: without tabs and line breaks, and with each backslash a slash.
            led_to = urlsplit(urljoin(HERE, address.replace("\\", "/")))
            assert (led_to.scheme, led_to.netloc) == ("http", "carnet.example")
            assert unquote(led_to.path).lstrip("/") == asked
