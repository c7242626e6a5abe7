"""The one folding function: what a name and a typed text are reduced to before they are compared.

Invariant: a name is folded here and nowhere else, when its document is rendered, when a text is looked up and when a
match is explained, so index time, query time and both engines cannot disagree. Every character folds by itself, which
is what lets a match be shown in the name as it was written. No text in all of Unicode makes folding fail.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress
from operator import not_
from typing import NamedTuple

from mappings.data import load
from mappings.legal_forms import UNSPACED, legal_mask

_RULES = load("folding.json")
_LETTERS: dict[str, str] = _RULES["letters"]
_CONJUNCTIONS: dict[str, str] = _RULES["conjunctions"]
AND = _LETTERS.get("&", "").strip()  # as it stands in `words`; a folding.json that somebody tuned may do without
# What is another word only behind others, or before a hyphen: Ste-Foy is Sainte-Foy, and Ste Foy may be the Société Foy.
_INNER: dict[str, str] = _RULES.get("inner_words", {})
_HYPHEN_AFTER_FIRST = re.compile(r"\W*\w+[-‐‑]\w")
_DROPPED = [(int(low, 16), int(high, 16)) for low, high in _RULES["dropped_marks"]]

# A word, in text that holds only letters, digits, "'", "." and " ": single letters with dots between them are one word
# (s.e.n.c. is senc), and so is a word with its possessive (reid's is reids). Other apostrophes part words (l'oréal).
_WORD = re.compile(r"(?<![^ '.])[^ '.](?:\.[^ '.](?![^ '.]))+|[^ '.]+(?:'s(?![^ '.]))?")


_UNSPACED = re.compile("|".join(map(re.escape, UNSPACED)) or "(?!)")
# As _WORD, and each such form a word by itself.
_LETTER = rf"(?!{_UNSPACED.pattern})[^ '.]"
_WORD_AROUND = re.compile(
    rf"{_UNSPACED.pattern}|(?<![^ '.]){_LETTER}(?:\.{_LETTER}(?![^ '.]))+|(?:{_LETTER})+(?:'s(?![^ '.]))?"
)

WORD_END = " "  # after a word that must be whole: in an index of starts of words, and in what is looked up there


class _Characters(dict[int, str]):
    """What each character folds to; filled as characters are met."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = folded = "".join(_fold_character(chr(codepoint)))
        return folded


def _fold_character(character: str, depth: int = 0) -> Iterator[str]:
    if character in _LETTERS:
        yield _LETTERS[character]
    elif character in _RULES["apostrophes"]:
        yield "'"
    elif character in _RULES["dots"]:
        yield "."
    else:
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
        if parts != character and depth < 3:
            for part in parts:
                yield from _fold_character(part, depth + 1)
        else:
            category = unicodedata.category(character)
            if category[0] in "LN" or (category[0] == "M" and not _is_dropped(character)):
                yield character
            elif category not in ("Cf", "Mn", "Me"):  # a mark or an invisible character parts no words; all else does
                yield " "


def _is_dropped(mark: str) -> bool:
    # Marks of the Latin, Greek, Cyrillic, Hebrew, Arabic and Japanese scripts are left out when people type in a hurry;
    # the vowel signs of the Indic scripts are letters in all but name.
    return any(low <= ord(mark) <= high for low, high in _DROPPED)


_CHARACTERS = _Characters()


