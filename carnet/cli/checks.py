"""`carnet doctor`: every setting and part, and what is wrong in words."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields

import click
from rich.table import Table
from rich.text import Text

from carnet.cli.console import output
from carnet.cli.parts_checks import check_database, check_index, check_journal, is_to_be_made
from carnet.cli.services_checks import check_keys, check_queue, without_secrets
from carnet.settings import SHORTEST_SECRET, Settings, read_settings
from carnet.stores import index_owner
from directory.errors import CarnetError, Unavailable, Unfit
from directory.harvesting.quotas import Quotas

_MENDS = {
    "records": "Is the database running, and does CARNET_DATABASE_URL name it?",
    "search": "Is OpenSearch running, and is CARNET_SEARCH_URL its address?",
    "queue": "Is Redis running, and is CARNET_REDIS_URL its address? Until it is, changes are found by the sweep.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    value: str
    trouble: str = ""


@click.command()
def doctor() -> None:
    """Check every setting and service. Exit status 1 where something is wrong."""
    settings = read_settings()
    findings = [*_settings(settings), *_parts(settings)]
    table = Table(show_header=False, show_edge=False)
    for _ in range(4):
        table.add_column(overflow="fold")  # a name that is cut short cannot be looked for
    for finding in findings:
        mark = Text("✗", "red") if finding.trouble else Text("✓", "green")
        table.add_row(mark, finding.what, finding.value, finding.trouble)
    output.print(table)
    sys.exit(1 if any(finding.trouble for finding in findings) else 0)


def _settings(settings: Settings) -> Iterator[Finding]:
    database = settings.sqlite_path
    yield Finding("CARNET_HOME", str(settings.home))
    yield Finding("CARNET_DATABASE_URL", f"sqlite:///{database}" if database else "postgresql (address kept secret)")
    yield Finding("CARNET_SEARCH_URL", without_secrets(settings.search_url))
    queue = without_secrets(settings.redis_url) if settings.redis_url else "not set: work is drained in process"
    yield Finding("CARNET_REDIS_URL", queue)
    yield Finding("CARNET_JOURNAL", str(settings.journal))
    yield _sign_in(settings)
    yield Finding("CARNET_JWT_ISSUER, CARNET_JWT_AUDIENCE", f"{settings.jwt_issuer}, {settings.jwt_audience}")
    yield _secrets(settings)
    regions = settings.regions.defaults
    listed = (
        ", ".join(f"{r}{'' if on else '=off'}" for r, on in regions.items()) if regions else "all, visible by default"
    )
    yield Finding("CARNET_REGIONS", listed)
    yield Finding("CARNET_MAPPINGS", str(settings.mappings) if settings.mappings else "as they ship")
    yield Finding("CARNET_CHANGES_DAYS", str(settings.changes_days))
    hours = settings.reconcile_hours
    yield Finding("CARNET_RECONCILE_HOURS", str(hours) if hours else "0: the index is compared only on demand")
    yield from _limits(settings)
    trouble = "anyone may sign in as anyone: for development only" if settings.dev_sign_in else ""
    yield Finding("CARNET_DEV_SIGN_IN", "on" if settings.dev_sign_in else "off", trouble)
    unknown = sorted(name for name in os.environ if name.startswith("CARNET_") and name not in _KNOWN)
    for name in unknown:
        yield Finding(name, "set", "there is no such setting")


def _secrets(settings: Settings) -> Finding:
    if not settings.secrets:
        kept = settings.secret_file
        trouble = _trouble(settings.token_secrets) if kept and kept.exists() else ""  # else made when a server starts
        return Finding("CARNET_SECRET", f"kept in {kept}", trouble)
    short = any(len(secret) < SHORTEST_SECRET for secret in settings.secrets)
    trouble = f"one is shorter than {SHORTEST_SECRET} characters: it could be guessed" if short else ""
    return Finding("CARNET_SECRET", f"{len(settings.secrets)} given", trouble)


def _limits(settings: Settings) -> Iterator[Finding]:
    yield Finding("CARNET_LIMITS", "on" if settings.limits else "off: nothing keeps anybody from collecting cards")
    counted = "for all processes together" if settings.redis_url else "by each process for itself, for want of Redis"
    yield Finding("CARNET_LIMIT_LOOKUPS", f"{settings.limit_lookups} a member, counted {counted}")
    for name, number in asdict(settings.quotas).items():
        yield Finding(f"CARNET_QUOTA_{name.upper()}", str(number))


def _sign_in(settings: Settings) -> Finding:
    if settings.jwks_url:
        url = settings.jwks_url
        return Finding("CARNET_JWKS_URL", without_secrets(url), _trouble(lambda: check_keys(url)))
    if not settings.jwt_key:
        return Finding("CARNET_JWT_KEY", "not set", "nobody can sign in: set it, or CARNET_JWKS_URL")
    short = len(settings.jwt_key.encode()) < SHORTEST_SECRET
    return Finding(
        "CARNET_JWT_KEY", "set", f"shorter than {SHORTEST_SECRET} bytes: it could be guessed" if short else ""
    )


def _parts(settings: Settings) -> Iterator[Finding]:
    kind = settings.database_url.split(":")[0]
    if is_to_be_made(settings):
        kind += ": no database there yet; the first command that needs one makes it. If there should be one, another is named"
    yield Finding("records", kind, _trouble(lambda: check_database(settings)))
    yield Finding("journal", "", _trouble(lambda: check_journal(settings)))
    yield _index(settings)
    if url := settings.redis_url:
        yield Finding("queue", "", _trouble(lambda: check_queue(url)))


def _index(settings: Settings) -> Finding:
    try:
        owner = index_owner(settings)
    except OSError as error:  # another user's
        return Finding("index", "", str(error))
    value = f"owned by process {owner}" if owner else "owned by nobody now"
    return Finding("index", value, _trouble(lambda: check_index(settings)))


def _trouble(check: Callable[[], object]) -> str:
    try:
        check()
    except Unfit as error:
        return error.reason
    except Unavailable as error:
        return " ".join(filter(None, (str(error), error.reason, _MENDS.get(error.part))))
    except CarnetError as error:
        return str(error)
    except (OSError, ValueError) as error:
        return str(error)
    return ""


_KNOWN = {
    f"CARNET_{name}"
    for name in (
        "HOME", "DATABASE_URL", "SEARCH_URL", "REDIS_URL", "JWT_KEY", "JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE",
        "LIMITS", "LIMIT_LOOKUPS", "REGIONS", "DEV_SIGN_IN", "JOURNAL", "SECRET", "CHANGES_DAYS", "MAPPINGS",
        "RECONCILE_HOURS",
        *(f"QUOTA_{field.name.upper()}" for field in fields(Quotas)),
    )
}  # fmt: skip
