"""The opaque tokens: what they give away (nothing), whom they serve, and for how long."""

import base64
import time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import NotFound
from directory.tokens import LINK_LIFE_S, MATCH_LIFE_S, SUGGESTION_LIFE_S, Tokens

tokens = Tokens(["first secret"])


def turned_back(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """What is sealed from here on was sealed so many seconds ago."""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - seconds)


def test_a_suggestion_opens_for_the_company_it_was_given_to() -> None:
    assert tokens.open_suggestion(tokens.suggestion("bitfarms", "tremblay"), "tremblay") == "bitfarms"


def test_a_suggestion_of_another_company_does_not_open() -> None:
    with pytest.raises(NotFound):
        tokens.open_suggestion(tokens.suggestion("bitfarms", "tremblay"), "boreal")


KINDS = {
    "suggestion": (tokens.suggestion, tokens.open_suggestion),
    "link": (tokens.link, tokens.open_link),
    "match": (tokens.match, tokens.open_match),
    "place": (lambda _company, holder: tokens.place(7, holder), tokens.open_place),
    "places": (lambda _company, holder: tokens.places([7, 8], holder), tokens.open_places),
}


@pytest.mark.parametrize(("kind", "other"), list(permutations(KINDS, 2)))
def test_a_token_of_one_kind_is_none_of_another(kind: str, other: str) -> None:
    token = KINDS[kind][0]("bitfarms", "tremblay")
    with pytest.raises(NotFound):
        KINDS[other][1](token, "tremblay")


@pytest.mark.parametrize(
    ("seal", "unseal", "life_s"),
    [
        (tokens.suggestion, tokens.open_suggestion, SUGGESTION_LIFE_S),
        (tokens.link, tokens.open_link, LINK_LIFE_S),
        (tokens.match, tokens.open_match, MATCH_LIFE_S),
    ],
)
def test_a_token_opens_until_its_time_is_over_and_not_afterwards(
    seal: object, unseal: object, life_s: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        turned_back(patch, life_s - 5)
        young = seal("bitfarms", "tremblay")
    with monkeypatch.context() as patch:
        turned_back(patch, life_s + 5)
        old = seal("bitfarms", "tremblay")
    assert unseal(young, "tremblay") == "bitfarms"
    with pytest.raises(NotFound):
        unseal(old, "tremblay")


def test_a_suggestion_lives_five_minutes_and_a_link_a_day() -> None:
    assert (SUGGESTION_LIFE_S, LINK_LIFE_S) == (300, 86_400)


def test_a_suggestion_for_the_longest_id_has_at_most_200_characters_that_need_no_escaping() -> None:
    token = tokens.suggestion("i" * 60, "h" * 60)
    assert len(token) <= 200
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_token_does_not_say_which_company_it_stands_for() -> None:
    token = tokens.suggestion("bitfarms", "tremblay")
    assert b"bitfarms" not in base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert token != tokens.suggestion("bitfarms", "tremblay")


@given(at=st.integers(0, 10_000), change=st.characters(codec="ascii"))
def test_a_token_that_was_tampered_with_does_not_open(at: int, change: str) -> None:
    token = tokens.suggestion("bitfarms", "tremblay")
    at %= len(token)
    tampered = token[:at] + change + token[at + 1 :]
    if base64.urlsafe_b64decode(token + "==") == base64.urlsafe_b64decode(tampered.encode() + b"=="):
        return  # the last character has bits that say nothing
    with pytest.raises(NotFound):
        tokens.open_suggestion(tampered, "tremblay")


@given(st.text(st.characters(codec=None, categories=None)))
def test_no_text_at_all_makes_opening_fail_in_another_way(text: str) -> None:
    with pytest.raises(NotFound):
        tokens.open_suggestion(text, "tremblay")


def test_after_a_rotation_old_tokens_open_and_new_ones_need_the_new_secret() -> None:
    rotated = Tokens(["second secret", "first secret"])
    assert rotated.open_link(tokens.link("bitfarms", "tremblay"), "tremblay") == "bitfarms"
    with pytest.raises(NotFound):
        tokens.open_link(rotated.link("bitfarms", "tremblay"), "tremblay")
