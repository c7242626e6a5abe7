"""Texts of people who have more, less or something else before them than the name as it is recorded: all of the bundled sample
in one index, on both engines.
"""

from random import Random

import pytest

from carnet.tuning.corpus import Corpus, built
from carnet.tuning.styles import Named
from directory.lookup import Suggestion
from mappings.common_words import is_common
from mappings.data import load
from mappings.folding import fold
from mappings.reading import read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # The beginning of a later word, which may also be that of a legal form.
        ("stanley so", "STANLEY SECURITY SOLUTIONS"),
        ("blair se", "BLAIR PARK SERVICES"),
        ("forterra an", "Forterra Pipe & Precast"),
        # Saint and St.
        ("saint josephs healthcare", "St. Joseph's Healthcare"),
        ("st jean carbon", "Saint Jean Carbon"),
        # An article that the record does not have.
        ("the home depot", "Home Depot, Inc."),
        ("the imperial mining group", "IMPERIAL MINING GROUP"),
        # Something behind a name that begins as many do.
        ("LES ENTREPRISES ROBERT, Sherbrooke", "LES ENTREPRISES ROBERT"),
        ("Les industries Cendrex inc., Sherbrooke", "Les industries Cendrex"),
        ("Construction Partners, Inc. 12345", "Construction Partners, Inc."),
        # Something in front of it.
        ("garage canadian tire", "Canadian Tire"),
        # A word that many names have, in the place of another one.
        ("groupe desgagnés", "TRANSPORT DESGAGNÉS"),
        ("industries bitfarms", "Bitfarms Ltd."),
        # A number as one, and a legal form that the name does not have.
        ("93448330 québec inc", "9344 8330 QUEBEC RESTAURANT"),
        # An address.
        ("www.akersolutions.com", "AKER SOLUTIONS"),
        ("info@bitfarms.com", "Bitfarms Ltd."),
    ],
)
def test_the_company_that_is_meant_stands_first(corpus: Corpus, text: str, name: str) -> None:
    found = [one.name for one in corpus.suggestions(text)]
    assert [one.casefold().startswith(name.casefold()) for one in found[:1]] == [True], found[:3]


def test_a_whole_name_with_more_behind_it_is_there_beneath_names_that_fit_with_typos(corpus: Corpus) -> None:
    made = [Named("far:1", "Zalian Morningstar Technology"), Named("far:2", "Qalian Ltd.")]
    with built(made, corpus.engine, region="zx") as both:
        assert [one.name for one in both.suggestions("qalian techn")][:2] == [one.name for one in made]


def test_typos_in_several_words_are_forgiven_before_a_legal_form_of_several_words(corpus: Corpus) -> None:
    made = [Named("far:1", "Waypoint Holdings Development LLC")]
    with built(made, corpus.engine, region="zx") as one:
        for form in ("llc", "limited liability company"):
            assert [found.name for found in one.suggestions(f"waypint holings {form}")] == [made[0].name]


def test_a_name_with_a_number_is_found_by_either_kind_of_numerals_and_the_one_that_was_typed_stands_first(
    corpus: Corpus,
) -> None:
    made = [Named(f"far:{number}", f"Qalian Fund {number}") for number in ("II", "2", "III", "3", "IV")]
    with built(made, corpus.engine, region="zx") as both:
        assert [one.name for one in both.suggestions("qalian fund ii")][:2] == ["Qalian Fund II", "Qalian Fund 2"]
        assert [one.name for one in both.suggestions("qalian fund 2")][:2] == ["Qalian Fund 2", "Qalian Fund II"]
        assert [one.name for one in both.suggestions("qalian fund 4")][:1] == ["Qalian Fund IV"]


@pytest.mark.parametrize(
    "common", ["groupe", "transport", "construction", "les entreprises", "entreprises", "industries", "gestion"]
)
def test_a_word_that_many_names_have_hides_no_name_that_is_typed_behind_it(corpus: Corpus, common: str) -> None:
    names = [read(company.name) for company in corpus.companies.values()]
    rare = sorted({one.words[0] for one in names if len(one.words[0]) > 5 and one.words[0] in one.telling})
    meant = Random(5).sample(rare, 60)
    found = [any(word in read(one.name).words for one in corpus.suggestions(f"{common} {word}")) for word in meant]
    assert sum(found) >= 50


@pytest.mark.parametrize(
    "said", ["the {}", "les {}", "groupe {}", "les entreprises {}", "{} canada", "{} of america", "{} toronto"]
)
def test_a_name_of_nothing_but_common_words_is_found_with_more_than_it_says(corpus: Corpus, said: str) -> None:
    folded = {" ".join(fold(company.name).core): company.name for company in corpus.companies.values()}
    meant = [name for name in sorted(folded) if name.count(" ") and all(map(is_common, name.split(" ")))]
    missed = [name for name in meant if name not in map(_core, corpus.suggestions(said.format(name)))]
    assert len(meant) > 80
    assert len(missed) < len(meant) / 10, missed


def test_a_name_stands_first_by_its_words_in_short_and_in_full(corpus: Corpus) -> None:
    pairs = [pair for pair in load("folding.json")["conjunctions"].items() if pair[1] != "and"]
    other = {**dict(pairs), **{full: short for short, full in pairs}}
    folded = {" ".join(fold(company.name).spelled): company.name for company in corpus.companies.values()}
    meant = {
        " ".join(other.get(word, word) for word in spelled.split(" ")): name
        for spelled, name in sorted(folded.items())
        if not other.keys().isdisjoint(spelled.split(" ")) and len(spelled) <= 50
    }
    asked = Random(5).sample(sorted(meant), 200)
    first = {text: "".join(map(_core, corpus.suggestions(text)[:1])) for text in asked}
    missed = [text for text in asked if first[text] != " ".join(fold(meant[text]).core)]
    assert len(missed) < 4, missed


def _core(one: Suggestion) -> str:
    return " ".join(fold(one.match.name).core)
