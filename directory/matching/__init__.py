"""How a typed text fits a name, decided from the confirmed row: the tier, and the part of the name to mark.

The engines only propose; the order that an answer is in, and what it highlights, come from here, so that both engines
answer alike and no typo can ever stand above a true match.
"""

from collections.abc import Iterable, Sequence

from directory.matching.match import Match, Tier, shared_start
from directory.matching.names import WAYS, Way, match_name
from directory.matching.partly import partly, typed_whole
from directory.matching.words import letters_with_typos
from mappings.folding import Folded, fold
from mappings.reading import Typed

__all__ = ["Match", "Tier", "best_match", "best_matches", "letters_with_typos", "match_name", "shared_start"]


def best_match(names: Iterable[str], typed: Typed) -> Match | None:
    """The best fit among a company's names; the first of them where several fit alike. None if none fits."""
    return best_matches([list(names)], typed, 1)[0]


def best_matches(companies: Sequence[Sequence[str]], typed: Typed, enough: int) -> list[Match | None]:
    """The best fit of each company, by its names. Where `enough` of them fit, the others are not looked at for worse fits:
    to find that a name fits in no way at all takes several times as long as to find that one fits.

    Those that fit partly are looked for where none fits, and where those that fit have typos, only among names that were
    typed whole.
    """
    folded = [[fold(name) for name in names] for names in companies]
    found: list[Match | None] = [None] * len(folded)
    for way in WAYS:
        fitting = [match.tier for match in found if match]
        if len(fitting) >= enough:
            break
        if way is partly and fitting and min(fitting) < Tier.TYPO:
            break
        this = typed_whole if way is partly and fitting else way
        found = [match or _best(this, names, typed) for match, names in zip(found, folded, strict=True)]
    return found


def _best(way: Way, names: Sequence[Folded], typed: Typed) -> Match | None:
    if len(names) == 1:
        return way(names[0], typed)
    matches = [match for name in names if (match := way(name, typed))]
    return min(
        matches, key=lambda one: (one.tier, one.missing, one.doubtful, one.other_form, one.respelled), default=None
    )
