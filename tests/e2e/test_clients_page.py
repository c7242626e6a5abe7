"""An accounting firm works through its clients at a browser: finds them, switches their visibility, acts for one of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.conftest import Member, Server
from tests.e2e.conftest import asks
from tests.stacks import Stack

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def demo(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of these tests' own, since the sample holds no firm; each test has clients that no other test changes."""
    folder = tmp_path_factory.mktemp("firms")
    with stack(folder) as place, ExitStack() as ends:
        server = Server(folder, {**place, "CARNET_DEV_SIGN_IN": "on"})
        ends.callback(server.stop)
        clients = {
            f"{letter}-{n:03}": {"name": f"{name} {n:03} inc.", "city": "Laval", "province": "QC"}
            for letter, name in (("c", "Nordik"), ("d", "Sudbois"))
            for n in range(120)
        }
        firms = {"firm": "Ajax Comptables", "all": "Brunet Comptables"}
        kinds = {firm: {"name": name, "kind": "accounting_firm"} for firm, name in firms.items()}
        server.carnet("import", server.write("few.csv", {**clients, **kinds, "other": "Nordik Autre"}))
        server.start()
        product = Member(server.send, server.token("", sub="books", company=None, scope="admin"))
        pairs = [{"firm": "firm" if one < "d" else "all", "client": one} for one in clients]
        product.ask("POST", "/v1/admin/clients", {"clients": pairs}).ok()
        ended = {"region": "ca", **clients["d-119"], "status": "ended"}
        product.ask("PUT", "/v1/admin/companies/d-119", ended).ok()
        yield server.url


@pytest.fixture
def firm(visit: Any) -> Callable[..., Any]:
    return lambda language, name="Ajax Comptables": visit(language).signs_in(name, "standard_user", "/clients")


def row(visitor: Any, name: str) -> Any:
    return visitor.page.locator(".client").filter(has=visitor.page.get_by_text(name, exact=True))


def came(visitor: Any) -> Any:
    """The status that says what came of it; another one says that a list is empty."""
    return visitor.page.get_by_role("status").and_(visitor.page.locator("#came"))


@pytest.mark.parametrize(("language", "number"), [("en", "007"), ("fr", "009")])
def test_a_client_is_found_chosen_and_hidden_with_the_keyboard_alone(
    firm: Callable[..., Any], language: str, number: str
) -> None:
    visitor = firm(language)
    search = visitor.page.get_by_role("searchbox", name=visitor.say("How a word of the client’s name begins"))
    search.focus()
    visitor.page.keyboard.type(f"nordik {number}")
    expect(visitor.page.locator(".client")).to_have_count(1)
    expect(row(visitor, f"Nordik {number} inc.").locator(".badge")).to_have_text(visitor.say("Visible"))
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    expect(visitor.page.locator("#chosen")).to_contain_text("1")
    for _ in range(2):
        visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name=visitor.say("Turn visibility off"))).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(row(visitor, f"Nordik {number} inc.").locator(".badge")).to_have_text(visitor.say("Hidden"))
    expect(came(visitor)).to_have_text(visitor.say("Done for {done} of {count}.").format(done=1, count=1))
    expect(came(visitor)).to_be_focused()
    visitor.shoots("clients")
    visitor.page.reload()
    expect(visitor.page.locator(".client")).to_have_count(1)
    expect(row(visitor, f"Nordik {number} inc.").locator(".badge")).to_have_text(visitor.say("Hidden"))


