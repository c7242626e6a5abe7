"""Opaque tokens that stand for something without naming it: a suggestion to reveal, a link to save, a match to accept,
a place in the feed.

A token says what is meant and is bound to the company that was given it; it tells its holder nothing. Fernet
(AES-128-CBC with HMAC-SHA-256, by the `cryptography` package) encrypts and dates it; suggestions, of which each letter that
is typed needs eight, are sealed by AES-SIV of the same package in a fifth of the time. Several secrets rotate: the first
encrypts, all are accepted.
"""

import base64
import hashlib
import os
import time
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from directory.errors import NotFound

SUGGESTION_LIFE_S = 5 * 60
LINK_LIFE_S = 24 * 60 * 60
MATCH_LIFE_S = 24 * 60 * 60  # going through a list of thousands takes a person longer than a pick
_DATED, _SALTED = 5, 4  # bytes, in a suggestion
_CLOCKS_DIFFER_S = 60  # between servers
_SEEN = "\0"  # between a company and a version of its card
_BOUND = 12  # bytes of the digest that binds a token to its purpose and holder: 60 characters of id still fit in 200


class Tokens:
    def __init__(self, secrets: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_key(secret)) for secret in secrets])
        self._sealers = [AESSIV(_long_key(secret)) for secret in secrets]

    def suggestion(self, company_id: str, holder: str) -> str:
        return self.suggestions([company_id], holder)[0]

    def suggestions(self, company_ids: Sequence[str], holder: str) -> list[str]:
        """A suggestion for each of these companies."""
        # AES-SIV needs no nonce; the salt is there so that two answers cannot be compared by their tokens.
        dated = int(time.time()).to_bytes(_DATED) + os.urandom(_SALTED)
        seal, bound = self._sealers[0].encrypt, [holder.encode()]
        sealed = [seal(dated + company_id.encode(), bound) for company_id in company_ids]
        return [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in sealed]

    def open_suggestion(self, token: str, holder: str) -> str:
        """The company that a suggestion stands for. Raises NotFound: forged, expired, or another company's."""
        try:
            sealed = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True)
        except (UnicodeError, ValueError):
            raise NotFound from None
        for sealer in self._sealers:
            try:
                said = sealer.decrypt(sealed, [holder.encode()])
            except (InvalidTag, ValueError):
                continue
            age_s = time.time() - int.from_bytes(said[:_DATED])
            if not -_CLOCKS_DIFFER_S <= age_s <= SUGGESTION_LIFE_S:
                raise NotFound
            return said[_DATED + _SALTED :].decode()
        raise NotFound

    def link(self, company_id: str, holder: str, seen: int | None = None) -> str:
        """`seen`: the version of its card that comes with the link."""
        return self._seal("link", company_id if seen is None else f"{company_id}{_SEEN}{seen}", holder)

    def open_link(self, token: str, holder: str) -> str:
        """The company that a link stands for. Raises NotFound: forged, expired, or another company's."""
        return self.open_link_seen(token, holder)[0]

    def open_link_seen(self, token: str, holder: str) -> tuple[str, int | None]:
        """And the version of its card that came with it; None with a link that an earlier release has given."""
        company_id, _, seen = self._open("link", token, holder, LINK_LIFE_S).partition(_SEEN)
        return company_id, int(seen) if seen else None

    def match(self, company_id: str, holder: str) -> str:
        return self._seal("match", company_id, holder)

    def open_match(self, token: str, holder: str) -> str:
        """The company that a proposal for a list stands for. Raises NotFound: forged, expired, or another company's."""
        return self._open("match", token, holder, MATCH_LIFE_S)

    def cursor(self, place: str, holder: str) -> str:
        return self._seal("cursor", place, holder)

    def open_cursor(self, token: str, holder: str) -> str:
        """The place in the feed that a cursor stands for. Raises NotFound: forged, or another company's."""
        return self._open("cursor", token, holder, None)

    def sealed_secret(self, secret: str, holder: str) -> str:
        """A secret as it is kept: without CARNET_SECRET, the records alone do not tell it."""
        return self._seal("secret", secret, holder)

    def open_secret(self, token: str, holder: str) -> str:
        """Raises NotFound where none of the secrets that are left has sealed it."""
        return self._open("secret", token, holder, None)

    def place(self, number: int, holder: str) -> str:
        """A place in a list of the holder's. In the clear its number would tell how much happens in the whole network."""
        return self._seal("place", str(number), holder)

    def open_place(self, token: str, holder: str) -> int:
        """Raises NotFound: forged, or another company's. A place does not expire."""
        return int(self._open("place", token, holder, None))

    def places(self, numbers: Sequence[int], holder: str) -> str:
        """The same, in a list of which several numbers say how far one is; none is beyond 64 bits."""
        return self._seal("places", "".join(f"{number:016x}" for number in numbers), holder)

    def open_places(self, token: str, holder: str) -> list[int]:
        """Raises NotFound as `open_place` does."""
        said = self._open("places", token, holder, None)
        return [int(said[at : at + 16], 16) for at in range(0, len(said), 16)]

    def _seal(self, purpose: str, content: str, holder: str) -> str:
        return self._encrypted(_binding(purpose, holder), content)

    def _encrypted(self, binding: bytes, content: str) -> str:
        return self._fernet.encrypt(binding + content.encode()).decode().rstrip("=")

    def _open(self, purpose: str, token: str, holder: str, life_s: int | None) -> str:
        try:
            padded = token + "=" * (-len(token) % 4)
            content = self._fernet.decrypt(padded.encode("ascii"), ttl=life_s)
            bound, said = content[:_BOUND], content[_BOUND:].decode()
        except (InvalidToken, UnicodeError, ValueError):
            raise NotFound from None
        if bound != _binding(purpose, holder):
            raise NotFound
        return said


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"carnet tokens\0" + secret.encode()).digest())


def _long_key(secret: str) -> bytes:
    """64 bytes: AES-SIV takes two keys of 256 bits."""
    return hashlib.sha512(b"carnet suggestions\0" + secret.encode()).digest()


def _binding(purpose: str, holder: str) -> bytes:
    return hashlib.sha256(f"{purpose}\0{holder}".encode()).digest()[:_BOUND]
