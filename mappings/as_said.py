"""What people make of a name besides writing it out: neighbouring words in one, and its initials.

Worked out for a document when it is rendered, and for a name when a text is matched, from the folded name alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from mappings.data import load
from mappings.folding import AND, Folded, fold

ACRONYM_FROM = 3
# A folding.json that somebody tuned for an earlier release has none.
_SMALL = frozenset(load("folding.json").get("small_words", ()))
_HYPHEN = re.compile(r"(?<=\w)[-‐‑/](?=\w)")
_INITIALS_MOST = 4
_LETTERS_MOST = 2  # on each side of a sign


def acronyms(name: Folded) -> dict[str, tuple[int, ...]]:
    """The first letters of three core words or more, of all and of all but the small ones (SAQ is the Société des alcools
    du Québec), and which words those are. Two letters begin too many names.
    """
    core = [at for at, legal in enumerate(name.legal) if not legal]
    said = [at for at in core if name.words[at] not in _SMALL]
    return {
        "".join(name.words[at][0] for at in these): tuple(these) for these in (core, said) if len(these) >= ACRONYM_FROM
    }


def compounds(name: Folded) -> dict[str, tuple[int, ...]]:
    """Neighbouring words that people write as one, joined, and which words those are: behind an apostrophe or initials
    (d'Antan), initials (J.-P.), those with a hyphen (Multi-Prêts), and letters without the sign between them (H&M).
    """
    # Nine names of ten have none, and each name that does not fit is asked for them.
    initials = _initials(name.words) if 1 in map(len, name.words) else ()
    letters = _around_and(name.words) if AND in name.words else ()
    runs = [*initials, *_hyphened(name), *letters]
    return {"".join(name.words[at] for at in run): run for run in runs if not any(name.legal[at] for at in run)}


def _initials(words: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Each run of single letters, and what ends one with the word behind it."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and len(words[end]) == 1:
            end += 1
        if end - at > 1:
            yield tuple(range(at, end))
        behind_and = at > 0 and words[at - 1] == AND  # those are another pair's: the T of AT&T Canada
        if end < len(words) and words[end] != AND and not behind_and:
            yield from (tuple(range(first, end + 1)) for first in range(max(at, end - _INITIALS_MOST), end))
        at = end + 1


def _hyphened(name: Folded) -> Iterator[tuple[int, ...]]:
    if name.text.isascii() and "-" not in name.text and "/" not in name.text:
        return
    pieces = _HYPHEN.split(name.text)
    if len(pieces) == 1:
        return
    behind = list(accumulate(len(fold.__wrapped__(piece).words) for piece in pieces))
    if behind[-1] == len(name.words):  # else some piece by itself has other words than the whole has
        yield from ((at - 1, at) for at in behind[:-1] if 0 < at < len(name.words))


def _around_and(words: Sequence[str]) -> Iterator[tuple[int, ...]]:
    for at in range(1, len(words) - 1):
        if words[at] == AND and max(len(words[at - 1]), len(words[at + 1])) <= _LETTERS_MOST:
            yield (at - 1, at + 1)
