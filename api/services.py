"""What the routes are served by, joined together by `carnet.wiring`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app
from prometheus_client.metrics_core import Metric

from api.bearer import Verifier
from api.misses import MissStore
from directory.harvesting.walks import Walks
from directory.ports import Courier, Index, Journal, Publisher
from directory.records import Records
from directory.regions import Regions
from directory.sign_in import DevCompany, find_companies
from directory.tokens import Tokens
from directory.typists import Typists


@dataclass(frozen=True, slots=True)
class LookupLimits:
    """`per_member` as the library `limits` reads it: 600/minute;10000/day. `storage`: memory:// or Redis, with its options."""

    per_member: str
    storage: str = "memory://"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Services:
    """`check_ready` raises Unavailable, naming the part, where this process cannot keep its promises. `require_current`,
    asked before every answer, does where the records were found to be restored to an earlier moment.
    """

    records: Records
    proposer: Index
    publisher: Publisher
    journal: Journal
    courier: Courier
    tokens: Tokens
    regions: Regions
    verifier: Verifier
    session_secrets: tuple[str, ...]
    dev_sign_in: bool
    changes_days: int
    check_ready: Callable[[], None]
    require_current: Callable[[], None]
    lookup_limits: LookupLimits | None  # none where limits are off
    walks: Walks
    typists: Typists
    misses: MissStore
    gauges: Callable[[], Iterable[Metric]] = tuple  # what /metrics tells beside what it has counted

    def dev_companies(self, text: str) -> list[DevCompany]:
        """Whom the development sign-in page offers; nobody where that is off."""
        return find_companies(self.records, text) if self.dev_sign_in else []


def services() -> Services:
    return cast(Services, current_app.extensions["carnet"])
