"""Answers that come late, not at all, or with something nasty in them."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

TYPEAHEAD = "**/v1/typeahead?*"
DOWN = {
    "status": 503,
    "content_type": "application/problem+json",
    "body": json.dumps({"type": "about:blank", "title": "-", "status": 503, "code": "unavailable", "detail": "-"}),
}


def found(name, **more):
    suggestion = {"suggestion": "t", "name": name, "matched": [], "city": "Laval", "province": "QC", **more}
    return {"json": {"suggestions": [suggestion], "unverified": True}}


def hold(visitor):
    """Hold every look-up back; the function that this gives waits for the one of a text, to be answered by hand."""
    held = {}
    visitor.page.route(
        TYPEAHEAD, lambda route: held.update({parse_qs(urlsplit(route.request.url).query)["q"][0]: route})
    )

    def held_for(text):
        deadline = time.monotonic() + 5
        while text not in held:
            assert time.monotonic() < deadline, f"{text} was not looked up"
            visitor.page.evaluate("1")  # lets the browser's events in
        return held[text]

    return held_for


@pytest.mark.parametrize("aborting", [True, False], ids=["aborted", "not even aborted"])
def test_a_stale_answer_never_replaces_a_newer_one(visit, aborting):
    visitor = visit()
    if not aborting:  # the number of the question must be enough by itself
        visitor.page.add_init_script("AbortController.prototype.abort = () => {}")
    visitor.signs_in("Kinaxis Inc.")
    held = hold(visitor)
    visitor.types("bi")
    older = held("bi")
    visitor.types("tf")
    held("bitf").fulfill(**found("The newer answer"))
    expect(visitor.options).to_have_text([r"The newer answer Laval, QC"])
    if aborting:
        assert older.request.failure == "net::ERR_ABORTED"
        return
    with visitor.page.expect_event("requestfinished", lambda request: "q=bi&" in request.url):
        older.fulfill(**found("The older answer"))
    visitor.page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))")
    expect(visitor.options).to_have_text(["The newer answer Laval, QC"])


def shows_the_older_answer(visitor, held, text, **suggestion):
    visitor.name.fill(text)  # at once: a letter less is looked up when it is taken back, and not before
    held(text).fulfill(**found("The older answer", **suggestion))
    expect(visitor.options).to_have_count(1)


def test_an_arrow_pressed_before_the_answer_chooses_from_the_answer_not_from_the_list_it_replaces(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    held = hold(visitor)
    shows_the_older_answer(visitor, held, "bi")
    visitor.types("tf")
    newer = held("bitf")
    visitor.name.press("ArrowDown")
    expect(visitor.active).to_have_count(0)
    visitor.name.press("Enter")  # picks nothing: a pick would be asked for with a token that the server refuses
    newer.fulfill(**found("The newer answer"))
    expect(visitor.active).to_have_text("The newer answer Laval, QC")
    assert visitor.value("name") == "bitf"


def test_a_list_goes_at_once_where_the_text_that_it_answers_was_replaced(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    held = hold(visitor)
    shows_the_older_answer(visitor, held, "bitf")
    visitor.name.fill("heroux")
    newer = held("heroux")
    expect(visitor.options).to_have_count(0)
    expect(visitor.name).to_have_attribute("aria-expanded", "false")
    newer.fulfill(**found("The newer answer"))
    expect(visitor.options).to_have_text(["The newer answer Laval, QC"])


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_nothing_is_chosen_from_a_list_that_a_newer_answer_is_about_to_replace(visit, touch):
    visitor = visit(has_touch=touch).signs_in("Kinaxis Inc.")
    held, picked = hold(visitor), []
    visitor.page.route("**/v1/reveals", lambda route: picked.append(route.request.post_data_json["suggestion"]))
    press = visitor.options.first.tap if touch else visitor.options.first.click
    shows_the_older_answer(visitor, held, "bi", suggestion="older")
    visitor.types("tf")
    newer = held("bitf")
    press()
    expect(visitor.options).to_have_text(["The older answer Laval, QC"])
    newer.fulfill(**found("The newer answer", suggestion="newer"))
    expect(visitor.options).to_have_text(["The newer answer Laval, QC"])
    with visitor.page.expect_request("**/v1/reveals"):
        press()
    assert picked == ["newer"]


def test_a_list_stays_while_a_letter_is_taken_back(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    held = hold(visitor)
    shows_the_older_answer(visitor, held, "bitf")
    visitor.page.keyboard.press("Backspace")
    newer = held("bit")
    expect(visitor.options).to_have_text(["The older answer Laval, QC"])
    newer.fulfill(**found("The newer answer"))
    expect(visitor.options).to_have_text(["The newer answer Laval, QC"])


def test_an_answer_that_comes_after_the_field_was_left_shows_nothing(visit):
    visitor = visit()
    visitor.page.add_init_script("AbortController.prototype.abort = () => {}")
    visitor.signs_in("Kinaxis Inc.")
    held = hold(visitor)
    visitor.types("bitf")
    late = held("bitf")
    visitor.name.press("Tab")
    with visitor.page.expect_event("requestfinished"):
        late.fulfill(**found("Too late"))
    visitor.page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))")
    expect(visitor.options).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_form_can_be_filled_by_hand_when_search_is_down(visit, language):
    visitor = visit(language).signs_in("Loblaw Companies Limited")
    visitor.expects_refusal("/v1/typeahead")
    visitor.page.route(TYPEAHEAD, lambda route: route.fulfill(**DOWN))
    visitor.types("Chez Nous")
    sentence = visitor.say("Search is unavailable: you can fill in the form by hand.")
    expect(visitor.page.locator("#name-note")).to_have_text(sentence)
    expect(visitor.page.locator("#name-status")).to_have_text(sentence)
    visitor.shoots("search-down")
    expect(visitor.saves_and_sees_the_list()).to_contain_text("Chez Nous")


def test_a_look_up_that_the_service_had_no_time_for_is_asked_once_more_before_anybody_is_told(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.expects_refusal("/v1/typeahead")
    answers = iter([DOWN, found("The second answer")])
    visitor.page.route(TYPEAHEAD, lambda route: route.fulfill(**next(answers)))
    assert visitor.looks_up("bitf") == ["The second answer"]
    expect(visitor.page.locator("#name-note")).to_have_text(
        visitor.say("Type the name: companies of the network appear.")
    )


def test_the_form_works_when_the_network_cannot_be_reached_for_lookups(visit):
    visitor = visit().signs_in("Loblaw Companies Limited")
    visitor.expects_refusal("/v1/typeahead")
    visitor.page.route(TYPEAHEAD, lambda route: route.abort())
    visitor.types("Chez Eux")
    expect(visitor.page.locator("#name-note")).to_have_text("Search is unavailable: you can fill in the form by hand.")
    expect(visitor.saves_and_sees_the_list()).to_contain_text("Chez Eux")


def test_names_are_text_whatever_they_hold_and_marks_count_in_utf_16(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    name, other = "<img src=x onerror=alert(1)>", "🍁 Érable & <b>Fils</b>"
    answer = found(name, matched_name=other, matched=[[3, 8]])
    visitor.page.route(TYPEAHEAD, lambda route: route.fulfill(**answer))
    visitor.types("erabl")
    option = visitor.options.first
    expect(option.locator(".option-name")).to_have_text(name)
    expect(option.locator(".option-other")).to_have_text(f"also known as {other}")
    expect(option.locator("mark")).to_have_text(["Érabl"])
    assert option.locator("img, b").count() == 0


@pytest.mark.parametrize(
    ("ranges", "marks"),
    [([[0, 2], [4, 6]], ["Ca", "da"]), ([[4, 6], [0, 2]], ["da"]), ([[2, 99]], []), ([[-1, 2]], []), ([[3, 3]], [])],
)
def test_ranges_that_do_not_fit_the_name_are_left_unmarked(visit, ranges, marks):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.page.route(TYPEAHEAD, lambda route: route.fulfill(**found("Canada", matched=ranges)))
    visitor.types("ca")
    expect(visitor.options.first.locator(".option-name")).to_have_text("Canada")
    expect(visitor.options.first.locator("mark")).to_have_text(marks)


def test_companies_of_the_same_name_are_told_apart_by_their_place(visit):
    visitor = visit().signs_in("Kinaxis Inc.")
    visitor.looks_up("air canada")
    texts = visitor.options.all_inner_texts()
    assert len(texts) >= 2
    assert len(set(texts)) == len(texts)


def test_oneself_is_never_suggested(visit):
    assert "Kinaxis Inc." not in visit().signs_in("Kinaxis Inc.").looks_up("kinaxis")
    assert "Kinaxis Inc." in visit().signs_in("Shopify Inc.").looks_up("kinaxis")
