"""Whether two names of a company are in two languages: told by words and letters that only one of them has.

Rough on purpose: it sorts sessions under tags, and decides nothing that anybody sees.
"""

import unicodedata

from mappings.folding import fold

_FRENCH = frozenset({
    "de", "du", "des", "la", "le", "les", "aux", "sur", "pour", "societe", "compagnie", "entreprises", "groupe",
    "gestion", "quebec", "institut", "conseil", "agence", "banque", "commission", "regie", "ville", "universite", "ecole",
    "federation", "conseillers", "consultants", "industries", "produits", "agriculture",
})  # fmt: skip
_ENGLISH = frozenset({
    "of", "the", "for", "company", "group", "management", "foundation", "centre", "center", "institute", "council",
    "agency", "bank", "city", "university", "college", "school", "federation", "enterprises", "holdings", "consultants",
    "industries", "products", "agriculture",
})  # fmt: skip


def in_two_languages(one: str, other: str) -> bool:
    """One is in French and the other in English, or they are in two scripts."""
    if {_language(one), _language(other)} == {"fr", "en"}:
        return True
    scripts = _scripts(one), _scripts(other)
    return bool(scripts[0] and scripts[1]) and not scripts[0] & scripts[1]


def _language(name: str) -> str:
    words = set(fold(name).words)
    accents = any(unicodedata.combining(character) for character in unicodedata.normalize("NFD", name))
    french, english = len(words & (_FRENCH - _ENGLISH)) + accents, len(words & (_ENGLISH - _FRENCH))
    return "fr" if french > english else "en" if english > french else ""


def _scripts(name: str) -> set[str]:
    letters = (letter for letter in fold(name).joined if letter.isalpha())
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
