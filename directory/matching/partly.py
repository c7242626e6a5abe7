"""The last resort: a name that has a good part of what was typed, while something else that was typed is not in it.

People type more than a name says, or what it said once: KPMG Ottawa, Citrix Systems of the invoice, Woodbridge Group.
Offered where no name fits whole, and the fewer letters are missing the better; of names that were typed whole also where others
fit by a typo alone.
"""

from itertools import takewhile

from directory.matching.match import Match, Tier, from_start, result, shared_start
from directory.matching.words import starts_of_words
from mappings.common_words import is_common
from mappings.folding import Folded
from mappings.reading import ARTICLES, LEAST_BEGUN, STARTS_A_WORD, Typed

_LEAST = 3  # letters that must be shared
_GOOD_PART = 0.4
_COMMON_WORD = 4  # letters: more than an article
_SEVERAL = 2  # words
_PERHAPS_A_TOWN = 64  # letters: after all that begins alike
_SCATTERED = 150  # letters: a name that begins alike comes before one that has the words somewhere


def partly(name: Folded, typed: Typed) -> Match | None:
    """None where a number stands against another one: 9123 and 9124 are two companies."""
    if not name.words or _numbers_differ(name, typed):
        return None
    if lacking := _lacks_the_article(name, typed) or _lacks_common_words(name, typed):
        return lacking
    ways = (_typed_whole_from_a_common_word, *((_begins_alike, _stands_behind) if typed.telling else ()))
    begun = [match for way in ways if (match := way(name, typed))]
    if begun or not typed.telling:
        return min(begun, key=lambda match: match.missing, default=None)
    return _has_telling_words(name, typed)


def typed_whole(name: Folded, typed: Typed) -> Match | None:
    """A name that was typed whole, with more behind it: somebody may well mean Calian with `calian techn`, even where a
    typo in two words would make it Dalian Technology.
    """
    words = name.words[: name.core_end]
    if len(words) < len(typed.words) and words == typed.words[: len(words)] and not all(map(is_common, words)):
        return partly(name, typed)
    return None


def _numbers_differ(name: Folded, typed: Typed) -> bool:
    ours, theirs = ([word for word in words if any(map(str.isdigit, word))] for words in (name.words, typed.words))
    together = "".join(ours).startswith("".join(theirs))  # 9123-4567 is 91234567
    return not together and not set(ours) <= set(theirs) and not set(theirs) <= set(ours)


def _lacks_the_article(name: Folded, typed: Typed) -> Match | None:
    """The Home Depot is Home Depot, Inc., before all that have such words. One word that many names have is not looked for
    everywhere: `the bank`.
    """
    tells = typed.telling or len(typed.no_article) > 1
    parts = starts_of_words(name, typed.no_article) if tells else []
    if not parts:
        return None
    missing = 1 if name.core == typed.no_article else len(typed.words[0])
    return result(Tier.PARTLY, name, parts, unfinished=True, missing=missing)


def _lacks_common_words(name: Folded, typed: Typed) -> Match | None:
    """Transport Desgagnés for `groupe desgagnés`: a word that many names have is easily taken for another, so it counts as few
    letters. The telling words must be whole, but for the last one, which may be growing.
    """
    parts = starts_of_words(name, typed.uncommon)
    begun = [name.words[at] for at, letters in parts if letters < len(name.words[at])]
    if not parts or any(not own.startswith(typed.words[-1]) for own in begun):
        return None
    lacking = len(set(typed.words) - set(name.words)) - len(begun)
    return result(Tier.PARTLY, name, parts, unfinished=True, missing=_COMMON_WORD * lacking)


