"""What a card may say, and in which form it is kept."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.card import LONGEST, make_card
from directory.errors import InvalidInput

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=400)
SHOWN = ("name", "email", "phone", "website", "street", "city", "province", "postal_code", "country")


def kept(field: str, text: str, region: str = "ca") -> Any:
    return getattr(make_card({"name": "Boréal inc.", field: text}, region), field)


def refused(**fields: Any) -> set[str]:
    with pytest.raises(InvalidInput) as caught:
        make_card({"name": "Boréal inc.", **fields}, "ca")
    assert all(caught.value.fields.values())
    return set(caught.value.fields)


@given(st.dictionaries(st.sampled_from(SHOWN), ANY_TEXT))
def test_whatever_is_handed_in_is_either_kept_clean_or_refused_by_field(fields: dict[str, str]) -> None:
    try:
        card = make_card(fields, "ca")
    except InvalidInput:
        return
    for field in SHOWN:
        text = getattr(card, field)
        assert text == unicodedata.normalize("NFC", text).strip()
        assert len(text) <= LONGEST[field]
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


@given(st.dictionaries(st.sampled_from(SHOWN), ANY_TEXT))
def test_a_card_that_was_kept_once_is_kept_again_as_it_is(fields: dict[str, str]) -> None:
    try:
        card = make_card(fields, "ca")
    except InvalidInput:
        return
    assert make_card(card.fields(), "ca") == card


def test_names_are_kept_in_nfc_with_single_spaces() -> None:
    assert kept("name", "  Boreál \u00a0  inc. ") == "Boreál inc."
    assert kept("name", "He\u0301roux") == "H\u00e9roux"


@pytest.mark.parametrize("name", ["", "   ", "\u00a0", "…", "🏭", "--", "\u200b"])
def test_a_name_needs_a_letter_or_a_digit(name: str) -> None:
    assert refused(name=name) == {"name"}


def test_a_name_of_320_characters_is_kept_and_one_of_321_refused() -> None:
    assert kept("name", "a" * 320) == "a" * 320
    assert refused(name="a" * 321) == {"name"}


@pytest.mark.parametrize("field", [field for field in SHOWN if field != "country"])
def test_a_text_longer_than_its_column_is_refused(field: str) -> None:
    assert refused(**{field: "a" * (LONGEST[field] + 1)}) == {field}


@pytest.mark.parametrize(
    "bad",
    [
        "\x00",
        "\n",
        "\r",
        "\t",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\ud800",
        "\u202e",
        "\u2066",
        "\u2069",
        "\ufffe",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("field", ["name", "street", "city"])
def test_controls_line_breaks_lone_surrogates_and_direction_overrides_are_refused(field: str, bad: str) -> None:
    assert refused(**{field: f"Bo{bad}réal"}) == {field}


def test_a_name_written_from_right_to_left_is_kept() -> None:
    assert kept("name", "شركة النور") == "شركة النور"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("(514) 555-0134", "ca", "+15145550134"),
        ("514.555.0134", "ca", "+15145550134"),
        ("1-800-555-0199", "us", "+18005550199"),
        ("020 7946 0958", "gb", "+442079460958"),
        ("+44 20 7946 0958", "ca", "+442079460958"),
        ("01 42 68 53 00", "fr", "+33142685300"),
    ],
)
def test_a_phone_number_is_kept_in_e164(text: str, region: str, number: str) -> None:
    assert kept("phone", text, region) == number


@pytest.mark.parametrize(
    "phone",
    [
        "514 555-0199 ext 12",
        "514 555-0199 poste 12",
        "514 555-0199, poste 12",
        "514-555-0199 (Poste 12)",
        "514 555-0199 poste\u00a0: 12",
        "+33 1 55 50 11 10 p. 12",
    ],
)
def test_a_phone_number_with_an_extension_in_either_language_is_told_from_one_that_is_wrong(phone: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_card({"name": "Boréal inc.", "phone": phone}, "ca")
    assert caught.value.fields["phone"] == "A phone number without an extension is needed."


@pytest.mark.parametrize(
    "phone", ["12", "call me", "911", "514-555-0134 ext. 9", "514 555 0134 x9", "00000000000", "++1"]
)
def test_what_cannot_be_called_is_no_phone_number(phone: str) -> None:
    assert refused(phone=phone) == {"phone"}


@pytest.mark.parametrize(
    ("text", "email"),
    [("Ventes@Boreal.EXAMPLE", "Ventes@boreal.example"), ("ventes@québec.example", "ventes@québec.example")],
)
def test_an_email_is_kept_in_its_normal_form(text: str, email: str) -> None:
    assert kept("email", text) == email


@pytest.mark.parametrize(
    "email", ["a", "a@", "@b.com", "a@b", "a b@c.com", "a@b..com", "a@b.com, c@d.com", "Me <a@b.com>", "a@b.com\u202e"]
)
def test_what_nobody_can_write_to_is_no_email(email: str) -> None:
    assert refused(email=email) == {"email"}


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("boreal.example", "https://boreal.example/"),
        ("http://boreal.example", "https://boreal.example/"),
        ("HTTPS://Boreal.Example/Nous?a=1#top", "https://boreal.example/Nous?a=1"),
        ("http://boreal.example:80/x", "https://boreal.example/x"),
        ("https://boreal.example:8443", "https://boreal.example:8443/"),
        ("québec.example", "https://xn--qubec-csa.example/"),
    ],
)
def test_a_web_site_is_kept_as_an_https_url(text: str, url: str) -> None:
    assert kept("website", text) == url


@pytest.mark.parametrize(
    "website",
    [
        "javascript:alert(1)", "javascript://x.example/%0aalert(1)", "data:text/html,x", "ftp://x.example", "https://",
        "https:///x", "x", "localhost", "http://localhost", "https://u:p@x.example", "https://a@x.example",
        "http://127.0.0.1", "http://[::1]/", "http://2130706433", "https://x.example:99999", "a b.example",
        "https://x .example", "https://-x-.example", "//x.example\\@y",
    ],
)  # fmt: skip
def test_what_is_no_public_web_site_is_refused(website: str) -> None:
    assert refused(website=website) == {"website"}


@pytest.mark.parametrize(("text", "country"), [("", "CA"), ("us", "US"), ("Fr", "FR")])
def test_a_country_is_kept_as_two_capital_letters_and_is_the_region_where_it_is_not_said(
    text: str, country: str
) -> None:
    assert kept("country", text) == country


@pytest.mark.parametrize("country", ["zz", "USA", "1a", "c", "ÉÉ"])
def test_a_country_that_does_not_exist_is_refused(country: str) -> None:
    assert refused(country=country) == {"country"}


def test_the_same_other_name_twice_is_kept_once() -> None:
    assert make_card({"name": "A1", "other_names": ["B", " B ", "", "C"]}, "ca").other_names == ("B", "C")


@pytest.mark.parametrize("names", [["…"], ["a" * 321], ["a\x00"], [f"Nom {n}" for n in range(21)]])
def test_other_names_follow_the_rules_of_names(names: list[str]) -> None:
    assert refused(other_names=names) == {"other_names"}


def test_every_bad_field_is_named_at_once() -> None:
    assert refused(name="", email="x", phone="y", website="z") == {"name", "email", "phone", "website"}
