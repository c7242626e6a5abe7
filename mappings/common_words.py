"""Words that many names have, so that sharing one says little: `group`, `services`, `construction`."""

from mappings.data import load

_COMMON = frozenset(load("common_words.json")["common"])


def is_common(word: str) -> bool:
    """`word` as it is folded."""
    return word in _COMMON or f"{word}s" in _COMMON