def _typed_whole_from_a_common_word(name: Folded, typed: Typed) -> Match | None:
    """Energy Development for `energy development toronto`: words that many names have tell nothing, but several of them are a
    name where that has no other word. What is behind counts as few letters for each word, since those whose names have the town
    in them lack such words, too.

    Behind something else they are a name only where nothing that was typed tells (Group Services is not meant by `tremblay
    group services`), and come after all that begins alike.
    """
    core = name.words[: name.core_end]
    if sum(word not in ARTICLES for word in core) < _SEVERAL or not is_common(core[0]):
        return None
    letters, typed_letters = sum(map(len, core)), sum(map(len, typed.words))
    if typed.words[: len(core)] == core:
        missing = min(typed_letters - letters, _COMMON_WORD * (len(typed.words) - len(core)))
    elif not typed.telling and typed.words[-len(core) :] == core:
        missing = typed_letters - letters + _PERHAPS_A_TOWN
    else:
        return None
    return result(Tier.PARTLY, name, from_start(name, letters), unfinished=True, missing=missing)


def _begins_alike(name: Folded, typed: Typed) -> Match | None:
    """Half of the letters, or the first words where they say more than that it is a company, or the whole name. A name need
    not be typed with its article: `ateliers dion montréal` is Les Ateliers Dion inc.
    """
    article = name.words[0] in ARTICLES and len(name.words) > 1
    found = [match for first in range(1 + article) if (match := _begins_alike_from(first, name, typed))]
    return min(found, key=lambda match: match.missing, default=None)


def _begins_alike_from(first: int, name: Folded, typed: Typed) -> Match | None:
    text, words, core = typed.joined[0], name.words[first:], "".join(name.core[first:])
    same = shared_start("".join(words), text)
    alike = sum(1 for n in range(1, len(words) + 1) if words[:n] == typed.words[:n])
    fits = (
        (same >= LEAST_BEGUN and same * 2 >= len(text))
        or (len(core) >= _LEAST and text.startswith(core))
        or any(not is_common(word) for word in words[:alike])
    )
    if same < _LEAST or not fits:
        return None
    parts = from_start(name, same, first)
    if all(name.legal[word] for word, _ in parts):
        return None
    common = sum(map(len, takewhile(is_common, typed.words)))
    little = _COMMON_WORD if (same - common) * 2 < len(text) - common else 0  # but for the word that many begin with
    return result(Tier.PARTLY, name, parts, unfinished=True, missing=len(text) - same + first + little)


def _stands_behind(name: Folded, typed: Typed) -> Match | None:
    """It was typed whole behind other words (`exxonmobil imperial oil`), or the last of them begin it. What is one word, or only
    begun, is as likely a town: Desjardins comes before Trois-Rivières Airport for `desjardins trois-rivières`.
    """
    core, typed_letters = name.words[: name.core_end], sum(map(len, typed.words))
    for first in range(1, len(typed.words) - len(core) + 1):
        if core and typed.words[first : first + len(core)] == core and typed.tells(core):
            letters = sum(map(len, core))
            missing = typed_letters - letters + (_PERHAPS_A_TOWN if len(core) == 1 else 0)
            return result(Tier.PARTLY, name, from_start(name, letters), unfinished=True, missing=missing)
    for rest in typed.rests:
        for words in name.ways:
            if " ".join(words).startswith(rest):
                letters = len(rest.replace(" ", ""))
                missing = max(typed_letters - letters, 1) + _PERHAPS_A_TOWN
                return result(
                    Tier.PARTLY, name, from_start(name, letters, words=words), unfinished=True, missing=missing
                )
    return None


def _has_telling_words(name: Folded, typed: Typed) -> Match | None:
    """A good part of the letters of the words that tell names apart, each as the start of a word."""
    parts: dict[int, int] = {}
    for word in typed.telling:
        at = next((at for at, own in enumerate(name.words) if _starts(own, word) and not name.legal[at]), None)
        if at is not None:
            parts[at] = len(word)
    found, wanted = sum(parts.values()), sum(map(len, typed.telling))
    if found < _LEAST or found < wanted * _GOOD_PART:
        return None
    missing = _SCATTERED + wanted - found
    return result(Tier.PARTLY, name, sorted(parts.items()), unfinished=True, missing=missing)


def _starts(own: str, word: str) -> bool:
    return own == word or (len(word) >= STARTS_A_WORD and own.startswith(word))
