"""What holds for every page: its language, who may read it, its policy, its size, its labels."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

import api

pytestmark = pytest.mark.e2e

FRENCH = Path(api.__file__).parent / "translations/fr/LC_MESSAGES/messages.po"
OPEN = ["/", "/sign-in", "/privacy", "/docs"]
MEMBERS = [
    "/customers/new",
    "/vendors/new",
    "/customers",
    "/vendors",
    "/customers/match",
    "/vendors/match",
    "/bills",
    "/invoices",
    "/card",
    "/reveals",
    "/visibility",
    "/as-others-see-it",
    "/clients",
]
SAID = """() => [...document.querySelectorAll("*")].flatMap((element) => [
  ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent),
  ...["aria-label", "placeholder", "title", "alt"].map((name) => element.getAttribute(name) ?? ""),
])"""
STRINGS = 'scripts => scripts.flatMap((script) => Object.values(JSON.parse(script.textContent || "{}")))'


@pytest.fixture(scope="module")
def english():
    """Every sentence of the catalog that French says otherwise."""
    with FRENCH.open("rb") as file:
        return {message.id for message in read_po(file) if message.id and message.id != message.string}


@pytest.fixture
def visit(visit):
    """Visitors who are no accountants, and so are told on the page of clients that it is not for them."""

    def make(*args, **options):
        visitor = visit(*args, **options)
        visitor.expects_refusal("/v1/clients")
        return visitor

    return make


def read(page):
    said = page.evaluate(SAID) + page.locator('script[type="application/json"]').evaluate_all(STRINGS)
    return {" ".join(text.split()) for text in said if text.strip()}


def test_every_page_reads_in_french(visit, english):
    visitor = visit("fr")
    for path in OPEN:
        visitor.page.goto(path)
        assert read(visitor.page) & english == set(), path
    visitor.signs_in("Lightspeed POS Inc.")
    for path in [*MEMBERS, "/", "/privacy", "/docs"]:
        visitor.opens(path)
        expect(visitor.page.locator("html")).to_have_attribute("lang", "fr-CA")
        assert read(visitor.page) & english == set(), path
        visitor.shoots(f"page{path.replace('/', '-')}")


def test_the_language_link_stays_on_the_page_and_is_remembered(visit):
    visitor = visit("en")
    visitor.page.goto("/privacy?kept=yes")
    visitor.page.get_by_role("link", name="Français").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Ce qui est partagé, et avec qui")
    assert visitor.page.url.endswith("/privacy?kept=yes")
    visitor.page.goto("/")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "fr-CA")
    visitor.page.get_by_role("link", name="English").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Find companies by name")


def test_who_follows_a_wrong_link_stays_signed_in_and_may_change_the_language_there(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.expects_refusal("/no-such-page")
    visitor.page.goto("/no-such-page")
    expect(visitor.page.get_by_role("button", name="Sign out")).to_be_visible()
    visitor.page.get_by_role("link", name="Français").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "fr-CA")
    expect(visitor.page.get_by_role("link", name="À la page d’accueil")).to_be_visible()
    assert visitor.page.url.endswith("/no-such-page")


@pytest.mark.parametrize("path", [*MEMBERS, "/contacts/00000000-0000-4000-8000-000000000000"])
def test_a_visitor_who_is_signed_out_is_sent_to_sign_in_and_comes_back(visit, path):
    visitor = visit()
    visitor.page.goto(path)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert visitor.page.locator("#companies").get_attribute("data-destination") == path


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_to_another_site(visit, elsewhere):
    visitor = visit()
    answer = visitor.context.request.get("/sign-in", params={"next": elsewhere})
    assert 'data-destination="/customers/new"' in answer.text()


@pytest.mark.parametrize(
    "path", ["//evil.example/%2e%2e?lang=fr", "/%5Cevil.example?lang=fr", "/%09/evil.example/?lang=fr"]
)
def test_choosing_a_language_never_leads_to_another_site(visit, demo, path):
    answer = visit().context.request.get(demo + path, max_redirects=0, headers={"Accept": "text/html"})
    assert not re.match(r"\w+:|//|/\\", answer.headers.get("location", "/"))


def test_companies_to_sign_in_as_can_be_searched_without_scripts(visit):
    visitor = visit(java_script_enabled=False)
    visitor.page.goto("/sign-in")
    visitor.page.get_by_label("Company", exact=True).fill("shopify")
    visitor.page.get_by_role("button", name="Search").click()
    expect(visitor.page.locator(".company")).to_have_count(1)
    expect(visitor.page.locator(".company")).to_contain_text("Shopify Inc.")


def test_signing_out_ends_the_session(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_role("link", name="Sign in").first).to_be_visible()
    visitor.page.goto("/customers")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_no_page_is_kept_by_anybody_and_nothing_inline_may_run(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    for path in [*OPEN, *MEMBERS]:
        headers = visitor.page.goto(path).headers
        assert headers["cache-control"] == "no-store", path
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path


def test_a_violation_of_the_policy_would_be_noticed(visit):
    visitor = visit()
    visitor.page.goto("/")
    with visitor.page.expect_console_message():
        visitor.page.evaluate("document.body.setAttribute('onclick', 'alert(1)')")
    assert len(visitor.complaints) == 1
    visitor.complaints.clear()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_is_wider_than_a_small_phone(visit, language):
    visitor = visit(language, viewport={"width": 360, "height": 740}, color_scheme="dark").signs_in("Kinaxis Inc.")
    for path in [*OPEN, *MEMBERS]:
        visitor.opens(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_phone_who_is_signed_in_and_the_button_to_sign_out_share_a_line(visit, language):
    visitor = visit(language, viewport={"width": 375, "height": 740}).signs_in("Kinaxis Inc.")
    who, out = (visitor.page.locator(place).bounding_box() for place in (".who", "#sign-out"))
    assert out["y"] < who["y"] + who["height"]
    assert who["y"] < out["y"] + out["height"]
    assert who["x"] + who["width"] < out["x"]


LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikations" * 2


@pytest.mark.parametrize("path", ["/as-others-see-it", "/customers", "/customers/new"])
def test_a_long_word_of_somebody_elses_makes_no_page_wider_than_a_phone(visit, path):
    visitor = visit(viewport={"width": 375, "height": 740}).signs_in("Kinaxis Inc.")
    card = {"name": LONG, "email": f"{LONG}@example.com", "other_names": [LONG], "notice": LONG}
    suggestion = {"suggestion": "t", "name": LONG, "matched": [], "city": LONG, "province": LONG}
    text = {"text": LONG, "way": "own", "place": 2, "summary": LONG, "before": [{**card, "city": LONG, "why": LONG}]}
    contact = {**card, "id": "x", "city": LONG, "phone": LONG, "linked": True, "following": True}
    answers = {
        "/v1/company/as-others-see-it": {
            "findable": True,
            "why_not": [LONG],
            "remarks": [LONG],
            "card": card,
            "texts": [text],
        },
        "/v1/contacts": {"contacts": [contact]},
        "/v1/typeahead": {"suggestions": [suggestion], "unverified": True},
        "/v1/reveals": {"card": card, "link": "x", "unverified": True, "notice": LONG},
    }
    visitor.page.route("**/v1/**", lambda route: route.fulfill(json=answers[urlsplit(route.request.url).path]))
    visitor.opens(path)
    if path == "/customers/new":
        visitor.name.fill("long")
        visitor.options.first.click()
        expect(visitor.page.locator("#picked")).to_be_visible()
    for details in visitor.page.locator("details").all():
        details.evaluate("details => { details.open = true; }")
    visitor.shoots(f"long{path.replace('/', '-')}")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 375


def test_where_colours_are_forced_only_the_page_that_is_open_is_underlined_in_the_menu(visit):
    visitor = visit(forced_colors="active").signs_in("Kinaxis Inc.", then="/customers")
    colours = visitor.page.locator(".main-nav a").evaluate_all(
        "links => links.map((link) => getComputedStyle(link).borderBottomColor)"
    )
    current = visitor.page.locator(".main-nav [aria-current]").evaluate(
        "link => getComputedStyle(link).borderBottomColor"
    )
    assert colours.count(current) == 1


def test_a_region_that_speaks_is_there_before_it_speaks_and_takes_no_room(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    for path in MEMBERS:
        visitor.opens(path)
        for region in visitor.page.locator("main [role=status]:empty").all():
            assert region.evaluate("region => getComputedStyle(region).display") != "none", path
            assert region.evaluate("region => region.className === 'visually-hidden' || !region.offsetHeight"), path
            assert region.evaluate("region => getComputedStyle(region).marginTop") in ("0px", "-1px"), path


def test_every_control_has_a_name_and_every_page_a_title_of_its_own(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    titles = set()
    for path in [*OPEN, *MEMBERS]:
        visitor.opens(path)
        titles.add(visitor.page.title())
        expect(visitor.page.get_by_role("heading", level=1)).to_have_count(1)
        tree = visitor.page.locator("body").aria_snapshot()
        assert (
            re.findall(r"- (?:textbox|combobox|button|link|switch|radio|searchbox)(?: \[[^]]*\])*:?$", tree, re.M) == []
        ), path
    assert len(titles) == len([*OPEN, *MEMBERS])
