"""The accounting product's requests, while others write about the same companies. SQLite has one writer at a time."""

from typing import Any

import pytest
from sqlalchemy import event, select

from directory.product.memberships import lock_companies
from directory.records.tables import companies

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


def test_who_changes_members_or_firms_of_companies_keeps_nobody_waiting_who_saves_what_refers_to_them(
    network: Any,
) -> None:
    ids = ["bitfarms", "tremblay"]
    referring = (
        select(companies.c.id).where(companies.c.id.in_(ids)).with_for_update(read=True, key_share=True, nowait=True)
    )  # as PostgreSQL does for a contact, or a bill
    with network.records.writing() as product, network.records.writing() as another:
        lock_companies(product, ids)
        assert len(another.execute(referring).all()) == 2
