"""What both engines look up for a text that is long, or has something wrong in it: terms, and no engine's own words for
asking for them.

Terms cost a tenth of an automaton; what they find too much, the names tell (directory.matching).
"""

from collections.abc import Sequence
from itertools import permutations

from mappings import gaps
from mappings.as_said import BEGUN, COMPOUND, INITIALS_BEGUN_FROM
from mappings.data import load
from mappings.folding import fold
from mappings.reading import LEAST_BEGUN, Typed

_GRAMS: dict[str, dict[str, int]] = load("index.json")
_ALIKE_MOST = 24  # letters
_ALIKE_LESS = (1, 5)  # letters: names that begin alike so far are asked for in so few steps
_FUZZY_LETTERS = 8  # of a word: what an automaton costs grows with its letters


def is_cut(field: str, typed: Typed) -> bool:
    """Whether the field holds no start as long as what was typed: names that are alike so far may be any number
    ("Condominium Corporation No. …"), and only some of them fit.
    """
    return any(len(text) > _GRAMS[field]["max"] for text in typed.starts)


def joined_is_surer(typed: Typed) -> bool:
    """Whether one word of a name may start with two of the typed ones (`d & da`, `a and b`). An index takes every name with
    that one word to fit, and those would leave no room for the few that begin with all of the letters.
    """
    words = typed.readings[0]
    return len(typed.joined[0]) >= LEAST_BEGUN and any(one.startswith(other) for one, other in permutations(words, 2))


def written_as_one(reading: Sequence[str]) -> list[str]:
    """Terms of `words` that names have of which some words are written as one: each word of a reading is one, or some are."""
    return [f"{COMPOUND}{word}"[: _GRAMS["words"]["max"]] for word in dict.fromkeys(reading)]


def initials_begun(typed: Typed) -> str:
    """A term of `acronyms`, "" where there is none: names whose initials go on so. None of them fits yet, so they stand beneath
    all that does; but where all that fits is known, so are they, and the next letter need not be asked for.
    """
    return f"{BEGUN}{typed.acronym}" if len(typed.acronym) >= INITIALS_BEGUN_FROM else ""


def one_typo(text: str) -> list[str]:
    """Terms of `gaps`: one letter wrong, missing, too many or swapped, the first one being right."""
    return _indexed(gaps.asked(text))


def later_typo(text: str) -> list[tuple[str, list[str]]]:
    """For a typo in the last quarter, and in the last half: a start of `joined`, and terms of `gaps` that must fit with it.
    None where those are further on than `gaps` go: see `alike`.
    """
    starts = [text[:letters] for letters in (len(text) * 3 // 4, len(text) // 2) if letters <= gaps.LETTERS]
    return [(start, terms) for start in starts if (terms := _indexed(gaps.asked(text, len(start))))]


def wrong_first_letter(text: str) -> list[str]:
    """Terms of `gaps`."""
    return _indexed([gaps.asked_without_first(text)])


def alike(text: str) -> list[str]:
    """Terms of `joined`, the longest first: among names that begin alike is the one that is meant where the typo is further
    on than `gaps` go.
    """
    longest = min(len(text), _ALIKE_MOST)
    rungs = [letters for fewer in _ALIKE_LESS if (letters := longest - fewer) > gaps.LETTERS] + [gaps.LETTERS]
    return [text[:letters] for letters in rungs if letters < len(text)]


def two_typos(typed: Typed) -> list[list[str]]:
    """Terms of `gaps`, twice: the later typo is in the last quarter, or in the last half, and left out."""
    text = typed.typo
    parts = (len(text) * 3 // 4, len(text) // 2) if typed.two_typos else ()
    return [found for letters in parts if (found := one_typo(text[:letters]))]


def whole_names(typed: Typed) -> list[str]:
    """Terms of `exact`: what a name may be that was typed whole, with something behind it (its city, a number)."""
    return _joined_names([typed.words[:n] for n in range(len(typed.words) - 1, 0, -1)])


def names_behind(typed: Typed) -> list[str]:
    """Terms of `exact`, 22 at most: what a name may be that was typed whole behind other words (a trade, a brand), the longer
    ones first. One word alone, and several where no word tells, only where they are the last: in the middle of what somebody
    types it is hardly the name.
    """
    most = len(typed.words)
    runs = [(typed.words[at:end], end == most) for at in range(1, most) for end in range(most, at, -1)]
    tells = [run for run, last in runs if (last or len(run) > 1) and typed.tells(run)]
    meant = tells if typed.telling else [run for run, last in runs if last and len(run) > 1]
    return _joined_names(sorted(meant, key=len, reverse=True))


def starts_behind(typed: Typed) -> list[str]:
    """Terms of `starts`: what a name may begin with, of which all was typed but behind other words."""
    return [rest[: _GRAMS["starts"]["max"]] for rest in typed.rests]


def word_typos(typed: Typed) -> list[tuple[str, bool]]:
    """Starts of `words`, and whether one typo is to be forgiven in it, for which there is no way around an automaton. None where
    every word is too short for one.
    """
    words = typed.with_typos
    if not any(forgiven for _, forgiven in words):
        return []  # as they are, they were asked for already
    return [(word[: _FUZZY_LETTERS if forgiven else _GRAMS["words"]["max"]], forgiven) for word, forgiven in words]


def _joined_names(runs: list[tuple[str, ...]]) -> list[str]:
    folded = [fold(" ".join(run)) for run in runs]
    return list(dict.fromkeys(joined for one in folded for joined in (one.joined, one.core_joined)))


def _indexed(texts: list[str]) -> list[str]:
    """As long as the index holds them; without those that are too short."""
    lengths = _GRAMS["gaps"]
    return list(dict.fromkeys(text[: lengths["max"]] for text in texts if len(text) >= lengths["min"]))
