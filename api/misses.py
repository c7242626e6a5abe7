"""Look-ups that found nothing, counted by what kind of text it was. Nothing that anybody typed is kept.

Invariant: what leaves this module is made of the words written in it, of regions and of numbers. There is one count for each
trait by itself, never for a combination of them: a text cannot be put together again from its traits.
"""

import unicodedata
from collections.abc import Mapping
from typing import Protocol

from flask import Response, after_this_request

from api import metrics
from directory.lookup import Lookup, asks_further
from mappings.folding import fold
from mappings.legal_forms import is_legal_form
from mappings.reading import read

_SCRIPTS = frozenset({
    "latin", "greek", "cyrillic", "arabic", "hebrew", "cjk", "hiragana", "katakana", "hangul", "devanagari", "thai",
    "no letters",
})  # fmt: skip
_LETTERS = ((2, "1-2"), (4, "3-4"), (8, "5-8"), (16, "9-16"))


class MissStore(Protocol):
    """Keeps counts by day beyond this process. Never raises: what it cannot keep is lost, and no look-up is."""

    def asked(self, region: str) -> None:
        """A look-up was answered."""
        ...

    def missed(self, region: str, traits: Mapping[str, str]) -> None:
        """A look-up found nothing."""
        ...


class NoMissStore:
    """Where there is no Redis: the counts are those in /metrics, since the process was started."""

    def asked(self, region: str) -> None:
        pass

    def missed(self, region: str, traits: Mapping[str, str]) -> None:
        pass


def count(store: MissStore, region: str, text: str, found: Lookup) -> None:
    """Count an answer; where it is empty, by the traits of the text. The store is told after the answer was sent."""
    store.asked(region)
    if found.suggestions or not (traits := traits_of(text, found.dropped)):
        return
    for trait, value in traits.items():
        metrics.MISSES.labels(region, trait, value).inc()

    @after_this_request
    def keep(response: Response) -> Response:
        response.call_on_close(lambda: store.missed(region, traits))
        return response


def traits_of(text: str, dropped: Mapping[str, int]) -> dict[str, str]:
    """What may be said of a text that found nothing; nothing for one without letters and digits."""
    words, typed = fold(text).words, read(text)
    if typed.blank:
        return {}
    letters = len(typed.joined[0])
    legal = [is_legal_form(word) for word in words]
    return {
        "letters": next((name for most, name in _LETTERS if letters <= most), "17 and more"),
        "words": str(len(words)) if len(words) < 4 else "4 and more",
        "script": _script(typed.joined[0]),
        "digits": "some" if any(character.isdigit() for character in typed.joined[0]) else "none",
        "legal form": "nothing else" if all(legal) else "some" if any(legal) else "none",
        "forgiven": "two typos" if typed.two_typos else "one typo" if typed.typo else "nothing: too short",
        "index": "proposed what was not confirmed"
        if dropped
        else "asked again"
        if asks_further(typed)
        else "asked once",
    }


def _script(letters: str) -> str:
    names = {unicodedata.name(letter, "").partition(" ")[0].lower() for letter in letters if not letter.isdigit()}
    if len(names) > 1:
        return "several"
    name = next(iter(names), "no letters")
    return name if name in _SCRIPTS else "another"
