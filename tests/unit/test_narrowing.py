"""Which letter more can only lose companies, and which may find new ones."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from directory.matching import Tier, best_match
from mappings.narrowing import narrows, narrows_by_words
from mappings.reading import read


@pytest.mark.parametrize(
    ("earlier", "text"),
    [
        ("bitfa", "bitfarms"),
        ("plomberie g", "plomberie gagn"),
        ("plomberie", "plomberie gagnon et fils"),
        ("9123-4567", "9123-4567 qué"),
        ("saint-hu", "saint-hubert"),
        ("dupont inc", "dupont incendies"),
        ("bell canad", "bell canada inc"),
    ],
)
def test_letters_behind_those_that_were_typed_find_fewer(earlier: str, text: str) -> None:
    assert narrows(read(text), read(earlier))


@pytest.mark.parametrize(
    ("earlier", "text", "for_it_may_mean"),
    [
        ("bitfarms", "bitfarms", "who has come since: the same text is asked again"),
        ("bitf", "bitfa", "with a typo, of which there is none in four letters"),
        ("sdad", "sdadq", "initials, which fit whole, and a typo"),
        ("dionne e", "dionne et f", "Dionne & Frères"),
        ("dupont in i", "dupont in inc", "all of Dupont Inc In Ltée, without its legal forms"),
        ("limited", "limited dupont", "Placements Limited Dupont"),
        ("limit", "limited co", "Placements Limited Co Services"),
        ("gangon et", "gangon et f", "Gagnon & Fils: for typos it is read as it is spelled"),
        ("bit", "bitf", "what the index asks for otherwise"),
        ("bitfarms", "bitcoin", "something else"),
        ("maple le", "maple", "fewer letters"),
        ("bitfarms", "", "nothing"),
        ("", "bitfarms", "anything"),
        ("a " * 20 + "b", "a " * 40 + "b", "what is further on than is matched"),
    ],
)
def test_a_letter_that_may_find_somebody_new_narrows_nothing(earlier: str, text: str, for_it_may_mean: str) -> None:
    assert not narrows(read(text), read(earlier)), for_it_may_mean


def test_a_typo_is_looked_for_in_the_same_words_or_in_fewer() -> None:
    assert narrows_by_words(read("amrican exress retirement plan"), read("amrican exress retirement pl"))
    assert not narrows_by_words(read("amrican exress retireme"), read("amrican exress ret"))
    assert not narrows_by_words(read("amrican express"), read("amrican exress"))
    assert not narrows_by_words(read("amrican exress"), read("amrican exress")), "the same text is asked again"
    assert not narrows_by_words(read("amrican"), read("amrican exress")), "fewer words"
    assert not narrows_by_words(read("exresso amrican"), read("exress amrican")), "a word in the middle goes on"
    assert not narrows_by_words(read("abcd efgh ijkl mnopq"), read("abcd efgh ijkl mno")), "in another three words"


WORDS = [
    "a",
    "&",
    "and",
    "an",
    "st",
    "inc",
    "québec",
    "dupont",
    "d'or",
    "9123",
    "incendies",
    "la",
    "bell",
    "saint-hubert",
]


@st.composite
def names_and_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and words of it as somebody may type them."""
    name = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
    text = draw(st.sampled_from([" ", "", "-"])).join(draw(st.permutations(name))[: draw(st.integers(1, 4))])
    at = draw(st.integers(0, 2 * len(text)))
    return " ".join(name), text[:at] + text[at + 1 :]


@given(names_and_texts(), st.integers(1, 20), st.integers(1, 6))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_whatever_fits_what_narrows_has_fitted_before(named: tuple[str, str], keys: int, more: int) -> None:
    name, text = named
    earlier, typed = read(text[:keys]), read(text[: keys + more])
    assume(narrows(typed, earlier))
    match = best_match([name], typed)
    assume(match and match.tier <= Tier.TYPO and match.tier != Tier.ACRONYM)
    before = best_match([name], earlier)
    assert before, (name, text[:keys], text[: keys + more], match)
    assert before.tier <= Tier.TYPO
