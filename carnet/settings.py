"""The settings: environment variables named CARNET_…, read once and checked before anything is started."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from limits import parse_many
from platformdirs import user_data_path
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from directory.harvesting.quotas import Quotas
from directory.regions import Regions
from mappings.changed import FOLDER, BadData, changed
from mappings.checks import never_met

SHORTEST_SECRET = 32  # bytes; of a key, too: a shorter one could be guessed
_DRIVERS = {"sqlite": ("", "pysqlite"), "postgresql": ("", "psycopg")}
NO_REDIS = "CARNET_REDIS_URL: Redis needs the extra: pip install 'carnet[redis]'."


class BadSetting(ValueError):
    """The sentence names the setting and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Secrets are kept out of `repr`, logs and `carnet doctor` (see carnet.cli.checks)."""

    home: Path
    database_url: str
    search_url: str
    redis_url: str | None
    jwt_key: str | None
    jwks_url: str | None
    jwt_issuer: str
    jwt_audience: str
    limits: bool
    limit_lookups: str
    quotas: Quotas
    regions: Regions
    dev_sign_in: bool
    journal: Path
    changes_days: int
    reconcile_hours: int
    secrets: tuple[str, ...]
    mappings: Path | None

    def __repr__(self) -> str:
        return "Settings(…)"

    @property
    def sqlite_path(self) -> Path | None:
        url = make_url(self.database_url)
        return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None

    @property
    def embedded_path(self) -> Path | None:
        kind, _, path = self.search_url.partition(":")
        return Path(path).absolute() if kind == "embedded" else None

    @property
    def secret_file(self) -> Path | None:
        """Where a secret is made once, if the setting gives none: beside the SQLite file."""
        return self.sqlite_path.with_suffix(".secret") if self.sqlite_path else None

    def token_secrets(self) -> tuple[str, ...]:
        """The secrets that encrypt tokens and sign sessions, the first for new ones; made on first use if need be."""
        if self.secrets or self.secret_file is None:
            return self.secrets
        self.secret_file.parent.mkdir(parents=True, exist_ok=True)
        if not self.secret_file.exists():
            _make_secret(self.secret_file)
        kept = self.secret_file.read_bytes().decode(errors="replace").strip()
        if len(kept) < SHORTEST_SECRET:  # an empty one would be everybody's
            raise BadSetting(f"{self.secret_file} holds no secret: remove it, and a new one is made.")
        return (kept,)


def _make_secret(path: Path) -> None:
    """Written whole before it has its name, so that no other process reads a part of it; the first one stays."""
    made = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    file = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, secrets.token_urlsafe(32).encode())
        os.fsync(file)
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        os.close(file)
        made.unlink()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises BadSetting for the first one that cannot be meant."""
    env = {k: v.strip() for k, v in (os.environ if environment is None else environment).items() if v.strip()}
    home = Path(env.get("CARNET_HOME") or user_data_path("carnet")).absolute()
    database_url = env.get("CARNET_DATABASE_URL", f"sqlite:///{home / 'carnet.db'}")
    backend = _database(database_url)
    secret_list = tuple(filter(None, (part.strip() for part in env.get("CARNET_SECRET", "").split(","))))
    if backend != "sqlite":
        for name, value in {"CARNET_JOURNAL": env.get("CARNET_JOURNAL"), "CARNET_SECRET": secret_list}.items():
            if not value:
                raise BadSetting(f"{name} is required with {backend}: there is no database file to keep it beside.")
    beside = Path(make_url(database_url).database or "").absolute().parent
    return Settings(
        home=home,
        database_url=database_url,
        search_url=_search(env.get("CARNET_SEARCH_URL", f"embedded:{home / 'index'}")),
        redis_url=_starts("CARNET_REDIS_URL", env.get("CARNET_REDIS_URL"), ("redis://", "rediss://", "unix://")),
        jwt_key=env.get("CARNET_JWT_KEY"),
        jwks_url=_starts("CARNET_JWKS_URL", env.get("CARNET_JWKS_URL"), ("https://", "http://")),
        jwt_issuer=env.get("CARNET_JWT_ISSUER", "carnet"),
        jwt_audience=env.get("CARNET_JWT_AUDIENCE", "carnet"),
        limits=_switch(env, "CARNET_LIMITS", default=True),
        limit_lookups=_rates("CARNET_LIMIT_LOOKUPS", env.get("CARNET_LIMIT_LOOKUPS", "600/minute;10000/day")),
        quotas=_quotas(env),
        regions=_regions(env.get("CARNET_REGIONS", "")),
        dev_sign_in=_switch(env, "CARNET_DEV_SIGN_IN", default=False),
        journal=Path(env.get("CARNET_JOURNAL") or beside / "journal").absolute(),
        changes_days=_number("CARNET_CHANGES_DAYS", env.get("CARNET_CHANGES_DAYS", "90"), "days", 1, 3_650),
        reconcile_hours=_number("CARNET_RECONCILE_HOURS", env.get("CARNET_RECONCILE_HOURS", "24"), "hours", 0, 8_760),
        secrets=secret_list,
        mappings=_mappings(env.get(FOLDER)),
    )


