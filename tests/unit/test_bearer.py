"""Which tokens sign somebody in. What is wrong with the others is never said."""

import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from api.bearer import NotSignedIn, Verifier, issue
from tests.clock import moved_clock

KEY = "a key for tests only, longer than 32 bytes"
verifier = Verifier(key=KEY, jwks_url=None, issuer="carnet", audience="carnet")


def claims(**changed: Any) -> dict[str, Any]:
    said = {
        "sub": "a@b.example",
        "company": "tremblay",
        "scope": "network",
        "exp": int(time.time()) + 60,
        "iss": "carnet",
        "aud": "carnet",
    }
    return {name: value for name, value in {**said, **changed}.items() if value is not None}


def signed(key: str = KEY, **changed: Any) -> str:
    return jwt.encode(claims(**changed), key, "HS256")


def test_what_the_command_issues_is_accepted() -> None:
    token = issue(
        KEY, subject="a@b.example", company="tremblay", scope="network", issuer="carnet", audience="carnet", life_s=60
    )
    assert verifier.verify(token).company == "tremblay"


def test_what_a_token_says_is_remembered_until_it_expires_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Verifier(key=KEY, jwks_url=None, issuer="carnet", audience="carnet")
    with moved_clock() as clock:
        token = signed(exp=int(time.time()) + 30)
        remembered = own.verify(token)

        def expired(*_: Any, **__: Any) -> Any:
            raise jwt.ExpiredSignatureError

        monkeypatch.setattr(jwt, "decode", expired)
        assert own.verify(token) is remembered
        with pytest.raises(NotSignedIn):
            own.verify(token[:-2] + ("AA" if token[-2:] != "AA" else "BB"))
        clock.moves(seconds=30)
        with pytest.raises(NotSignedIn):
            own.verify(token)


@pytest.mark.parametrize("scope", ["network", "", "books.read administrator", ["network"], ["admin"], 7])
def test_a_scope_without_the_word_admin_is_a_members(scope: Any) -> None:
    assert "admin" not in verifier.verify(signed(scope=scope)).scopes


@pytest.mark.parametrize("lacking", ["sub", "company", "scope", "exp", "iss", "aud"])
def test_a_token_that_lacks_a_claim_is_refused(lacking: str) -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(signed(**{lacking: None}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": 1},
        {"exp": "soon"},
        {"exp": float("inf")},
        pytest.param({"nbf": int(time.time()) + 86_400}, id="nbf tomorrow"),  # collected now, used much later
        {"iss": "another"},
        {"iss": ["carnet"]},
        {"aud": "another"},
        {"aud": ["x", "y"]},
        {"sub": ""},
        {"sub": 5},
        {"sub": "a" * 255},
        {"sub": "a\x00b"},
        {"sub": "\u202ea"},
        {"company": ""},
        {"company": 7},
        {"company": ["tremblay"]},
        {"company": "a\nb"},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(jwt.PyJWS().encode(json.dumps(claims(**wrong)).encode(), KEY, "HS256"))


@pytest.mark.parametrize("beginning", ["iat", "nbf"])
def test_a_token_from_a_clock_that_is_half_a_minute_ahead_is_good_at_once_and_no_longer_than_it_says(
    beginning: str,
) -> None:
    at = int(time.time())
    assert verifier.verify(signed(**{beginning: at + 30})).company == "tremblay"
    for wrong in ({beginning: at + 3_600}, {beginning: at + 30, "exp": at - 1}, {"exp": at}):
        with pytest.raises(NotSignedIn):
            verifier.verify(signed(**wrong))


def test_a_token_signed_with_another_key_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(signed(key="another key, which is longer than 32 bytes"))


def test_a_token_that_says_it_needs_no_signature_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(jwt.encode(claims(), None, "none"))
    header, body, _ = signed().split(".")
    with pytest.raises(NotSignedIn):
        verifier.verify(f"{header}.{body}.")


def test_a_token_signed_in_a_way_that_was_not_agreed_is_refused() -> None:
    private = rsa.generate_private_key(65537, 2048)
    with pytest.raises(NotSignedIn):
        verifier.verify(jwt.encode(claims(), private, "RS256"))
    with pytest.raises(NotSignedIn):
        verifier.verify(jwt.encode(claims(), KEY * 2, "HS512"))


def test_without_a_key_nobody_is_signed_in() -> None:
    keyless = Verifier(key=None, jwks_url=None, issuer="carnet", audience="carnet")
    for token in (signed(), jwt.encode(claims(), "0" * 32, "HS256"), jwt.encode(claims(), None, "none")):
        with pytest.raises(NotSignedIn):
            keyless.verify(token)


@given(st.text(st.characters(codec=None, categories=None)) | st.from_regex(r"[\w-]{0,30}\.[\w-]{0,30}\.[\w-]{0,9}"))
def test_no_text_at_all_makes_verifying_fail_in_another_way(text: str) -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(text)


def test_a_role_or_region_in_the_token_changes_nothing() -> None:
    assert verifier.verify(signed(role="primary_admin", region="us")) == verifier.verify(signed())
