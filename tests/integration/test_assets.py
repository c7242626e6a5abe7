"""Scripts and styles: kept by a browser as long as they are the same."""

import re
from typing import Any

from tests.conftest import Answer


def get(network: Any, path: str) -> Answer:
    return network.send("GET", path, {}, None)


def test_a_browser_keeps_the_scripts_and_styles_of_a_page_and_asks_for_nothing_again(still_network: Any) -> None:
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', get(still_network, "/sign-in").text)
    assert len(linked) > 3
    for path in linked:
        answer = get(still_network, path)
        assert answer.status == 200, path
        kept = answer.headers["Cache-Control"].split(", ")
        assert {"public", "immutable", "max-age=31536000"} == set(kept), path


def test_a_page_from_before_an_upgrade_still_gets_its_scripts_but_keeps_none(still_network: Any) -> None:
    answer = get(still_network, "/static/0123456789ab/api.js")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_nothing_beside_the_scripts_and_styles_is_served(still_network: Any) -> None:
    for path in ("/static/x/../app.py", "/static/x/%2e%2e/app.py", "/static/x/", "/static/x/nothing.js"):
        assert get(still_network, path).status == 404, path
