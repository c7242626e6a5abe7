"""Which words of a name are its legal form. Legal forms are optional words: never needed for a match, never enough."""

from collections.abc import Sequence

from mappings.data import load

_FORMS = load("legal_forms.json")


def _sequences(forms: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(form.split()) for form in forms)


_ANYWHERE = _sequences(_FORMS["anywhere"])
_AT_END = _sequences(_FORMS["end"]) | _ANYWHERE
_AT_START = _sequences(_FORMS["start"]) | _ANYWHERE
# In scripts that put no spaces: a form stands right before or behind the name (株式会社トヨタ).
UNSPACED = sorted(
    (form for form in _FORMS["anywhere"] if all("\u3400" <= c <= "\u9fff" for c in form)), key=len, reverse=True
)
# Most words begin or end no legal form: one look is enough for them.
_FIRST_ANYWHERE = frozenset(form[0] for form in _ANYWHERE)
_FIRST_AT_START = frozenset(form[0] for form in _AT_START)
_LAST_AT_END = frozenset(form[-1] for form in _AT_END)
_LONGEST = max((len(form) for form in _AT_END | _AT_START), default=0)  # whoever tunes may do without any
_BEGINNINGS = frozenset(form[0][:n] for form in _AT_END for n in range(1, len(form[0]) + 1))


def legal_mask(words: Sequence[str]) -> tuple[bool, ...]:
    """For each folded word, whether it belongs to a legal form. Where that would be every word, none does.

    Forms that are nothing else (inc, ltee, gmbh) count wherever they stand; those that are also ordinary words or
    initials (co, as, sa) count only at the end of a name, and a few at its start.
    """
    words = tuple(words)
    mask = [False] * len(words)
    at = len(words) if _FIRST_ANYWHERE.isdisjoint(words) else 0
    while at < len(words):
        length = _longest(words, at, _ANYWHERE) if words[at] in _FIRST_ANYWHERE else 0
        mask[at : at + length] = [True] * length
        at += length or 1
    end = len(words)
    while end and words[end - 1] in _LAST_AT_END and (length := _longest_before(words, end)):
        mask[end - length : end] = [True] * length
        end -= length
    start = 0
    while start < end and words[start] in _FIRST_AT_START and (length := _longest(words, start, _AT_START)):
        mask[start : start + length] = [True] * length
        start += length
    return tuple(mask) if not all(mask) else (False,) * len(words)


def _longest(words: tuple[str, ...], at: int, forms: frozenset[tuple[str, ...]]) -> int:
    for n in range(min(_LONGEST, len(words) - at), 0, -1):
        if words[at : at + n] in forms:
            return n
    return 0


def _longest_before(words: tuple[str, ...], end: int) -> int:
    for n in range(min(_LONGEST, end), 0, -1):
        if words[end - n : end] in _AT_END:
            return n
    return 0


def is_legal_form(word: str) -> bool:
    """Whether a word is a legal form by itself."""
    return (word,) in _AT_END


def ends_in_nothing_but_legal_form(words: Sequence[str]) -> bool:
    """Whether the last word, or the last words together, are one that is no ordinary word or initials besides: `inc`, and not
    `co`; `limited liability company`, and not `company`.
    """
    return any(tuple(words[-n:]) in _ANYWHERE for n in range(1, min(_LONGEST, len(words)) + 1))


def may_become_legal_form(word: str) -> bool:
    """Whether a word that is still being typed may be the beginning of a legal form (`li` of limited)."""
    return word in _BEGINNINGS