class Folded(NamedTuple):
    """A folded name.

    words    with conjunctions unified (et, und and & are all "and")
    spelled  the same words before that
    core     words without legal forms; all of them, if none would be left
    """

    text: str
    words: tuple[str, ...]
    spelled: tuple[str, ...]
    legal: tuple[bool, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each word stands in the folded characters."""
        return _spans(self.text.translate(_CHARACTERS))

    @property
    def core(self) -> tuple[str, ...]:
        return self.core_of(self.words)

    def core_of(self, way: tuple[str, ...]) -> tuple[str, ...]:
        """One of `ways` without legal forms."""
        return tuple(compress(way, map(not_, self.legal)))

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """The words, and as they are spelled where that differs: "freresetsoeurs" has no word by which to see that et is a
        conjunction, so both count.
        """
        return (self.words,) if self.words == self.spelled else (self.words, self.spelled)

    @property
    def spaced(self) -> str:
        return " ".join(self.words)

    @property
    def joined(self) -> str:
        return "".join(self.words)

    @property
    def joined_ways(self) -> list[tuple[str, tuple[str, ...], bool]]:
        """Each way to write all of it as one word, its words, and whether legal forms are among them: one that stands before
        other words (SARL Transport Canots) may be typed or not.
        """
        found = [("".join(way), way, True) for way in self.ways]
        if any(self.legal[: self.core_end]):
            found += [("".join(self.core_of(way)), way, False) for way in self.ways]
        return found

    @property
    def core_joined(self) -> str:
        return "".join(self.core)

    @property
    def core_end(self) -> int:
        """How many words there are before the legal form at the end."""
        end = len(self.words)
        while end and self.legal[end - 1]:
            end -= 1
        return end

    @property
    def ends_behind_apostrophe(self) -> bool:
        """Whether the last word stands right behind an apostrophe (l'as), where nobody writes a legal form."""
        folded = self.text.translate(_CHARACTERS)
        return bool(self.words) and "'" in folded and folded[: self.spans[-1][0]].endswith("'")

    def places(self, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Where the first letters of words stand in `text`, for (word, letters) of each: half-open ranges of code points."""
        folded = self.text.translate(_CHARACTERS)
        spans = _spans(folded)
        # Nearly every name: as many characters as before, so that a place in one is a place in the other (not with an &).
        one_to_one = self.text.isascii() and len(folded) == len(self.text)
        # A conjunction, which is spelled otherwise than it is matched, is matched whole or not at all.
        return [
            (low, min(high, low + max(letters, 1)))
            if one_to_one and self.words[word] == self.spelled[word] and folded[low:high].isalnum()
            else self._place(folded, low, high, letters if self.words[word] == self.spelled[word] else high - low)
            for word, letters in parts
            for low, high in [spans[word]]
        ]

    def _place(self, folded: str, low: int, high: int, letters: int) -> tuple[int, int]:
        sources = [at for at, character in enumerate(self.text) for _ in _CHARACTERS[ord(character)]]
        within = [at for at in range(low, high) if folded[at] not in "'."][: max(letters, 1)]
        start, end = sources[within[0]], sources[within[-1]] + 1
        while end < len(self.text) and unicodedata.combining(self.text[end]):
            end += 1
        return start, end


def _spans(folded: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _pattern(folded).finditer(folded))


def _pattern(folded: str) -> re.Pattern[str]:
    return _WORD if folded.isascii() or not _UNSPACED.search(folded) else _WORD_AROUND


def _words(folded: str) -> list[str]:
    pattern = _pattern(folded)
    if "'" in folded or "." in folded or pattern is not _WORD:
        # To replace twice is four times as fast as to translate.
        return [word.replace("'", "").replace(".", "") for word in pattern.findall(folded)]
    return folded.split()  # three names of four: the same words, in 1.0 µs and not 5.4


@lru_cache(maxsize=8_192)
def fold(text: str) -> Folded:
    """Fold a name or a typed text, of any length and in any script. Never fails; a text without letters has no words."""
    words = _words(text.translate(_CHARACTERS))
    spelled = tuple(words)
    unified = spelled if _CONJUNCTIONS.keys().isdisjoint(words) else tuple(_CONJUNCTIONS.get(w, w) for w in words)
    legal = legal_mask(unified)
    if not _INNER.keys().isdisjoint(words):
        hyphened = bool(_HYPHEN_AFTER_FIRST.match(text))
        kept = [is_legal if at else not hyphened for at, is_legal in enumerate(legal)]
        unified = tuple(word if keep else _INNER.get(word, word) for word, keep in zip(unified, kept, strict=True))
        legal = legal_mask(unified)
    return Folded(text, unified, spelled, legal)