@pytest.mark.parametrize(
    ("start", "then", "focused"),
    [
        ("Choose Nordik 012 inc.", "nordik 01", "Choose Nordik 012 inc."),
        ("Act for Nordik 012 inc.", "nordik 01", "Act for Nordik 012 inc."),
        ("Choose Nordik 012 inc.", "nordik 02", "Choose Nordik 020 inc."),
        ("Choose Nordik 012 inc.", "nobody", "No client’s name has a word that begins so."),
        ("Show more", "nordik 02", "Choose Nordik 020 inc."),
        ("Choose Sudbois 012 inc.", "sudbois 119", "Sudbois 119 inc."),  # who has left has nothing to press
    ],
)
def test_who_is_in_a_list_with_the_keyboard_when_another_takes_its_place_is_not_sent_to_the_top_of_the_page(
    firm: Callable[..., Any], start: str, then: str, focused: str
) -> None:
    visitor = firm("en", "Brunet Comptables" if "sudbois" in then else "Ajax Comptables")
    visitor.page.locator(f"[aria-label='{start}']").or_(visitor.page.get_by_text(start, exact=True)).focus()
    # As when it is typed and left before the answer has come.
    visitor.page.get_by_role("searchbox", name="How a word of the client’s name begins").evaluate(
        "(field, text) => { field.value = text; field.dispatchEvent(new Event('input')); }", then
    )
    found = visitor.page.locator(f"[aria-label='{focused}']").or_(visitor.page.get_by_text(focused, exact=True))
    expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)
    expect(visitor.page.locator(".client").nth(10)).to_have_count(0)
    expect(visitor.page.locator(":focus")).to_have_count(1)
    expect(visitor.page.locator(":focus").or_(visitor.page.locator(":focus *")).and_(found)).to_have_count(1)


def test_all_that_are_shown_are_switched_page_by_page_and_who_has_left_is_not(firm: Callable[..., Any]) -> None:
    visitor = firm("en", "Brunet Comptables")
    expect(visitor.page.locator(".client")).to_have_count(100)
    visitor.page.get_by_role("button", name="Show more").click()
    expect(visitor.page.locator(".client")).to_have_count(120)
    expect(row(visitor, "Sudbois 119 inc.").locator(".badge")).to_have_text("Subscription ended")
    visitor.page.get_by_label("All that are shown").check()
    visitor.page.get_by_role("button", name="Turn visibility off").click()
    expect(came(visitor)).to_have_text("Done for 119 of 119.")
    expect(visitor.page.locator(".badge", has_text="Hidden")).to_have_count(119)


def test_a_client_that_is_lost_meanwhile_is_refused_beside_its_name(firm: Callable[..., Any], demo: str) -> None:
    visitor = firm("en")
    visitor.page.get_by_role("checkbox", name="Choose Nordik 000 inc.").wait_for()
    visitor.page.evaluate("document.querySelector('.client').dataset.id = 'other'")
    visitor.page.get_by_role("checkbox", name="Choose Nordik 000 inc.").check()
    visitor.page.get_by_role("button", name="Turn visibility off").click()
    expect(came(visitor)).to_have_text("Done for 0 of 1.")
    expect(row(visitor, "Nordik 000 inc.").locator(".field-error")).to_have_text("Your role does not allow this.")
    expect(row(visitor, "Nordik 000 inc.").locator(".badge")).to_have_text("Visible")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_client_that_is_lost_meanwhile_and_not_shown_is_refused_by_name(
    firm: Callable[..., Any], language: str
) -> None:
    visitor = firm(language)
    search = visitor.page.get_by_role("searchbox", name=visitor.say("How a word of the client’s name begins"))
    search.fill("nordik 021")
    expect(visitor.page.locator(".client")).to_have_count(1)
    visitor.page.evaluate("document.querySelector('.client').dataset.id = 'other'")
    visitor.page.get_by_role("checkbox", name="Nordik 021 inc.").check()
    search.fill("nordik 022")
    expect(row(visitor, "Nordik 022 inc.")).to_be_visible()
    visitor.page.get_by_role("button", name=visitor.say("Turn visibility off")).click()
    why = visitor.say("Your role does not allow this.")
    said = visitor.say("{name}: {reason}").format(name="Nordik 021 inc.", reason=why)
    expect(came(visitor)).to_contain_text(visitor.say("Done for {done} of {count}.").format(done=0, count=1))
    expect(came(visitor).get_by_role("listitem")).to_have_text(said)
    visitor.shoots("clients-refused")


