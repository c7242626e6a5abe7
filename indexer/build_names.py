"""What the builds of an index are called: all that an engine knows of them, and all that their rows and the engine share."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class BuildName:
    """`companies-<region>-<fingerprint>-<UTC time>`; `str` and `parse` are each other's inverse."""

    region: str
    fingerprint: str
    made: datetime

    def __str__(self) -> str:
        return f"companies-{self.region}-{self.fingerprint}-{self.made.astimezone(UTC):%Y%m%dt%H%M%S%f}z"

    @staticmethod
    @lru_cache(maxsize=4_096)  # a cluster's names are gone through several times for each region that is rebuilt
    def parse(name: str) -> "BuildName":
        """Raises ValueError for anything that `str` would not have made."""
        found = re.fullmatch(r"companies-([a-z]{2})-([0-9a-f]{8})-(\d{8}t\d{12})z", name)
        if not found:
            raise ValueError(f"not the name of an index build: {name}")
        made = datetime.strptime(found[3], "%Y%m%dt%H%M%S%f").replace(tzinfo=UTC)
        return BuildName(found[1], found[2], made)

    @classmethod
    def new(cls, region: str, fingerprint: str) -> "BuildName":
        return cls(region, fingerprint, datetime.now(UTC))


def is_build(name: str) -> bool:
    try:
        BuildName.parse(name)
    except ValueError:
        return False
    return True


def alias(region: str) -> str:
    """The name that look-ups read a region's live build under. Always used whole: `us*` would also be `us-x`."""
    return f"companies-{region}"
