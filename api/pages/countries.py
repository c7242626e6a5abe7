"""The countries that an address may be in, named in the reader's language."""

import unicodedata
from functools import cache

from babel import Locale

from directory.regions import known


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """(ISO 3166-1 alpha-2 code, name), in the alphabetical order of the language: É stands with E."""
    territories = Locale.parse(f"{language}_CA").territories  # as the pages' own scripts name them
    named = [(code, name) for code, name in territories.items() if code.lower() in known()]
    return sorted(named, key=lambda country: without_accents(country[1]))


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