def test_what_fails_far_down_a_list_is_said_in_view(firm: Callable[..., Any]) -> None:
    visitor = firm("en", "Brunet Comptables")
    more = visitor.page.get_by_role("button", name="Show more")
    visitor.expects_refusal("/v1/clients")
    visitor.page.route("**/v1/clients*", lambda route: route.abort())
    more.click()
    expect(visitor.page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(more).to_be_in_viewport()
    visitor.shoots("clients-alert")


def test_who_turns_visibility_off_over_a_line_that_fails_stands_where_they_pressed(firm: Callable[..., Any]) -> None:
    visitor = firm("en")
    visitor.expects_refusal("/v1/clients/visibility")
    visitor.page.get_by_role("checkbox", name="Choose Nordik 020 inc.").check()
    visitor.page.route("**/v1/clients/visibility", lambda route: route.abort())
    visitor.page.get_by_role("button", name="Turn visibility off").press("Enter")
    expect(visitor.page.get_by_role("alert")).to_contain_text("The service could not be reached.")
    expect(visitor.page.get_by_role("button", name="Turn visibility off")).to_be_focused()


def test_clients_are_chosen_one_search_after_another_and_no_second_switch_begins_before_the_first_has_ended(
    firm: Callable[..., Any],
) -> None:
    visitor = firm("en")
    search = visitor.page.get_by_role("searchbox", name="How a word of the client’s name begins")
    for number in ("031", "047"):
        search.fill(f"nordik {number}")
        visitor.page.get_by_role("checkbox", name=f"Choose Nordik {number} inc.").check()
    expect(visitor.page.locator("#chosen")).to_have_text("Chosen: 2")
    waiting: list[Any] = []
    visitor.page.route("**/v1/clients/visibility", lambda route: waiting.append(route))  # noqa: PLW0108 - as above
    with visitor.page.expect_request("**/v1/clients/visibility"):
        visitor.page.get_by_role("button", name="Turn visibility off").click()
    search.fill("nordik 03")
    visitor.page.get_by_role("checkbox", name="Choose Nordik 032 inc.").check()
    for name in ("Turn visibility off", "Turn visibility on"):
        expect(visitor.page.get_by_role("button", name=name)).to_be_disabled()
    waiting.pop().continue_()
    expect(came(visitor)).to_have_text("Done for 2 of 2.")
    expect(row(visitor, "Nordik 031 inc.").locator(".badge")).to_have_text("Hidden")
    expect(visitor.page.locator("#chosen")).to_have_text("Chosen: 1")
    assert waiting == []


def test_everybody_else_is_told_that_it_is_not_for_them(visit: Any) -> None:
    visitor = visit()
    visitor.expects_refusal("/v1/clients")
    visitor.signs_in("Nordik 001 inc.", then="/clients")
    expect(visitor.page.get_by_role("alert")).to_have_text("Your role does not allow this.")


def acting_for(visitor: Any, name: str) -> Any:
    """Choose a client with the keyboard; the part of the page that says so from then on."""
    visitor.page.get_by_role("searchbox", name=visitor.say("How a word of the client’s name begins")).fill(name)
    expect(visitor.page.locator("[aria-busy=true]")).to_have_count(0)  # a key pressed on a row that goes is lost
    visitor.page.get_by_role("button", name=visitor.say("Act for {name}").format(name=name)).press("Enter")
    visitor.page.wait_for_url("**/customers/new")
    return visitor.page.get_by_role("region", name=visitor.say("Acting for a client"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_client_is_acted_for_on_the_pages_which_say_so_until_one_goes_back(
    firm: Callable[..., Any], visit: Any, language: str
) -> None:
    visitor, client = firm(language), {"en": "Nordik 003 inc.", "fr": "Nordik 004 inc."}[language]
    said = acting_for(visitor, client)
    expect(said).to_contain_text(visitor.say("You act for %(company)s") % {"company": client})
    visitor.shoots("acting-lookup")
    visitor.finds("nordik autre", "Nordik Autre")
    visitor.picks("nordik autre", "Nordik Autre")
    expect(visitor.saves_and_sees_the_list()).to_contain_text("Nordik Autre")
    expect(said).to_contain_text(client)
    visitor.shoots("acting-contacts")
    own = visit(language).signs_in(client, then="/customers")
    expect(own.page.locator(".row.contact")).to_contain_text("Nordik Autre")

    visitor.opens("/card")
    expect(visitor.page.locator("#name")).to_have_value(client)
    expect(visitor.page.locator("#name")).not_to_be_editable()
    visitor.opens("/visibility")
    visitor.page.get_by_role("switch").press("Enter")
    expect(visitor.page.get_by_role("switch")).not_to_be_checked()

    said.get_by_role("button", name=visitor.say("Back to our clients")).press("Enter")
    visitor.page.wait_for_url("**/clients?q=*")
    expect(said).to_have_count(0)
    expect(visitor.page.get_by_role("searchbox")).to_have_value(client)
    expect(visitor.page.locator(".client")).to_have_count(1)
    expect(row(visitor, client).locator(".badge")).to_have_text(visitor.say("Hidden"))


def test_who_acts_for_a_client_of_the_whole_list_goes_back_to_the_whole_list(firm: Callable[..., Any]) -> None:
    visitor = firm("en")
    back = visitor.page.get_by_role("button", name="Back to our clients")
    acting_for(visitor, "Nordik 016 inc.")
    back.press("Enter")
    visitor.page.wait_for_url("**/clients?q=*")
    visitor.opens("/clients")
    visitor.page.get_by_role("button", name="Act for Nordik 016 inc.").press("Enter")
    visitor.page.wait_for_url("**/customers/new")
    back.press("Enter")
    visitor.page.wait_for_url("**/clients")
    expect(visitor.page.get_by_role("searchbox")).to_have_value("")


def test_a_page_goes_on_asking_for_its_own_client_whatever_another_tab_has_chosen(firm: Callable[..., Any]) -> None:
    visitor = firm("en")
    acting_for(visitor, "Nordik 005 inc.")
    first = visitor.page
    visitor.page = visitor.context.new_page()
    visitor.opens("/clients")
    acting_for(visitor, "Nordik 006 inc.")
    asks(first, "POST", "/v1/contacts", {"relation": "customer", "name": "Of five"})
    assert [one["name"] for one in asks(first, "GET", "/v1/contacts")["contacts"]] == ["Of five"]
    assert asks(visitor.page, "GET", "/v1/contacts")["contacts"] == []


def test_what_was_saved_for_the_client_of_an_older_tab_is_said_to_be_there_and_not_lost(
    firm: Callable[..., Any],
) -> None:
    visitor = firm("en")
    acting_for(visitor, "Nordik 014 inc.")
    first = visitor.page
    visitor.page = visitor.context.new_page()
    visitor.opens("/clients")
    acting_for(visitor, "Nordik 015 inc.")
    visitor.page = first
    visitor.name.fill("zzyzx of fourteen")
    for other in visitor.context.pages:
        other.on(
            "response",
            lambda answer: visitor.expects_refusal(urlsplit(answer.url).path) if answer.status == 404 else None,
        )
    visitor.saves()
    expect(first.get_by_role("alert")).to_contain_text(
        "It was saved in the books of the client that the form was opened for"
    )
    assert asks(first, "GET", "/v1/contacts")["contacts"] == []


def test_a_client_that_ends_it_is_acted_for_no_more(firm: Callable[..., Any], visit: Any) -> None:
    visitor = firm("en")
    said = acting_for(visitor, "Nordik 008 inc.")
    own = visit().signs_in("Nordik 008 inc.")
    asks(own.page, "DELETE", "/v1/company/firms/firm")
    visitor.expects_refusal("/v1/contacts/duplicates")
    visitor.expects_refusal("/v1/contacts")
    visitor.expects_refusal("/v1/typeahead")
    visitor.name.fill("Anybody")
    visitor.saves()
    expect(visitor.page.locator("#contact-form").get_by_role("alert")).to_have_text("Your role does not allow this.")
    visitor.opens("/clients")
    expect(said).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_clients_and_those_of_a_client_fit_a_small_phone(visit: Any, language: str) -> None:
    visitor = visit(language, viewport={"width": 360, "height": 740}, color_scheme="dark")
    visitor.signs_in("Ajax Comptables", "standard_user", "/clients")
    visitor.shoots("phone-clients")
    switches = visitor.page.get_by_role("group", name=visitor.say("Visibility of those chosen")).get_by_role("button")
    left, *others = [button.bounding_box()["x"] for button in switches.all()]
    assert others == [left], "the buttons stand below each other"
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
    acting_for(visitor, "Nordik 001 inc.")
    visitor.shoots("phone-acting")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
