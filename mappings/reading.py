"""How a typed text is read: what it may mean while its last word is still growing.

Names are folded by `mappings.folding`; so is what is typed, with one difference. The last word may be the beginning of
a longer one, so it is kept even where it looks like a legal form or a conjunction, beside the reading in which it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress
from operator import not_

from mappings.addresses import name_in
from mappings.as_said import ACRONYM_FROM
from mappings.common_words import is_common
from mappings.data import load
from mappings.folding import AND, WORD_END, fold
from mappings.legal_forms import (
    UNSPACED,
    ends_in_nothing_but_legal_form,
    is_legal_form,
    legal_mask,
    may_become_legal_form,
)

_LIMITS = load("query.json")
ARTICLES = frozenset(_LIMITS.get("articles", ()))  # a query.json that was tuned for an earlier release has none
_MOST_COMPARED = 256  # characters
_MOST_BEGINNINGS = 8
LEAST_BEGUN = 5  # letters
_SHORT = 3
STARTS_A_WORD = 4  # letters: shorter words must be whole
WORD_TYPO_FROM: int = _LIMITS["word_typo_from_letters"]
_WORD_TYPOS = 3  # words


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed text, ready to be asked of an engine or compared with a folded name.

    exact     the core words joined, also beyond what is matched: equal to a name's `core_joined` when the whole name was typed
    starts    the words with single spaces: a start of a name's `spaced`; more than one where the last word has readings
    joined    the same without spaces
    readings  lists of words, best first; in each, every word must start a word of the name
    left_out  for each of the readings, the last word if it goes without it and that may have been meant, else ""
    typo      the joined text if it is long enough for one typo to be forgiven, else ""
    two_typos whether it is long enough for two
    acronym   the joined text if it may be the first letters of a name's words, else ""
    words     the words, conjunctions unified
    spelled   the words before that, joined, without legal forms
    telling   those that few names have, without legal forms
    whole     all that was typed, joined, where more was typed than is matched, else ""
    no_article the words behind an article that a name need not have, without legal forms; none where there is none
    uncommon  the telling words behind one that many names have; none where the first word tells
    needed    letters that each name must have in a row that fits as it is typed, initials aside; "" where there are none
    """

    exact: str
    starts: tuple[str, ...]
    joined: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]
    typo: str
    two_typos: bool
    acronym: str
    words: tuple[str, ...] = ()
    spelled: str = ""
    telling: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    whole: str = ""
    no_article: tuple[str, ...] = ()
    uncommon: tuple[str, ...] = ()
    needed: str = ""

    @property
    def blank(self) -> bool:
        return not self.readings

    @property
    def short(self) -> bool:
        """So few letters fit tens of thousands of companies, so engines ask nearest first and look at no more than they must."""
        return len(self.joined[0]) <= _SHORT

    @property
    def beginnings(self) -> tuple[str, ...]:
        """What a name may begin with that has only a part of what was typed, the longest first.

        Whole words, marked by a space at their end, as long as they say more than that it is a company; and half of the
        letters or more.
        """
        text = self.joined[0]
        least = 2 if not text.isascii() else max(LEAST_BEGUN, (len(text) + 1) // 2)
        letters = [text[:n] for n in range(len(text) - 1, least - 1, -1)]
        words = [" ".join(self.words[:n]) + " " for n in range(1, len(self.words)) if self.tells(self.words[:n])]
        longest_first = sorted([*letters[:: max(1, len(letters) // _MOST_BEGINNINGS)], *words], key=len, reverse=True)
        return tuple(longest_first)

    @property
    def telling_starts(self) -> tuple[str, ...]:
        """The telling words, those with a space at their end that are too short to be a part of a word."""
        return tuple(word if len(word) >= STARTS_A_WORD else f"{word}{WORD_END}" for word in self.telling)

    def tells(self, words: tuple[str, ...]) -> bool:
        """Whether any of these typed words is one that few names have."""
        return any(word in self.telling for word in words)

    @property
    def rests(self) -> tuple[str, ...]:
        """Starts without their first words: two words or more, which may begin the name that is meant."""
        words = [start.split(" ") for start in self.starts]
        return _distinct(
            " ".join(rest)
            for one in words
            for first in range(1, len(one) - 1)
            if self.tells(rest := tuple(one[first:]))
        )

    @property
    def with_typos(self) -> tuple[tuple[str, bool], ...]:
        """The words, each once, and whether an index is to forgive a typo in it: that costs much, so in the longest alone."""
        # No name has its legal form among its words, so what was typed of one is left out as soon as it is one.
        words = _distinct(self.readings[0] if self.left_out[-1] else self.readings[-1])
        long = sorted((word for word in words if len(word) >= WORD_TYPO_FROM), key=len, reverse=True)[:_WORD_TYPOS]
        return tuple((word, word in long) for word in words)

    @property
    def many_words(self) -> bool:
        return " " in self.starts[0]


NOTHING = Typed("", (), (), (), "", False, "")


def read(text: str) -> Typed:
    """Read what somebody typed; beyond 64 characters or 8 words the rest only tells apart those that fit. Never fails."""
    text = name_in(text) or text
    folded = fold(text[: _LIMITS["longest_text"]])
    words, spelled = folded.words[: _LIMITS["most_words"]], folded.spelled[: _LIMITS["most_words"]]
    if not words:
        return NOTHING
    cut = len(text) > _LIMITS["longest_text"] or len(folded.words) > _LIMITS["most_words"]
    lasts = _distinct((spelled[-1], words[-1]))
    joined = _distinct("".join((*words[:-1], last)) for last in lasts)
    letters = sum(c.isalpha() for c in joined[0])
    readings = tuple(_readings(words, lasts, may_be_legal=not folded.ends_behind_apostrophe))
    whole = fold(text[:_MOST_COMPARED]) if cut else None
    core = _distinct(_without_legal_forms(words))
    telling = tuple(word for word in core if not is_common(word))
    return Typed(
        exact=whole.core_joined if whole else "".join(_without_legal_forms(words)),
        starts=_distinct(" ".join((*words[:-1], last)) for last in (*lasts, *_with_form_begun(words[-1]))),
        joined=joined,
        readings=readings,
        left_out=tuple(_left_out(words, lasts, reading) for reading in readings),
        typo=joined[0] if letters >= _LIMITS["typo_from_letters"] else "",
        two_typos=letters >= _LIMITS["two_typos_from_letters"],
        acronym=joined[0] if _may_be_acronym(words, letters) else "",
        words=words,
        spelled="".join(compress(spelled, map(not_, legal_mask(words)))),
        telling=telling,
        whole=whole.joined if whole else "",
        no_article=_without_article(words),
        needed=max((word for word in readings[0] if all(word in one for one in readings)), key=len, default=""),
        uncommon=telling if core and core[0] not in telling and sum(map(len, telling)) > _SHORT else (),
    )


def _may_be_acronym(words: tuple[str, ...], letters: int) -> bool:
    """Letters alone, and no legal form: `ltd` does not mean La Terra Development."""
    return len(words) == 1 and ACRONYM_FROM <= letters == len(words[0]) and not is_legal_form(words[0])


def _readings(words: tuple[str, ...], lasts: tuple[str, ...], *, may_be_legal: bool) -> Iterable[tuple[str, ...]]:
    before, whole = _without_legal_forms(words[:-1]), _without_legal_forms(words)
    found = [(*before, last) for last in lasts]
    if may_be_legal and may_become_legal_form(words[-1]) and _tells(before):
        found.append(before)
    if may_be_legal and _tells(whole):
        found.append(whole)
    return dict.fromkeys(found)


def _with_form_begun(word: str) -> Iterable[str]:
    """Where no spaces are put, the end of the last word may begin a legal form, which is a word by itself in a name."""
    if word.isascii():
        return
    for form in UNSPACED:
        for letters in range(1, min(len(form), len(word))):
            if word.endswith(form[:letters]):
                yield f"{word[:-letters]} {form[:letters]}"


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    rest = _without_legal_forms(words)[1:] if words[0] in ARTICLES else ()
    return rest if _tells(rest) and sum(map(len, rest)) > _SHORT else ()


def _left_out(words: tuple[str, ...], lasts: tuple[str, ...], reading: tuple[str, ...]) -> str:
    """A last word that may be no legal form."""
    return "" if reading[-1] in lasts or ends_in_nothing_but_legal_form(words) else words[-1]


def _tells(words: tuple[str, ...]) -> bool:
    """Whether it is worth leaving out a legal form: `f&spa` must not mean every company with an f and an "and"."""
    return len(words) > 2 or any(len(word) > 1 and word != AND for word in words)


def _without_legal_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(compress(words, map(not_, legal_mask(words))))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
