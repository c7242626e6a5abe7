"""The ways in which people type a company's name: each style makes the text that somebody would type to reach it.

The rules of the first eight are those of the measure that the project is judged by, written anew; its figures and these
agree. A style answers "" for a name that nobody would type in that way.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from carnet.tuning.languages import in_two_languages
from mappings.folding import fold

NEXT_TO = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol",
    "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim", "l": "kop",
    "z": "xas", "x": "zcsd", "c": "xvdf", "v": "cbfg", "b": "vngh", "n": "bmhj", "m": "nkj",
}  # fmt: skip
# In English and French, judged without the list by which names are found.
_UNSAID = {
    "a", "and", "at", "au", "aux", "d", "de", "des", "du", "en", "for", "in", "l", "la", "le", "les", "of", "on", "pour", "sur",
    "the", "to",
}  # fmt: skip
SHORTEST = 4  # letters of a text worth a session; the style `short` is about the others


@dataclass(frozen=True, slots=True)
class Named:
    """A company as far as its names go."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    city: str = ""
    province: str = ""
    popularity: int = 0


def plain(text: str) -> str:
    """In lower case and without accents, as people type; punctuation stays."""
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("ß", "ss").replace("ø", "o")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def reading(name: str) -> str:
    """Names with the same reading cannot be told apart by typing: punctuation and legal form aside, they are one."""
    return " ".join(fold(name).core)


def core(name: str) -> str:
    """The name as people say it: without the legal form at its end."""
    legal = fold(name).legal
    ending = next((n for n, form in enumerate(reversed(legal)) if not form), 0)
    words = name.split()
    kept = words[: len(words) - ending] if ending < len(words) else words
    return " ".join(kept).rstrip(",. ") or name


def _near_key(letter: str, rng: random.Random) -> str:
    return rng.choice(NEXT_TO.get(letter, "e"))


def _one_typo(text: str, rng: random.Random, low: int = 2, high: int = 10) -> str:
    places = [at for at in range(low, min(len(text), high)) if text[at].isalpha()]
    if not places:
        return ""
    at = rng.choice(places)
    kind = rng.choice(("swap", "drop", "double", "near"))
    if kind == "swap" and at + 1 < len(text) and text[at + 1].isalpha() and text[at + 1] != text[at]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == "drop":
        return text[:at] + text[at + 1 :]
    if kind == "double":
        return text[:at] + text[at] + text[at:]
    return text[:at] + _near_key(text[at], rng) + text[at + 1 :]


def _clean(company: Named, _rng: random.Random) -> str:
    return core(company.name)


def _plain(company: Named, _rng: random.Random) -> str:
    text = core(company.name)
    return plain(text) if plain(text) != text.lower() else ""


def _legal(company: Named, _rng: random.Random) -> str:
    return plain(company.name) if core(company.name) != company.name else ""


def _typo(company: Named, rng: random.Random) -> str:
    text = plain(core(company.name))
    return _one_typo(text, rng) if len(text) >= 6 else ""


def _second_word(company: Named, _rng: random.Random) -> str:
    words = plain(core(company.name)).split()
    return " ".join(words[1:]) if len(words) > 1 and len(words[1]) >= SHORTEST else ""


def _joined(company: Named, _rng: random.Random) -> str:
    words = plain(core(company.name)).split()
    return " ".join(["".join(words[:2]), *words[2:]]) if len(words) > 1 and len(words[0]) > 1 else ""


def _no_punctuation(company: Named, _rng: random.Random) -> str:
    text = plain(core(company.name))
    return re.sub(r"[^\w ]+", "", text) if re.search(r"[^\w ]", text) else ""


def _and_swapped(company: Named, _rng: random.Random) -> str:
    text = plain(core(company.name))
    if " & " in text:
        return text.replace(" & ", " and ")
    return re.sub(r" (and|et) ", " & ", text) if re.search(r" (and|et) ", text) else ""


def _split(company: Named, rng: random.Random) -> str:
    """A long word written as two: `fit lab` for Fitlab."""
    words = plain(core(company.name)).split()
    if not words or not words[0].isalpha() or len(words[0]) < 7:
        return ""
    at = rng.randint(3, len(words[0]) - 3)
    return " ".join([words[0][:at], words[0][at:], *words[1:]])


