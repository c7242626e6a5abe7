"""How typed words, or letters with mistakes in them, stand for those of a name."""

from collections.abc import Container, Mapping
from types import MappingProxyType

from rapidfuzz.distance import OSA

from directory.matching.match import spread
from mappings.as_said import Parts
from mappings.folding import Folded
from mappings.reading import WORD_TYPO_FROM

NONE: Mapping[str, Parts] = MappingProxyType({})


def starts_of_words(
    name: Folded, reading: tuple[str, ...], typos: int = 0, compounds: Mapping[str, Parts] = NONE
) -> list[tuple[int, int]]:
    """(word, letters) for each typed word, each starting a word of the name that is no legal form, or one of `compounds`;
    empty if one does not.
    """
    parts: dict[int, int] = {}
    # What a longer word starts, each of its own beginnings starts, too: the longest has the fewest words to choose from.
    # (With typos that holds nearly always.)
    for typed in sorted(reading, key=len, reverse=True):
        for at, (word, spelled, legal) in enumerate(zip(name.words, name.spelled, name.legal, strict=True)):
            if at in parts or legal:
                continue
            if word.startswith(typed) or spelled.startswith(typed):
                parts[at] = len(typed)
                break
            if typos and len(typed) >= WORD_TYPO_FROM and (letters := letters_with_typos(word, typed, typos)):
                parts[at] = letters
                break
        else:
            compound = _of_a_compound(typed, compounds, parts)
            if not compound:
                return []
            parts.update(compound)
    return sorted(parts.items())


def _of_a_compound(typed: str, compounds: Mapping[str, Parts], taken: Container[int]) -> list[tuple[int, int]]:
    for joined, words in compounds.items():
        if joined.startswith(typed) and not any(word in taken for word, _ in words):
            return spread(len(typed), words)
    return []


def letters_with_typos(whole: str, typed: str, most: int) -> int:
    """How many letters of `whole` the typed ones stand for, with at most so many mistakes; 0 if they do not.

    Every digit must be right: 9123 and 9124 are two companies.
    """
    # A letter more or fewer changes a distance by one: most names are told by the first, and never counted again.
    if OSA.distance(typed, whole[: len(typed)], score_cutoff=2 * most) > 2 * most:
        return 0
    digits = [c for c in typed if c.isdigit()]
    fits = [
        (distance, abs(length - len(typed)), length)
        for length in range(len(typed) - most, len(typed) + most + 1)
        if (distance := OSA.distance(typed, whole[:length], score_cutoff=most)) <= most
        and [c for c in whole[:length] if c.isdigit()] == digits
    ]
    return min(fits, default=(0, 0, 0))[2]
