"""What both engines look up where a name may be a part of what was typed."""

from indexer.engines.forgiving import names_behind, starts_behind, whole_names
from mappings.reading import read


def test_a_name_is_looked_for_in_all_that_stands_behind_other_words_the_longer_first() -> None:
    assert names_behind(read("exxonmobil imperial oil calgary"))[:3] == [
        "imperialoilcalgary",
        "imperialoil",
        "oilcalgary",
    ]


def test_one_word_behind_others_is_a_name_where_it_is_the_last() -> None:
    behind = names_behind(read("petrole parkland calgary"))
    assert "calgary" in behind
    assert "parkland" not in behind


def test_a_name_of_common_words_alone_is_looked_for_only_from_the_first_word_on() -> None:
    assert names_behind(read("tremblay group services")) == []
    assert "tremblay" in whole_names(read("tremblay group services"))


def test_what_begins_behind_other_words_is_looked_for_in_both_readings_of_the_last_word() -> None:
    assert starts_behind(read("garage dion st")) == ["dion st", "dion saint"]


def test_eight_words_are_looked_for_by_no_more_than_some_two_dozen_terms() -> None:
    typed = read("alpha bravo charlie delta echo foxtrot golf hawaii")
    assert len(names_behind(typed)) == 22
    assert len(starts_behind(typed)) == 6
