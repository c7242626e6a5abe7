"""Bearer tokens: who says that somebody is who. What they may do is read from the records, never from the token."""

import threading
import time
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from cachetools import TTLCache

from api.published_keys import PublishedKeys
from directory.errors import CarnetError, Message

REQUIRED = ("sub", "scope", "exp", "iss", "aud")  # and `company`, of every token but a service's
_SYMMETRIC = ["HS256"]
_ASYMMETRIC = ["RS256", "ES256", "EdDSA"]
LONGEST_CLAIM = 254
_KNOWN, _KNOWN_S = 10_000, 60
_CLOCKS_DIFFER_S = 60  # between whoever signs tokens and this machine


class NotSignedIn(CarnetError):
    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__(Message("Sign in first: this needs a valid token."))


@dataclass(frozen=True, slots=True)
class Claims:
    """`company` is "" for a service's token; `until` is when the token expires, in seconds since 1970."""

    subject: str
    company: str
    scopes: frozenset[str]
    until: int


class Verifier:
    """Checks tokens against one shared key (HS256), or against the public keys that an address publishes.

    PyJWT accepts tokens that lack a claim unless it is required by name, and `alg: none` unless algorithms are named.

    Who types sends the same token with every letter: what a token says is remembered for a minute, so that its signature
    is checked once in it. Whether it has expired is looked at each time, and what its bearer may do is in no token.
    """

    def __init__(self, *, key: str | None, jwks_url: str | None, issuer: str, audience: str) -> None:
        self._key, self._issuer, self._audience = key, issuer, audience
        self._keys = PublishedKeys(jwks_url) if jwks_url else None
        self._known: TTLCache[str, Claims] = TTLCache(_KNOWN, _KNOWN_S)
        self._lock = threading.Lock()

    def verify(self, token: str) -> Claims:
        """Raises NotSignedIn: no matter what is wrong with a token, its bearer is told the same."""
        with self._lock:
            claims = self._known.get(token)
        if claims is None or claims.until <= time.time():
            claims = self._verify(token)
            with self._lock:
                self._known[token] = claims
        return claims

    def _verify(self, token: str) -> Claims:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)  # `carnet doctor` says so, once
                claims = self._decode(token)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, KeyError):
            raise NotSignedIn from None
        subject, company, scope = claims["sub"], claims.get("company", ""), claims["scope"]
        scopes = frozenset(scope.split()) if isinstance(scope, str) else frozenset()
        if not (_plain(subject) and subject and _plain(company) and (company or "admin" in scopes)):
            raise NotSignedIn
        return Claims(subject, company, scopes, int(claims["exp"]))

    def _decode(self, token: str) -> dict[str, Any]:
        options: Any = {"require": list(REQUIRED)}
        key: Any = self._key
        algorithms = _SYMMETRIC
        if self._keys is not None:
            key, algorithms = self._keys.find(jwt.get_unverified_header(token)["kid"]), _ASYMMETRIC
        if not key:
            raise NotSignedIn
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=algorithms,
            issuer=self._issuer,
            audience=self._audience,
            options=options,
            leeway=_CLOCKS_DIFFER_S,  # for the beginning alone: nobody should have to wait before a new token is good
        )
        if int(claims["exp"]) <= datetime.now(UTC).timestamp():  # the clock that PyJWT goes by
            raise NotSignedIn
        return claims


def issue(key: str, *, subject: str, company: str, scope: str, issuer: str, audience: str, life_s: int) -> str:
    """A token signed with the shared key, as an accounting product would issue it."""
    claims = {
        "sub": subject,
        "company": company,
        "scope": scope,
        "iss": issuer,
        "aud": audience,
        "exp": int(time.time()) + life_s,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
        return jwt.encode(claims, key, algorithm="HS256")


def _plain(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= LONGEST_CLAIM and (text == "" or text.isprintable())
