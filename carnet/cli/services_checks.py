"""What `carnet doctor` asks the services that neither hold the records nor the index."""

from urllib.parse import urlsplit, urlunsplit

import jwt

from carnet.settings import NO_REDIS, BadSetting
from directory.errors import Unavailable

_WAIT_S = 2


def without_password(url: str) -> str:
    """The address as it may be shown: whoever is asked for help reads what a terminal shows."""
    parts = urlsplit(url)
    name, at, host = parts.netloc.rpartition("@")
    shown = f"{name.partition(':')[0]}:…@{host}" if at and ":" in name else f"{'…@' if at else ''}{host}"
    return urlunsplit(parts._replace(netloc=shown)) if at else url


def check_queue(url: str) -> None:
    """Raises Unavailable where Redis does not answer, ValueError where it may throw a job away, BadSetting without the extra."""
    try:
        from redis import Redis
        from redis.exceptions import RedisError, ResponseError
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    try:
        with Redis.from_url(url, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S) as redis:
            redis.ping()
            try:
                said = redis.config_get("maxmemory*")
            except ResponseError:  # a hosted one keeps its settings to itself
                return
    except RedisError as error:
        raise Unavailable("queue", type(error).__name__) from None
    if said.get("maxmemory") != "0" and said.get("maxmemory-policy") != "noeviction":
        raise ValueError("when its memory is full it throws jobs away: set `maxmemory-policy noeviction`")


def check_keys(url: str) -> None:
    """Raises ValueError where no public keys can be read there."""
    try:
        jwt.PyJWKClient(url, timeout=_WAIT_S).get_jwk_set()
    except (jwt.PyJWTError, ValueError) as error:
        raise ValueError(f"nobody can sign in: no keys can be read there ({type(error).__name__})") from None
