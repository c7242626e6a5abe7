"""What an index is called, and what stands in it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.regions import known
from indexer.build_names import BuildName, alias
from indexer.render import fingerprint, rank, render
from mappings.folding import fold

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(sorted(known())), st.from_regex("[0-9a-f]{8}", fullmatch=True), MOMENTS)
def test_the_name_of_a_build_is_read_back_as_it_was_made(region: str, made_by: str, made: datetime) -> None:
    name = BuildName(region, made_by, made)
    assert BuildName.parse(str(name)) == name
    assert str(name).startswith(alias(region) + "-")


@given(MOMENTS, MOMENTS)
def test_builds_of_a_region_sort_by_when_they_were_made(one: datetime, other: datetime) -> None:
    names = [str(BuildName("ca", "00000000", moment)) for moment in (one, other)]
    assert (names[0] < names[1]) == (one < other)


@pytest.mark.parametrize(
    "name",
    [
        "", "companies-ca", "companies-ca-*", "companies-us-x-00000000-20260101t000000000000z",
        "companies-CA-00000000-20260101t000000000000z", "companies-ca-0000000g-20260101t000000000000z",
        "companies-ca-00000000-20261301t000000000000z", "x-companies-ca-00000000-20260101t000000000000z",
        "companies-ca-00000000-20260101t000000000000z\n",
    ],
)  # fmt: skip
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        BuildName.parse(name)


def row(**fields: Any) -> Any:
    said = {"id": "a", "index_version": 3, "name": "Boréal inc.", "other_names": [], "city": "", "province": ""}
    return SimpleNamespace(**{**said, "popularity": 0, **fields})


def test_the_same_row_always_makes_the_same_document() -> None:
    assert render(row()) == render(row())


def test_a_document_holds_folded_names_and_nothing_that_nobody_looks_for() -> None:
    made = render(row(name="Tremblay et Frères inc.", other_names=["L'Œuf"], city="Val-d'Or"))
    assert made.version == 3
    assert {"tremblay and freres inc", "tremblay et freres inc", "l oeuf"} <= set(made.starts)
    assert {"tremblay ", "et ", "and ", "freres ", "oeuf "} <= set(made.words)
    assert "inc" not in made.words
    assert made.city == "valdor"


def test_the_more_popular_then_the_first_name_by_the_alphabet_comes_first() -> None:
    ranks = [rank(*one) for one in ((2, fold("Zeta")), (0, fold("Alpha")), (0, fold("Alpha Beta")), (0, fold("Beta")))]
    assert ranks == sorted(ranks)
    assert all(0 <= one < 2**63 for one in (*ranks, rank(10**6, fold("z" * 300)), rank(-5, fold("0"))))


@given(st.text(st.characters(codec=None, categories=None), min_size=1, max_size=50))
def test_no_name_that_a_card_may_have_makes_rendering_fail(name: str) -> None:
    if fold(name).words:
        made = render(row(name=name))
        assert made.starts
        assert 0 <= made.rank < 2**63


def test_what_a_build_of_this_release_is_called_can_be_read_back() -> None:
    made = BuildName.new("ca", fingerprint())
    assert BuildName.parse(str(made)) == made


def test_a_card_with_the_longest_names_makes_a_document_that_fits_into_any_request() -> None:
    made = render(row(name="ﷺ" * 320, other_names=["ﷺ" * (300 + n) for n in range(20)]))
    assert sum(len(text) for texts in (made.starts, made.joined, made.runs, made.words) for text in texts) < 2_000_000
