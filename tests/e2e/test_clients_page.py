"""An accounting firm works through its clients at a browser: finds them, chooses some, and switches their visibility."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import Member

pytestmark = pytest.mark.e2e


@pytest.fixture
def demo(new_server: Callable[..., Any]) -> str:
    """A server of this test's own: the sample holds no firm."""
    server = new_server(CARNET_DEV_SIGN_IN="on")
    clients = {f"c-{n:03}": {"name": f"Nordik {n:03} inc.", "city": "Laval", "province": "QC"} for n in range(120)}
    firm = {"name": "Ajax Comptables", "kind": "accounting_firm"}
    server.carnet("import", server.write("few.csv", {**clients, "firm": firm, "other": "Nordik Autre"}), "--no-index")
    server.start()
    product = Member(server.send, server.token("", sub="books", company=None, scope="admin"))
    product.ask("POST", "/v1/admin/clients", {"clients": [{"firm": "firm", "client": one} for one in clients]}).ok()
    ended = {"region": "ca", **clients["c-119"], "status": "ended"}
    product.ask("PUT", "/v1/admin/companies/c-119", ended).ok()
    return server.url


@pytest.fixture
def firm(visit: Any) -> Callable[[str], Any]:
    return lambda language: visit(language).signs_in("Ajax Comptables", "standard_user", "/clients")


def row(visitor: Any, name: str) -> Any:
    return visitor.page.locator(".client").filter(has=visitor.page.get_by_text(name, exact=True))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_client_is_found_chosen_and_hidden_with_the_keyboard_alone(firm: Callable[[str], Any], language: str) -> None:
    visitor = firm(language)
    search = visitor.page.get_by_role("searchbox", name=visitor.say("Name of a client"))
    search.focus()
    visitor.page.keyboard.type("nordik 007")
    expect(visitor.page.locator(".client")).to_have_count(1)
    expect(row(visitor, "Nordik 007 inc.").locator(".badge")).to_have_text(visitor.say("Visible"))
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    expect(visitor.page.locator("#chosen")).to_contain_text("1")
    for _ in range(2):
        visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name=visitor.say("Turn visibility off"))).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(row(visitor, "Nordik 007 inc.").locator(".badge")).to_have_text(visitor.say("Hidden"))
    expect(visitor.page.get_by_role("status")).to_have_text(
        visitor.say("Done for {done} of {count}.").format(done=1, count=1)
    )
    visitor.shoots("clients")
    visitor.page.reload()
    expect(row(visitor, "Nordik 007 inc.").locator(".badge")).to_have_text(visitor.say("Hidden"))


def test_all_that_are_shown_are_switched_page_by_page_and_who_has_left_is_not(firm: Callable[[str], Any]) -> None:
    visitor = firm("en")
    expect(visitor.page.locator(".client")).to_have_count(100)
    visitor.page.get_by_role("button", name="Show more").click()
    expect(visitor.page.locator(".client")).to_have_count(120)
    expect(row(visitor, "Nordik 119 inc.").locator(".badge")).to_have_text("Subscription ended")
    visitor.page.get_by_label("All that are shown").check()
    visitor.page.get_by_role("button", name="Turn visibility off").click()
    expect(visitor.page.get_by_role("status")).to_have_text("Done for 119 of 119.")
    expect(visitor.page.locator(".badge", has_text="Hidden")).to_have_count(119)


def test_a_client_that_is_lost_meanwhile_is_refused_beside_its_name(firm: Callable[[str], Any], demo: str) -> None:
    visitor = firm("en")
    visitor.page.get_by_role("checkbox", name="Choose Nordik 000 inc.").check()
    visitor.page.evaluate("document.querySelector('.client').dataset.id = 'other'")
    visitor.page.get_by_role("button", name="Turn visibility off").click()
    expect(visitor.page.get_by_role("status")).to_have_text("Done for 0 of 1.")
    expect(row(visitor, "Nordik 000 inc.").locator(".field-error")).to_have_text("Your role does not allow this.")
    expect(row(visitor, "Nordik 000 inc.").locator(".badge")).to_have_text("Visible")


def test_everybody_else_is_told_that_it_is_not_for_them(visit: Any) -> None:
    visitor = visit()
    visitor.expects_refusal("/v1/clients")
    visitor.signs_in("Nordik 001 inc.", then="/clients")
    expect(visitor.page.get_by_role("alert")).to_have_text("Your role does not allow this.")
