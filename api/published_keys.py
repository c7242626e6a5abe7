"""The public keys that an address publishes: with one of them a token is signed, and says with which.

Whoever publishes them may be slow or away, and anybody may send a token that names a key of which nobody knows. So keys that
are known count without a wait, also while newer ones cannot be had, for a day; and all requests together ask the publisher
once in half a minute at most.
"""

import threading
import time

import jwt
import structlog

_WITHIN_S = 2  # for the publisher to answer
_NEW_S = 5 * 60  # for which what was published is not asked for again
_GOOD_S = 24 * 60 * 60  # for which it counts where the publisher says nothing since
_PAUSE_S, _NO_KEYS_PAUSE_S = 30, 1  # between two questions; the second while nobody at all could sign in
_NEVER = float("-inf")
log = structlog.get_logger()


class PublishedKeys:
    def __init__(self, url: str) -> None:
        self._publisher = jwt.PyJWKClient(url, cache_jwk_set=False, timeout=_WITHIN_S)
        self._known: dict[str | None, jwt.PyJWK] = {}
        self._said_at = self._asked_at = _NEVER
        self._asking = threading.Lock()

    def find(self, name: str) -> jwt.PyJWK | None:
        """The key of this name; None where none is published, as far as anybody can say."""
        known = self._good().get(name)
        is_old = known is None or time.monotonic() - self._said_at > _NEW_S
        # Who has a key to go on with waits for nobody else's question, and asks where nobody does.
        if is_old and self._asking.acquire(blocking=known is None):
            try:
                self._ask_unless_just_asked()
            finally:
                self._asking.release()
        return self._good().get(name)

    def _good(self) -> dict[str | None, jwt.PyJWK]:
        return self._known if time.monotonic() - self._said_at <= _GOOD_S else {}

    def _ask_unless_just_asked(self) -> None:
        pause_s = _PAUSE_S if self._good() else _NO_KEYS_PAUSE_S
        if time.monotonic() - self._asked_at < pause_s:
            return
        try:
            published = {key.key_id: key for key in self._publisher.get_signing_keys()}
        except (jwt.PyJWTError, OSError, ValueError, RecursionError) as error:  # away, or nothing that could be read
            log.warning("published_keys", said="nothing", error=type(error).__name__)
        else:
            self._known, self._said_at = published, time.monotonic()
        self._asked_at = time.monotonic()
