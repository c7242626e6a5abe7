"""Which names of a list of one's own a typed text finds: those with a word from which on they read as what was typed.

The words of a name are known only once it is folded, so a list that is searched is read and compared here, name by name. That
grows with one's own list and with nothing else; docs/api.md has the figures.
"""

from collections.abc import Callable, Iterable
from itertools import accumulate

from mappings.folding import AND, Folded, fold
from mappings.legal_forms import may_become_legal_form


def sought(text: str) -> Callable[[str], bool] | None:
    """Whether a name, as it is written, is found by the text; None for a blank text, by which nothing is sought.

    Accents and spaces do not matter, and neither does which legal form was typed behind a whole name. A text without letters
    finds nothing. Whoever types a name to its end finds it all the while.
    """
    if not text.strip():
        return None
    typed = fold(text)
    if not typed.words:
        return lambda _name: False
    as_written = [("".join(way), _is_typed_whole(typed, way)) for way in typed.ways]
    without_form = _without_form(typed)
    return lambda name: _is_found(fold(name), as_written, without_form)


def _is_typed_whole(typed: Folded, way: tuple[str, ...]) -> bool:
    """A last word that stands for a conjunction is that word: neither `et` nor `&` begins Andlauer."""
    of_a_sign = way[-1] == AND and not typed.text.rstrip()[-1].isalpha()
    return of_a_sign or way[-1] != typed.spelled[-1]


def _without_form(typed: Folded) -> str:
    """What was typed before a legal form, or before what may be the beginning of one; else ""."""
    begun = not typed.legal[-1] and may_become_legal_form(typed.words[-1])
    return "".join(typed.core[:-1]) if begun else typed.core_joined if typed.legal[-1] else ""


def _is_found(name: Folded, as_written: Iterable[tuple[str, bool]], without_form: str) -> bool:
    for text, whole in as_written:
        for way in name.ways:
            if _reads(way, name.legal, text, whole=whole):
                return True
            if any(name.legal) and _reads(core := name.core_of(way), (False,) * len(core), text, whole=whole):
                return True
    # No more than the name may stand before its legal form: Gamma Gravel Ltd. is not meant by `gamma inc`.
    return bool(without_form) and name.core_joined.endswith(without_form) and _ends_with(name.core, without_form)


def _reads(words: tuple[str, ...], legal: tuple[bool, ...], text: str, *, whole: bool) -> bool:
    """Whether the words read as the text from one of them on, to a word's end where it is typed `whole`. A legal form is
    where nobody begins, unless the name does.
    """
    joined = "".join(words)
    if text not in joined:
        return False
    places = list(accumulate(map(len, words), initial=0))
    return any(
        joined.startswith(text, at) and (not whole or at + len(text) in places)
        for at, form in zip(places, legal, strict=False)
        if not form or at == 0
    )


def _ends_with(words: tuple[str, ...], text: str) -> bool:
    return len("".join(words)) - len(text) in accumulate(map(len, words), initial=0)
