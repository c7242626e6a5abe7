"""Whether somebody who types on can only lose companies: then what was found for fewer letters holds all that more of them find.

Not every letter narrows. `dion et f` is Dion & Fils, and `dion e` is not; `dupont in inc` is Dupont In, of which `dupont in i` is
no beginning; from five letters on a typo is forgiven, and before it is not; initials fit whole or not at all.
"""

from collections.abc import Iterable, Sequence

from mappings.as_said import INITIALS_BEGUN_FROM, acronyms
from mappings.folding import fold
from mappings.legal_forms import is_legal_form
from mappings.reading import Typed


def narrows(typed: Typed, earlier: Typed) -> bool:
    """Whether each name that fits `typed` as it stands, or with one typo in all of it, fits `earlier` so, too, or has initials
    that begin so.
    """
    if typed.blank or earlier.blank or earlier.short or typed.whole or earlier.whole:
        return False
    return (
        typed.joined[0] != earlier.joined[0]
        and bool(earlier.typo or not typed.typo)
        and (not typed.acronym or len(earlier.acronym) >= INITIALS_BEGUN_FROM)
        # No name has its legal form among its words: as one of several it is found by the others.
        and (len(earlier.words) > 1 or not is_legal_form(typed.words[0]))
        and all(any(map(one.startswith, earlier.joined)) for one in (typed.exact, *typed.joined))
        # Where typos are looked for, it is in the first way to read it alone.
        and (not typed.typo or all(one.startswith(earlier.joined[0]) for one in typed.joined))
        and all(any(map(one.startswith, earlier.starts)) for one in typed.starts)
        and all(any(_goes_on(one, other) for other in earlier.readings) for one in typed.readings)
    )


def narrows_by_words(typed: Typed, earlier: Typed) -> bool:
    """Whether each name that has the words of `typed`, some of them with a typo, has those of `earlier` so, too."""
    if typed.blank or earlier.blank or typed.joined[0] == earlier.joined[0]:
        return False
    words, fewer = typed.with_typos, earlier.with_typos
    return len(words) >= len(fewer) and all(
        (one == other or (at == len(fewer) - 1 and one.startswith(other))) and forgave >= forgiven
        for at, ((one, forgiven), (other, forgave)) in enumerate(zip(words, fewer, strict=False))
    )


def initials_go_on(names: Iterable[str], typed: Typed) -> bool:
    """Whether what was typed begins the initials of one of a company's names: they fit once all of them are typed."""
    return any(initials.startswith(typed.acronym) for name in names for initials in acronyms(fold(name)))


def _goes_on(words: Sequence[str], earlier: Sequence[str]) -> bool:
    at = len(earlier) - 1
    return len(words) > at and tuple(words[:at]) == tuple(earlier[:at]) and words[at].startswith(earlier[at])
