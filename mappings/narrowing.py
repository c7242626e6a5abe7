"""Whether somebody who types on can only lose companies: then what was found for fewer letters holds all that more of them find.

Not every letter narrows. `dupont inc` leaves out a word that `dupont incendies` means; `smith and` is Smith & Wesson, and
`smith an` is not; from five letters on a typo is forgiven, and before it is not; initials fit whole or not at all.
"""

from collections.abc import Callable, Sequence

from mappings.as_said import INITIALS_BEGUN_FROM
from mappings.reading import WORD_TYPO_FROM, Typed

_WORDS = 3  # in so many an index looks for a typo: which ones, in a longer text, changes with its letters


def narrows(typed: Typed, earlier: Typed) -> bool:
    """Whether each name that fits `typed` as it stands, or with one typo in all of it, fits `earlier` so, too, or has initials
    that begin so.
    """
    if typed.blank or earlier.blank or typed.whole or earlier.whole:
        return False
    return (
        typed.joined[0] != earlier.joined[0]
        and bool(earlier.typo or not typed.typo)
        and (not typed.acronym or len(earlier.acronym) >= INITIALS_BEGUN_FROM)
        and earlier.exact in earlier.joined  # with a legal form left out, a whole name may be another one
        and all(any(map(one.startswith, earlier.joined)) for one in typed.joined)
        and all(any(map(one.startswith, earlier.starts)) for one in typed.starts)
        and _read_alike(typed, earlier, _goes_on)
    )


def narrows_by_words(typed: Typed, earlier: Typed) -> bool:
    """Whether each name that fits `typed` with a typo in each word fits `earlier` so, too."""
    return not earlier.blank and 0 < len(typed.words) <= _WORDS and _read_alike(typed, earlier, _goes_on_with_typos)


def _read_alike(typed: Typed, earlier: Typed, goes_on: Callable[[Sequence[str], Sequence[str]], bool]) -> bool:
    return all(any(goes_on(one, other) for other in earlier.readings) for one in typed.readings)


def _goes_on(words: Sequence[str], earlier: Sequence[str]) -> bool:
    at = len(earlier) - 1
    return len(words) > at and tuple(words[:at]) == tuple(earlier[:at]) and words[at].startswith(earlier[at])


def _goes_on_with_typos(words: Sequence[str], earlier: Sequence[str]) -> bool:
    """In a shorter word no typo is forgiven, and in a longer one it is."""
    at = len(earlier) - 1
    return _goes_on(words, earlier) and (len(earlier[at]) >= WORD_TYPO_FROM or words[at] == earlier[at])
