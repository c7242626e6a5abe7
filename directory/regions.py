"""Regions: which exist, which are served, and whether companies are visible there unless they say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale

# Codes that CLDR has a name for, though ISO 3166-1 has not assigned them to a country.
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


@cache
def known() -> frozenset[str]:
    """Every ISO 3166-1 alpha-2 code in lower case, and xk, which is in common use."""
    codes = {code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()}
    return frozenset(code.lower() for code in codes - _NOT_COUNTRIES)


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions that are served: all that exist where `defaults` is None, else these, each with its default visibility."""

    defaults: Mapping[str, bool] | None = None

    def serves(self, region: str) -> bool:
        return region in (known() if self.defaults is None else self.defaults)

    def visible_by_default(self, region: str) -> bool:
        return self.defaults is None or self.defaults.get(region, False)

    @classmethod
    def parse(cls, text: str) -> "Regions":
        """Read `ca,us,de=off`. Raises ValueError with the part that is not a region or not on/off."""
        defaults: dict[str, bool] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            region, _, default = part.lower().partition("=")
            if region not in known() or default not in ("", "on", "off"):
                raise ValueError(part)
            defaults[region] = default != "off"
        return cls(defaults or None)
