"""What a page does when another tab of the same browser has begun the session anew, or as another company."""

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import asks

pytestmark = pytest.mark.e2e


def signs_in_elsewhere(visitor: Any, company: str, role: str = "primary_admin") -> Page:
    """In another tab of the same browser."""
    tab: Page = visitor.context.new_page()
    tab.goto("/sign-in?" + urlencode({"q": company, "role": role, "next": "/customers"}))
    row = tab.locator(".company").filter(has=tab.get_by_text(company, exact=True)).first
    row.get_by_role("button").click()
    tab.wait_for_url("**/customers")
    return tab


def signs_out(tab: Page) -> None:
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_never_shows_under_the_name_of_one_company_what_is_anothers(visit: Any, language: str) -> None:
    visitor = visit(language).signs_in("Cogeco Inc.")
    page = visitor.page
    for path in ("/v1/typeahead", "/v1/contacts/duplicates", "/v1/contacts"):
        visitor.expects_refusal(path)
    other = signs_in_elsewhere(visitor, "CAE Inc.")
    asks(other, "POST", "/v1/contacts", {"relation": "customer", "name": "zzyzx of the other"})
    said = visitor.say(
        "You are now signed in as another company. Sign in as {name} again in another tab: what you typed is still here."
    ).format(name="Cogeco Inc.")
    visitor.name.fill("bitf")
    expect(page.locator("#name-note")).to_have_text(said)
    visitor.saves()
    expect(page.locator("main form").get_by_role("alert")).to_have_text(said)
    assert visitor.value("name") == "bitf"
    visitor.shoots("other-company")
    signs_in_elsewhere(visitor, "Cogeco Inc.")
    visitor.name.fill(f"zzyzx again {language}")
    expect(visitor.saves_and_sees_the_list()).to_contain_text(f"zzyzx again {language}")
    assert "zzyzx of the other" not in page.locator("#rows").inner_text()


def test_a_list_that_is_searched_after_another_company_has_signed_in_says_so(visit: Any) -> None:
    visitor = visit().signs_in("Cogeco Inc.", then="/customers")
    visitor.expects_refusal("/v1/contacts")
    other = signs_in_elsewhere(visitor, "CAE Inc.")
    asks(other, "POST", "/v1/contacts", {"relation": "customer", "name": "zzyzx of the other"})
    visitor.page.get_by_role("searchbox").fill("zzyzx of")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Sign in as Cogeco Inc. again")
    assert "zzyzx of the other" not in visitor.page.locator("main").inner_text()


def test_who_signs_out_and_in_again_in_another_tab_goes_on_in_the_first(visit: Any) -> None:
    visitor = visit().signs_in("Cogeco Inc.")
    visitor.expects_refusal("/v1/contacts")
    visitor.name.fill("zzyzx signed out")
    signs_out(signs_in_elsewhere(visitor, "Cogeco Inc."))
    signs_in_elsewhere(visitor, "Cogeco Inc.")
    expect(visitor.saves_and_sees_the_list()).to_contain_text("zzyzx signed out")


def test_who_has_become_another_company_meanwhile_signs_nobody_out_by_an_older_page(visit: Any) -> None:
    visitor = visit().signs_in("Cogeco Inc.")
    visitor.expects_refusal("/session")
    other = signs_in_elsewhere(visitor, "CAE Inc.")
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_role("alert").first).to_contain_text("Sign in as Cogeco Inc. again")
    assert asks(other, "GET", "/v1/company/card")["name"] == "CAE Inc."
