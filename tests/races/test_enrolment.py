"""The accounting product's requests, while others write about the same companies. SQLite has one writer at a time."""

from typing import Any

import pytest
from sqlalchemy import event

pytestmark = pytest.mark.services

NEW = "/v1/admin/companies/new"
LOCKING, READING = "FOR NO KEY UPDATE", "LEFT OUTER JOIN card_versions"


def test_a_company_that_another_request_adds_meanwhile_is_locked_before_it_is_changed(network: Any) -> None:
    product = network.product()

    def adds() -> None:
        assert product.ask("PUT", NEW, {"region": "ca", "name": "Neuve inc."}).ok()["outcome"] == "added"

    def hides() -> None:
        network.member("new").turns(visible=False)

    waiting = [(LOCKING, adds), (READING, hides)]

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if waiting and waiting[0][0] in statement:
            _, do = waiting.pop(0)
            later, waiting[:] = waiting[:], []  # what is done meanwhile asks in the same words
            do()
            waiting[:] = later

    event.listen(network.records._writer, "after_cursor_execute", after)
    assert product.ask("PUT", NEW, {"region": "ca", "name": "Nouvelle inc."}).ok()["outcome"] == "changed"
    assert not waiting
    now = product.ask("GET", NEW).ok()
    assert (now["name"], now["visible"]) == ("Nouvelle inc.", False)
    assert now["index_version"] == 3, "each of the three changes has a number of its own in the index"
