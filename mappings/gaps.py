"""One letter left out: so that one typo is a handful of terms to look up, which costs a tenth of an automaton.

A name's start with a letter left out equals what was typed where that letter is missing; equals it with a letter left out
as well where one is wrong or two are swapped; and the start as it is equals what was typed with a letter left out where one
is too many. So for every kind of typo the same few terms are asked: the text, and the text without each of its letters. They
find names two typos away, too, now and then: whether a name fits is found by the name itself. Digits are never left out:
9123 and 9124 are two companies.
"""

from mappings.data import load

_LONGEST: int = load("index.json")["gaps"]["max"]
LETTERS = 10  # of a name, from its first on, that may be left out; a typo further on has a right start


def gaps(joined: str) -> list[str]:
    """A name's joined text as it is, and without each of its first letters in turn; no longer than it is indexed."""
    return [joined[:_LONGEST], *_without(joined[: _LONGEST + 1], 0, LETTERS)]


def asked(text: str, right: int = 1) -> list[str]:
    """What a typed text is looked up as for one typo that is not in its first `right` letters."""
    return [text, *_without(text, right, LETTERS + 1)]


def asked_without_first(text: str) -> str:
    """The same for a first letter that is wrong or too many, or swapped with the second; "" where it must be right."""
    return "" if text[0].isdigit() else text[1:]


def _without(text: str, first: int, end: int) -> list[str]:
    if text[first:end].isalpha():  # no digit among them: the most frequent line of a rebuild
        return [text[:at] + text[at + 1 :] for at in range(first, min(end, len(text)))]
    return [text[:at] + text[at + 1 :] for at in range(first, min(end, len(text))) if not text[at].isdigit()]
