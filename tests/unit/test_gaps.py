"""One typo within the first ten letters leaves a term that the index has of the name; digits are never forgiven."""

from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st

from indexer.engines import forgiving
from mappings.gaps import LETTERS, gaps

LOWER, UPPER = 4, 12  # as mappings/index.json has it
NAMES = st.text(ascii_lowercase, min_size=8, max_size=30)
PLACES = st.integers(1, LETTERS - 2)


def indexed(name: str) -> set[str]:
    return {text[:letters] for text in gaps(name) for letters in range(LOWER, min(UPPER, len(text)) + 1)}


def found(name: str, typed: str) -> bool:
    return bool(indexed(name) & set(forgiving.one_typo(typed)))


@given(name=NAMES, at=PLACES, letter=st.sampled_from(ascii_lowercase), more=st.integers(0, 20))
def test_a_missing_a_wrong_an_extra_and_a_swapped_letter_are_found(name: str, at: int, letter: str, more: int) -> None:
    at = min(at, len(name) - 2)
    start = name[: max(at + 2, 7) + more]  # as far as it was typed
    assert found(name, name[:at] + name[at + 1 : len(start)] + "")
    assert found(name, start[:at] + letter + start[at + 1 :])
    assert found(name, start[:at] + letter + start[at:])
    assert found(name, start[:at] + start[at + 1] + start[at] + start[at + 2 :])


@given(name=NAMES, letter=st.sampled_from(ascii_lowercase))
def test_so_are_they_in_the_first_letter_by_terms_of_their_own(name: str, letter: str) -> None:
    for typed in (name[1:], letter + name[1:], letter + name, name[1] + name[0] + name[2:]):
        assert indexed(name) & {*forgiving.wrong_first_letter(typed), *forgiving.one_typo(typed)}


def test_a_digit_is_never_left_out() -> None:
    assert not found("91234567quebec", "91244567quebec")
    assert not found("91234567quebec", "9123567quebec")
    assert found("91234567quebec", "91234567qeubec")


def test_no_gap_is_longer_than_it_is_indexed() -> None:
    assert max(len(text) for text in gaps("a" * 40)) == UPPER
