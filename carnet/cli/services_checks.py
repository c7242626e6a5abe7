"""What `carnet doctor` asks the services that neither hold the records nor the index."""

from collections.abc import Mapping

import jwt

from carnet.settings import NO_REDIS, BadSetting
from directory.errors import Unavailable

_WAIT_S = 2


def without_secrets(url: str) -> str:
    """The address as it may be shown: whoever is asked for help reads what a terminal shows. Whatever stands before the last
    @ is a name and a password, however the address is mistyped.
    """
    scheme, colon, rest = url.partition("://")
    if not colon:
        return url
    _, at, place = rest.rpartition("@")
    place, asked, _ = place.partition("?")
    return f"{scheme}://{'…@' if at else ''}{place}{'?…' if asked else ''}"


def check_queue(url: str) -> None:
    """Raises Unavailable where Redis does not answer, ValueError where it may throw a job away or the address is none,
    BadSetting without the extra.
    """
    try:
        from redis import Redis
        from redis.exceptions import RedisError, ResponseError
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    try:
        connected = Redis.from_url(url, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S)
    except ValueError:  # its text would quote a part of the address
        raise ValueError("it is no address of a Redis") from None
    try:
        with connected as redis:
            redis.ping()
            try:
                said = redis.config_get("maxmemory*")
            except ResponseError:  # a hosted one keeps its settings to itself
                return
    except RedisError as error:
        raise Unavailable("queue", type(error).__name__) from None
    if throws_jobs_away(said):
        raise ValueError("when its memory is full it throws jobs away: set `maxmemory-policy noeviction`")


def throws_jobs_away(said: Mapping[str, str]) -> bool:
    """By the answer to CONFIG GET, which may be empty."""
    return said.get("maxmemory", "0") != "0" and said.get("maxmemory-policy", "noeviction") != "noeviction"


def check_keys(url: str) -> None:
    """Raises ValueError where no public keys that sign tokens can be read there."""
    try:
        jwt.PyJWKClient(url, timeout=_WAIT_S).get_signing_keys()
    except (jwt.PyJWTError, ValueError) as error:
        raise ValueError(f"nobody can sign in: no keys can be read there ({type(error).__name__})") from None
