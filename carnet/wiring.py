"""Joins the rules to what serves them: which keys, which queue, which limits, as the settings say."""

from collections.abc import Callable
from functools import partial

from api import Services
from api.bearer import Verifier
from api.webhooks.courier import HttpsCourier
from api.webhooks.deliverer import Deliverer
from carnet.counting import make_lookup_limits, make_miss_store
from carnet.gauges import index_gauges
from carnet.settings import NO_REDIS, BadSetting, Settings
from directory.erasure.removing import go_on_erasing
from directory.harvesting.walks import Walks
from directory.journal import FileJournal
from directory.ports import Publisher
from directory.records import Records
from directory.records.readiness import check_records
from directory.restoring.watching import Watch
from directory.tokens import Tokens
from directory.typists import Typists
from directory.updates.deliveries import Dispatch
from indexer.engines.port import Engine


def make_bell(settings: Settings) -> Callable[[], None]:
    """Rings for the workers; where there is no Redis, nothing needs to: the sweep finds the work within a second."""
    if settings.redis_url is None:
        return lambda: None
    try:
        from indexer.doorbell import RedisDoorbell
    except ImportError as error:
        raise BadSetting(NO_REDIS) from error
    return RedisDoorbell(settings.redis_url).ring


def check_wiring(settings: Settings) -> None:
    """Make what can be made without asking anybody, and throw it away. Raises BadSetting, also where an extra is missing."""
    check_redis(settings)
    make_verifier(settings)
    Tokens(settings.token_secrets())


def check_redis(settings: Settings) -> None:
    """The same for what is made with Redis."""
    try:
        make_bell(settings)
        make_lookup_limits(settings)
        make_miss_store(settings)
    except BadSetting:
        raise
    except ValueError:  # its text would quote a part of the address
        raise BadSetting(
            "CARNET_REDIS_URL is no address of a Redis: redis://:PASSWORD@HOST:PORT/0, with what is special in the password "
            "written as %2F and the like."
        ) from None


def count_failed_jobs(settings: Settings) -> int | None:
    """None where there is no queue, or it does not answer."""
    if settings.redis_url is None:
        return None
    from redis.exceptions import RedisError

    from indexer.doorbell import count_failed_jobs as count

    try:
        return count(settings.redis_url)
    except RedisError:
        return None


def make_verifier(settings: Settings) -> Verifier:
    return Verifier(
        key=settings.jwt_key,
        jwks_url=settings.jwks_url,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
    )


def make_services(
    settings: Settings,
    records: Records,
    engine: Engine,
    publisher: Publisher,
    check_engine: Callable[[], None],
    watch: Watch | None = None,
) -> Services:
    """`watch`: one that was started by the caller; else the journal is compared only when readiness is asked for."""
    watch = watch or Watch(records, settings.journal)
    journal = watch.journal
    secrets = settings.token_secrets()

    def check_ready() -> None:
        check_records(records)
        check_engine()
        journal.check()
        watch.look()

    return Services(
        records=records,
        proposer=engine,
        publisher=publisher,
        journal=journal,
        courier=HttpsCourier(),
        tokens=Tokens(secrets),
        regions=settings.regions,
        verifier=make_verifier(settings),
        session_secrets=tuple(f"session {secret}" for secret in secrets),
        dev_sign_in=settings.dev_sign_in,
        changes_days=settings.changes_days,
        check_ready=check_ready,
        require_current=watch.require_current,
        lookup_limits=make_lookup_limits(settings),
        walks=Walks(),
        typists=Typists(),
        misses=make_miss_store(settings),
        gauges=lambda: index_gauges(records, lambda: count_failed_jobs(settings)),
    )


def make_sweep(settings: Settings, records: Records) -> Callable[[], None]:
    """What else is looked at every second, beside the outbox."""
    return partial(go_on_erasing, records, FileJournal(settings.journal))


def make_deliverer(settings: Settings, records: Records) -> Deliverer:
    """What numbers the changes and tells webhooks of them, not started yet."""
    tokens = Tokens(settings.token_secrets())
    return Deliverer(Dispatch(records, tokens, settings.regions, HttpsCourier(), settings.changes_days))
