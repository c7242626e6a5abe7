"""How a typed text fits one name: whole, from its start, by its words, joined, by first letters, with typos."""

from collections.abc import Callable

from directory.matching.match import Match, Tier, from_start, result, shared_start
from directory.matching.partly import partly
from directory.matching.words import letters_with_typos, starts_of_words
from mappings.as_said import acronyms, compounds
from mappings.common_words import is_common
from mappings.folding import AND, Folded
from mappings.reading import Typed

Way = Callable[[Folded, Typed], Match | None]


def match_name(name: Folded, typed: Typed) -> Match | None:
    """The best fit; None where there is none."""
    return next((match for way in WAYS if (match := way(name, typed))), None)


def as_typed(name: Folded, typed: Typed) -> Match | None:
    """Fits that take every typed letter as it is."""
    if typed.blank or not name.words:
        return None
    if not _may_fit(name, typed):
        return _by_initials(name, typed)
    for words in name.ways:
        if _is_whole(words, name, typed):
            return _whole_name(name, typed)
    for start in typed.starts:
        for words in name.ways:
            spaced = " ".join(words)
            if spaced.startswith(start):
                parts = from_start(name, len(start.replace(" ", "")), words=words)
                return result(Tier.START, name, parts, unfinished=not f"{spaced} ".startswith(f"{start} "))
    if typed.many_words:
        for start in typed.starts:
            for first in range(1, name.core_end - 1):  # a legal form is no word of a run: `hotels l` is not Hotels Ltd.
                for words in name.ways:
                    rest = " ".join(words[first : name.core_end])
                    if rest.startswith(start):
                        parts = from_start(name, len(start.replace(" ", "")), first, words)
                        return result(Tier.RUN, name, parts, unfinished=not f"{rest} ".startswith(f"{start} "))
    for reading, left_out in zip(typed.readings, typed.left_out, strict=True):
        parts = starts_of_words(name, reading)
        if parts:
            unfinished = sum(letters < len(name.words[word]) for word, letters in parts)
            missing = 0 if _is_its_legal_form(name, left_out) else len(left_out)
            return result(Tier.WORDS, name, parts, unfinished=unfinished, missing=missing)
    for joined in typed.joined:
        for whole, words, legal in name.joined_ways:
            if whole.startswith(joined):
                parts = from_start(name, len(joined), words=words, legal=legal)
                return result(Tier.JOINED, name, parts, unfinished=True)
    if written_as_one := compounds(name):
        for reading in typed.readings:
            if parts := starts_of_words(name, reading, compounds=written_as_one):
                return result(Tier.JOINED, name, parts, unfinished=True)
    return _by_initials(name, typed)


def _may_fit(name: Folded, typed: Typed) -> bool:
    """Initials aside. To see so that a name does not fit takes a ninth of the time, and most that are looked at do not."""
    if typed.needed in name.joined or AND in name.words:  # the letters around a sign are joined without it (H&M)
        return True
    return name.words is not name.spelled and typed.needed in "".join(name.spelled)


def _by_initials(name: Folded, typed: Typed) -> Match | None:
    if len(typed.acronym) > len(name.words):
        return None
    if typed.acronym and (words_meant := acronyms(name).get(typed.acronym)):
        return result(Tier.ACRONYM, name, [(word, 1) for word in words_meant])
    return None


def with_typos(name: Folded, typed: Typed) -> Match | None:
    if not typed.typo or not name.words:
        return None
    for joined in typed.joined:
        for whole, words, legal in name.joined_ways:
            if letters := letters_with_typos(whole, joined, 1):
                parts = from_start(name, letters, words=words, legal=legal)
                return _with_doubt(Tier.TYPO if whole[0] == joined[0] else Tier.FAR, name, parts, whole, joined)
    if typed.two_typos:
        for words in name.ways:  # a typo in `centre` leaves no word by which to see that it is a center
            whole = "".join(words)
            if whole[0] == typed.typo[0] and (letters := letters_with_typos(whole, typed.typo, 2)):
                return _with_doubt(Tier.TWO_TYPOS, name, from_start(name, letters, words=words), whole, typed.typo)
    for reading in typed.readings:
        if parts := starts_of_words(name, reading, typos=1):
            return result(Tier.FAR, name, parts, unfinished=True)._replace(word_typos=True)
    return None


def _with_doubt(tier: Tier, name: Folded, parts: list[tuple[int, int]], whole: str, joined: str) -> Match:
    """Of many names a typo away, those that begin alike for longest are the likelier."""
    doubtful = len(joined) - shared_start(whole, joined) if tier < Tier.FAR else 0
    return result(tier, name, parts, unfinished=True)._replace(doubtful=doubtful)


# The best first, and the dearest to find out last: what fits one way fits better than whatever fits a later one.
WAYS: tuple[Way, ...] = (as_typed, with_typos, partly)


def _is_whole(words: tuple[str, ...], name: Folded, typed: Typed) -> bool:
    if typed.exact == "".join(name.core_of(words)) and not _is_one_of_many(name, typed):
        return True
    # Where more was typed than is matched, a name that ends where that does is not the one that is meant.
    return "".join(words) in ((typed.whole,) if typed.whole else typed.joined)


def _is_one_of_many(name: Folded, typed: Typed) -> bool:
    """A common word behind a legal form that was not typed: PT Health is not all that `health` may mean."""
    return name.legal[0] and name.words[0] not in typed.words and all(map(is_common, name.core))


def _whole_name(name: Folded, typed: Typed) -> Match:
    """What was typed of its legal form is marked, too."""
    whole = any("".join(words) in (*typed.joined, typed.whole) for words in name.ways)
    begun = len(typed.words) if typed.joined[0] != typed.exact and name.words[: len(typed.words)] == typed.words else 0
    parts = [(at, len(word)) for at, word in enumerate(name.words) if whole or at < begun or not name.legal[at]]
    form = 0 if whole else 1 if begun else 2
    respelled = typed.spelled not in ("".join(name.spelled), "".join(name.core_of(name.spelled)))
    return result(Tier.EXACT, name, parts)._replace(other_form=form, respelled=respelled)


def _is_its_legal_form(name: Folded, word: str) -> bool:
    """As it is written in the name, or shorter or longer (corp, corporation)."""
    forms = (own for own, legal in zip(name.words, name.legal, strict=True) if legal)
    return any(own.startswith(word) or word.startswith(own) for own in forms)
