"""What is counted in Redis where there is one, else in the memory of each process: look-ups, and those that found nothing."""

from api.misses import MissStore, NoMissStore
from api.services import LookupLimits
from carnet.settings import NO_REDIS, BadSetting, Settings

LIMITS_WAIT_S = 0.1


def make_lookup_limits(settings: Settings) -> LookupLimits | None:
    """Counted in Redis where there is one, else in each process for itself; None where limits are off."""
    if not settings.limits or settings.redis_url is None:
        return LookupLimits(settings.limit_lookups) if settings.limits else None
    try:
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    # The client's own three retries, with pauses, would hold a look-up for seconds while Redis is away.
    options = {
        "socket_timeout": LIMITS_WAIT_S,
        "socket_connect_timeout": LIMITS_WAIT_S,
        "retry": Retry(NoBackoff(), 0),
        "wrap_exceptions": True,
    }
    return LookupLimits(settings.limit_lookups, settings.redis_url.replace("unix://", "redis+unix://", 1), options)


def make_miss_store(settings: Settings) -> MissStore:
    """Counts of look-ups that found nothing: by day in Redis where there is one, else only those of /metrics."""
    if settings.redis_url is None:
        return NoMissStore()
    try:
        from api.miss_store import RedisMisses
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    return RedisMisses(settings.redis_url)
