"""What people make of a name besides writing it out: neighbouring words in one, and its initials.

Worked out for a document when it is rendered, and for a name when a text is matched, from the folded name alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from mappings.data import load
from mappings.folding import AND, Folded, fold

ACRONYM_FROM = 3
INITIALS_BEGUN_FROM = 5  # letters: from here on, who begins like the initials is told from who does not
# Before a compound in an index of words: it fits in a lower tier than a word that begins so. No folded text has it.
COMPOUND = "+"
BEGUN = "+"  # before initials that go on, in an index of initials
# A folding.json that somebody tuned for an earlier release has none.
_SMALL = frozenset(load("folding.json").get("small_words", ()))
_LONGEST = 4  # words
_LETTERS_MOST = 2  # on each side of a sign
_CLUSTER = re.compile(r'[^\s,;:()"«»]+')  # what stands together

Parts = tuple[tuple[int, int], ...]  # (word, its letters)


def acronyms(name: Folded) -> dict[str, tuple[int, ...]]:
    """The first letters of three core words or more, of all and of all but the small ones (SAQ is the Société des alcools
    du Québec), and which words those are. Two letters begin too many names, and what has a digit is no initials.
    """
    core = [at for at, legal in enumerate(name.legal) if not legal]
    said = [at for at in core if name.words[at] not in _SMALL]
    return {
        letters: tuple(these)
        for these in (core, said)
        if len(these) >= ACRONYM_FROM and (letters := "".join(name.words[at][0] for at in these)).isalpha()
    }


def begun(initials: str) -> Iterator[str]:
    """Terms for names whose initials go on so. They fit once all is typed; but who looks for a name with these letters can
    tell that there is one.
    """
    return (f"{BEGUN}{initials[:letters]}" for letters in range(INITIALS_BEGUN_FROM, len(initials)))


@lru_cache(maxsize=8_192)  # as folded names are: who types on is shown the same ones
def compounds(name: Folded) -> Mapping[str, Parts]:
    """Neighbouring words that people write as one, joined, and what of the name each is: behind an apostrophe, with a hyphen
    (Val-d'Or, Multi-Prêts), initials and what stands behind them (J.-P. Roy), letters without the sign between them (H&M).
    """
    # Nine names of ten have none, and each name that does not fit is asked for them.
    initials = _initials(name.words, name.legal) if 1 in map(len, name.words) else ()
    letters = _around_and(name.words) if AND in name.words else ()
    runs = [run for run in (*initials, *_clusters(name), *letters) if not any(name.legal[at] for at in run)]
    return {
        "".join(way[at] for at in run): tuple((at, len(way[at])) for at in run) for way in name.ways for run in runs
    }


def _initials(words: Sequence[str], legal: Sequence[bool]) -> Iterator[tuple[int, ...]]:
    """Each run of single letters, and what ends one with the word behind it. A legal form ends a run: R. M. S.E.N.C."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and len(words[end]) == 1 and not legal[end]:
            end += 1
        if end - at > 1:
            yield tuple(range(at, end))
        # Those behind a sign are of another pair: the T of AT&T Canada.
        paired = at > 1 and words[at - 1] == AND and len(words[at - 2]) <= _LETTERS_MOST
        if end < len(words) and words[end] != AND and not paired:
            yield from (tuple(range(first, end + 1)) for first in range(max(at, end - _LONGEST + 1), end))
        at = end + 1


def _clusters(name: Folded) -> Iterator[tuple[int, ...]]:
    text = name.text
    if text.isascii() and "-" not in text and "'" not in text and "/" not in text:
        return
    runs, at = [], 0
    for cluster in _CLUSTER.findall(text):
        words = fold.__wrapped__(cluster).words
        if len(words) > 1 and AND not in words:
            runs.append(tuple(range(at, at + min(len(words), _LONGEST))))
        at += len(words)
    if at == len(name.words):  # else some cluster by itself has other words than the whole has
        yield from runs


def _around_and(words: Sequence[str]) -> Iterator[tuple[int, ...]]:
    for at in range(1, len(words) - 1):
        if words[at] == AND and max(len(words[at - 1]), len(words[at + 1])) <= _LETTERS_MOST:
            yield (at - 1, at + 1)
