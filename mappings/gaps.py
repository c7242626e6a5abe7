"""One letter left out, and which: so a wrong or a missing letter is one term to look up, which costs a tenth of an automaton.

A name without its letter number i is what a typed text is that lacks it, and what a text becomes that has another letter
there when that one is left out. Digits are never left out: 9123 and 9124 are two companies.
"""

LETTERS = 10  # of a name, from its first on, that a text may lack or have wrong; typos beyond have a right start
_MARKS = "0123456789"  # one character for the place, before the rest


def gaps(joined: str) -> list[str]:
    """A name's joined text without each of its first letters in turn."""
    if joined[:LETTERS].isalpha():
        return [mark + joined[:at] + joined[at + 1 :] for at, mark in enumerate(_MARKS[: len(joined)])]
    return [
        mark + joined[:at] + joined[at + 1 :]  # as `gap`: the most frequent line of a rebuild
        for at, (mark, letter) in enumerate(zip(_MARKS, joined, strict=False))
        if not letter.isdigit()
    ]


def gap(at: int, rest: str) -> str:
    """`rest` is what a name is, or begins with, without its letter number `at`."""
    return _MARKS[at] + rest
