"""Opaque tokens that stand for a company without naming it: a suggestion to reveal, a link to save, a match to accept.

A token says which company is meant and is bound to the company that was given it; it tells its holder nothing. Fernet
(AES-128-CBC with HMAC-SHA-256, by the `cryptography` package) encrypts and dates it. Several secrets rotate: the first
encrypts, all are accepted.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from directory.errors import NotFound

SUGGESTION_LIFE_S = 5 * 60
LINK_LIFE_S = 24 * 60 * 60
MATCH_LIFE_S = 24 * 60 * 60  # going through a list of thousands takes a person longer than a pick
_BOUND = 12  # bytes of the digest that binds a token to its purpose and holder: 60 characters of id still fit in 200


class Tokens:
    def __init__(self, secrets: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_key(secret)) for secret in secrets])

    def suggestion(self, company_id: str, holder: str) -> str:
        return self._seal("suggestion", company_id, holder)

    def open_suggestion(self, token: str, holder: str) -> str:
        """The company that a suggestion stands for. Raises NotFound: forged, expired, or another company's."""
        return self._open("suggestion", token, holder, SUGGESTION_LIFE_S)

    def link(self, company_id: str, holder: str) -> str:
        return self._seal("link", company_id, holder)

    def open_link(self, token: str, holder: str) -> str:
        """The company that a link stands for. Raises NotFound: forged, expired, or another company's."""
        return self._open("link", token, holder, LINK_LIFE_S)

    def match(self, company_id: str, holder: str) -> str:
        return self._seal("match", company_id, holder)

    def open_match(self, token: str, holder: str) -> str:
        """The company that a proposal for a list stands for. Raises NotFound: forged, expired, or another company's."""
        return self._open("match", token, holder, MATCH_LIFE_S)

    def _seal(self, purpose: str, company_id: str, holder: str) -> str:
        return self._fernet.encrypt(_binding(purpose, holder) + company_id.encode()).decode().rstrip("=")

    def _open(self, purpose: str, token: str, holder: str, life_s: int) -> str:
        try:
            padded = token + "=" * (-len(token) % 4)
            content = self._fernet.decrypt(padded.encode("ascii"), ttl=life_s)
            bound, company_id = content[:_BOUND], content[_BOUND:].decode()
        except (InvalidToken, UnicodeError, ValueError):
            raise NotFound from None
        if bound != _binding(purpose, holder):
            raise NotFound
        return company_id


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"carnet tokens\0" + secret.encode()).digest())


def _binding(purpose: str, holder: str) -> bytes:
    return hashlib.sha256(f"{purpose}\0{holder}".encode()).digest()[:_BOUND]
