"""How a text is read while its last word is still growing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.folding import fold
from mappings.reading import read

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=300)


@given(ANY_TEXT)
def test_no_text_in_all_of_unicode_makes_reading_fail(text: str) -> None:
    typed = read(text)
    assert typed.blank or (typed.exact and typed.starts and typed.joined)


@pytest.mark.parametrize("text", ["", "   ", "\t", "\u00a0", "…", "🏭", "'"])
def test_a_text_without_letters_is_blank(text: str) -> None:
    assert read(text).blank


def test_beyond_sixty_four_characters_the_rest_is_not_matched_and_tells_apart_what_is() -> None:
    typed = read("a" * 64 + "b")
    assert (typed.exact, typed.whole) == ("a" * 64 + "b",) * 2
    assert replace(typed, whole="", exact="a" * 64) == read("a" * 64)


def test_beyond_eight_words_the_rest_is_not_matched_and_tells_apart_what_is() -> None:
    typed = read("a b c d e f g h i")
    assert (typed.exact, typed.whole) == ("abcdefghi",) * 2
    assert replace(typed, whole="", exact="abcdefgh") == read("a b c d e f g h")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("www.akersolutions.com", "akersolutions"),
        ("https://www.dole.ca/produits?x=1", "dole"),
        ("http://saint-gobain.co.uk", "saint gobain"),
        ("info@bitfarms.com", "bitfarms"),
        ("mailto:Jean.Tremblay@Boreal.qc.ca", "boreal"),
        ("HTTPS://Www.transports.gouv.qc.ca", "transports"),
        ("info@peel.on.ca", "peel"),
    ],
)
def test_of_an_address_the_name_in_it_is_read(text: str, name: str) -> None:
    assert read(text) == read(name)


@pytest.mark.parametrize(
    "text",
    [
        "booking.com",
        "jean@gmail.com",
        "www.",
        "a@b",
        "info@bitfarms.com Sherbrooke",
        "@",
        "http://",
        "http://127.0.0.1:8000",
    ],
)
def test_what_is_no_address_of_a_company_is_read_as_it_stands(text: str) -> None:
    assert read(text).words == fold(text).words


def test_an_article_is_not_needed() -> None:
    assert read("the home depot inc").no_article == ("home", "depot")
    assert read("la c").no_article == ()  # or it would mean all that begins with c
    assert read("the").no_article == ()


def test_a_growing_word_that_may_become_a_legal_form_is_missed_where_a_name_has_none_such() -> None:
    typed = read("stanley so")
    assert dict(zip(typed.readings, typed.left_out, strict=True)) == {("stanley", "so"): "", ("stanley",): "so"}
    assert read("stanley inc").left_out[-1] == ""


def test_the_last_word_of_a_legal_form_of_several_words_is_no_word_that_a_name_must_have() -> None:
    typed = read("waypint holings limited liability company")
    assert typed.with_typos == (("waypint", True), ("holings", True))
    assert read("waypint holings and co").left_out[-1] == "co"  # it may go on: and construction


def test_a_last_word_that_may_be_a_legal_form_is_read_both_ways() -> None:
    assert read("boreal in").readings == (("boreal", "in"), ("boreal",))


def test_a_last_word_that_may_be_a_conjunction_is_read_both_ways() -> None:
    assert read("frères et").readings[:2] == (("freres", "et"), ("freres", "and"))


def test_a_legal_form_before_the_last_word_is_not_needed() -> None:
    assert read("boreal ltd nord").readings[0] == ("boreal", "nord")
    assert ("boreal",) in read("ltd boreal").readings


def test_a_text_of_four_letters_is_too_short_for_a_typo_to_be_forgiven() -> None:
    assert read("bitf").typo == ""
    assert read("bitfa").typo == "bitfa"


def test_digits_do_not_make_a_text_long_enough_for_a_typo() -> None:
    assert read("9123-4567").typo == ""


@pytest.mark.parametrize("text", ["f&mb", "f&spa", "f & spa"])
def test_a_letter_and_an_and_do_not_mean_every_company_that_has_both_whatever_legal_form_may_follow(text: str) -> None:
    assert ("f", "and") not in read(text).readings


def test_a_word_that_many_names_have_is_still_found_without_the_legal_form_after_it() -> None:
    assert ("services",) in read("services inc").readings


@pytest.mark.parametrize("text", ["hôtel l'as", "john'sd"])
def test_right_behind_an_apostrophe_no_legal_form_begins(text: str) -> None:
    typed = read(text)
    assert typed.readings == (typed.words,)


def test_saint_is_a_word_like_others_and_not_a_conjunction() -> None:
    assert ("saint",) in read("saint inc").readings
