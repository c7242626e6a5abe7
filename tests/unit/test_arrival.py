"""Where somebody is sent after signing in: a page of this site, whatever the address says."""

import pytest

from api.pages.arrival import FIRST_PAGE, safe_next


@pytest.mark.parametrize("page", ["/vendors", "/contacts/1?relation=vendor", "/x//y", "/%2f/y"])
def test_a_page_of_this_site_is_gone_to(page: str) -> None:
    assert safe_next(page) == page


@pytest.mark.parametrize(
    "address",
    [
        None, "", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", " //evil.example", "javascript:alert(1)", "/\u2028x", "/sign-in", "vendors",
    ],
)  # fmt: skip
def test_another_site_is_not(address: str | None) -> None:
    assert safe_next(address) == FIRST_PAGE
