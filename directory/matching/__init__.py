"""How a typed text fits a name, decided from the confirmed row: the tier, and the part of the name to mark.

The engines only propose; the order that an answer is in, and what it highlights, come from here, so that both engines
answer alike and no typo can ever stand above a true match.
"""

from collections.abc import Iterable

from directory.matching.match import Match, Tier
from directory.matching.names import letters_with_typos, match_name
from mappings.folding import fold
from mappings.reading import Typed

__all__ = ["Match", "Tier", "best_match", "letters_with_typos", "match_name"]


def best_match(names: Iterable[str], typed: Typed) -> Match | None:
    """The best fit among a company's names; the first of them where several fit alike. None if none fits."""
    found = [match for name in names if (match := match_name(fold(name), typed))]
    return min(found, key=lambda match: (match.tier, match.missing), default=None)
