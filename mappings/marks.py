"""Terms of the index that stand for a property of a name, so that asking for it is one lookup of one term.

They begin with a control character, which no folded text holds, so nothing that anybody types can be one of them.
"""

POPULAR = "\x1cpopular"  # somebody is connected to it
POPULAR_CLASSES = 6  # of steps of popularity, two and two
MOST_LEFT = 2
WHOLE = " "  # after a word, in the field `words`: the word ends here


def popular(step: int) -> str:
    """Of the same class of popularity: 1 to POPULAR_CLASSES, for steps from 1 on."""
    return f"{POPULAR}{popular_class(step)}"


def popular_class(step: int) -> int:
    return min((step + 1) // 2, POPULAR_CLASSES)


def acronym(letters: str) -> str:
    """The first letters of a name's words are these."""
    return f"\x1d{letters}"


def left(typed: str, words: int) -> str:
    """A name begins with these whole words and has so many (core) words after them; up to MOST_LEFT."""
    return f"\x1e{words}{typed}"


def beside(word: str, words: int) -> str:
    """This is a whole word of a name with so many other (core) words; up to MOST_LEFT."""
    return f"\x1f{words}{word}"