def _database(url: str) -> str:
    try:
        backend, _, driver = make_url(url).drivername.partition("+")
    except (ArgumentError, ValueError):  # of which the second is about its port
        backend = driver = ""
    if driver not in _DRIVERS.get(backend, ()):
        raise BadSetting("CARNET_DATABASE_URL must be sqlite:///PATH or postgresql+psycopg://….")
    if backend == "sqlite" and make_url(url).database in (None, "", ":memory:"):
        raise BadSetting(
            "CARNET_DATABASE_URL needs a file: sqlite:///PATH. A database in memory would forget opt-outs."
        )
    return backend


def _search(url: str) -> str:
    kind, _, path = url.partition(":")
    if not (path if kind == "embedded" else kind in ("http", "https") and _names_a_host(url)):
        raise BadSetting("CARNET_SEARCH_URL must be embedded:PATH or http(s)://….")
    return url


def _names_a_host(url: str) -> bool:
    """And a port that can be, or none."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _starts(name: str, value: str | None, beginnings: tuple[str, ...]) -> str | None:
    if value is not None and not value.startswith(beginnings):
        raise BadSetting(f"{name} must start with {' or '.join(beginnings)}.")
    return value


def check_mappings() -> None:
    """For commands that read no other setting. Raises BadSetting."""
    _mappings(os.environ.get(FOLDER, "").strip() or None)


def _mappings(value: str | None) -> Path | None:
    """A folder whose files can be read: one with a mistake would count as soon as a process is started again."""
    if value is None:
        return None
    folder = Path(value).absolute()
    try:
        found = changed(folder)
    except BadData as error:
        raise BadSetting(str(error)) from None
    for file, data in found.items():
        for clause in never_met(file, data):
            raise BadSetting(f"{FOLDER}: in {file}, {clause}.")
    return folder


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "on" if default else "off").lower()
    if value not in ("on", "off"):
        raise BadSetting(f"{name} must be on or off.")
    return value == "on"


def _number(name: str, text: str, unit: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(f"{name} must be a number of {unit}, from {least} to {most}.")
    return int(text)


def _rates(name: str, text: str) -> str:
    try:
        rates = parse_many(text)
    except ValueError:
        rates = []
    if not rates or any(rate.amount < 1 for rate in rates):
        raise BadSetting(f"{name} must be rates like 600/minute;10000/day.")
    return text


def _quotas(env: Mapping[str, str]) -> Quotas:
    try:
        return Quotas.parse(env)
    except ValueError as error:
        raise BadSetting(f"{error} must be a whole number, 1 or more.") from None


def _regions(text: str) -> Regions:
    try:
        return Regions.parse(text)
    except ValueError as error:
        raise BadSetting(
            f"CARNET_REGIONS: {error} is no region; write ca,us,de=off (ISO 3166-1, off: hidden by default)."
        ) from None