def _swapped_words(company: Named, _rng: random.Random) -> str:
    words = plain(core(company.name)).split()
    clean = len(words) > 1 and all(word.isalnum() and len(word) > 2 for word in words[:2])
    return " ".join([words[1], words[0], *words[2:]]) if clean else ""


def _wrong_first_letter(company: Named, rng: random.Random) -> str:
    text = plain(core(company.name))
    return _near_key(text[0], rng) + text[1:] if len(text) >= 6 and "a" <= text[0] <= "z" else ""


def _two_typos(company: Named, rng: random.Random) -> str:
    text = plain(core(company.name))
    if len(text) < 10:
        return ""
    once = _one_typo(text, rng, 2, 6)
    return _one_typo(once, rng, 6, 12) if once else ""


def _acronym(company: Named, _rng: random.Random) -> str:
    """Of all words."""
    core = fold(company.name).core
    return "".join(word[0] for word in core) if len(core) >= 3 else ""


def _acronym_said(company: Named, _rng: random.Random) -> str:
    """As people say it, where that is another: without its small words."""
    said = [word for word in fold(company.name).core if word not in _UNSAID]
    text = "".join(word[0] for word in said)
    return text if len(text) >= 3 and text.isalpha() and text != _acronym(company, _rng) else ""


def _bilingual(company: Named, rng: random.Random) -> str:
    """Its name in another language."""
    return _other_name(company, rng, bilingual=True)


def _trading(company: Named, rng: random.Random) -> str:
    """A name that it trades under, or another it goes by in the same language."""
    return _other_name(company, rng, bilingual=False)


def _other_name(company: Named, rng: random.Random, *, bilingual: bool) -> str:
    others = [
        name
        for name in company.other_names
        if reading(name) != reading(company.name) and in_two_languages(name, company.name) == bilingual
    ]
    return plain(core(rng.choice(others))) if others else ""


_QUEBEC = re.compile(r"\b(lt[ée]e|enr|s\.?e\.?n\.?c\.?(r\.?l)?|cie|inc)\b\.?\s*$", re.IGNORECASE)


def _quebec_forms(company: Named, rng: random.Random) -> str:
    """A company of Québec typed with another legal form than it has: ltée for inc., enr. …"""
    if not _QUEBEC.search(company.name) or core(company.name) == company.name:
        return ""
    return f"{plain(core(company.name))} {rng.choice(('inc', 'ltee', 'ltée', 'enr.', 's.e.n.c.', 'limitée'))}"


def _numbered(company: Named, rng: random.Random) -> str:
    found = re.match(r"\s*(\d{4})[- ]?(\d{4}) Qu[ée]bec\b", company.name, re.IGNORECASE)
    return found[1] + rng.choice(("-", " ", "")) + found[2] + " quebec" if found else ""


def _short(company: Named, _rng: random.Random) -> str:
    """Names of one or two letters or digits."""
    text = fold(company.name).core_joined
    return core(company.name) if 1 <= len(text) <= 2 else ""


Style = Callable[[Named, random.Random], str]
JUDGED: dict[str, Style] = {
    "clean": _clean,
    "plain": _plain,
    "legal": _legal,
    "typo": _typo,
    "second_word": _second_word,
    "joined": _joined,
    "no_punctuation": _no_punctuation,
    "and": _and_swapped,
}
FURTHER: dict[str, Style] = {
    "split": _split,
    "swapped_words": _swapped_words,
    "first_letter": _wrong_first_letter,
    "two_typos": _two_typos,
    "acronym": _acronym,
    "bilingual": _bilingual,
    "trading": _trading,
    "quebec_forms": _quebec_forms,
    "numbered": _numbered,
    "short": _short,
    "acronym_said": _acronym_said,
}
STYLES = JUDGED | FURTHER
# Styles whose texts may be shorter: the whole text is what counts.
BRIEF = frozenset({"acronym", "acronym_said", "short"})
