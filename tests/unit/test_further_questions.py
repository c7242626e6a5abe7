"""An index that is asked again, further from what was typed: what is shown is what the last statement has confirmed."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from directory.errors import Unavailable
from directory.lookup import answer, candidates
from directory.ports import Near, Reach
from mappings.reading import read

TEXT = "bitfarms zzzzz"  # of which Bitfarms is a part


class Records:
    """Companies by id, of which some go after the first statement."""

    def __init__(self, *, going: Sequence[str] = (), **names: str) -> None:
        self.rows = {
            one: SimpleNamespace(id=one, name=name, other_names=[], city="", province="", popularity=0)
            for one, name in names.items()
        }
        self.going, self.asked = going, list[list[str]]()

    def confirmed(self, company_ids: Sequence[str]) -> tuple[list[Any], dict[str, int]]:
        gone = self.going if self.asked else ()
        self.asked.append(list(company_ids))
        return [self.rows[one] for one in company_ids if one not in gone], {}


def shown(records: Records, by_reach: dict[Reach, list[str]], text: str = TEXT) -> list[str]:
    def proposed(reach: Reach, _spent_s: float) -> list[str]:
        if reach not in by_reach:
            raise Unavailable("search", "no time left")
        return by_reach[reach]

    found = answer(proposed, records.confirmed, read(text), Near(), "", 8)
    return [one.company_id for one in found.suggestions]


@pytest.mark.parametrize("further", [{Reach.FAR: ["part"]}, {Reach.FAR: []}, {Reach.FAR: ["other"]}])
def test_what_the_last_statement_finds_hidden_is_not_shown_though_an_earlier_one_had_confirmed_it(
    further: dict[Reach, list[str]],
) -> None:
    records = Records(part="Bitfarms Ltd.", other="Ajax Novelty", going=["part"])
    assert shown(records, {Reach.NEAR: ["part"], **further, Reach.FARTHEST: ["other"]}) == []
    assert all("part" in asked for asked in records.asked[:2])


def test_what_fits_partly_stays_where_further_questions_propose_nothing_or_have_no_time() -> None:
    records = Records(part="Bitfarms Ltd.")
    assert shown(records, {Reach.NEAR: ["part"], Reach.FAR: [], Reach.FARTHEST: []}) == ["part"]
    assert shown(records, {Reach.NEAR: ["part"]}) == ["part"]
    assert shown(records, {Reach.NEAR: ["part"], Reach.FAR: []}) == ["part"]


def test_where_nothing_is_proposed_the_records_are_asked_once_and_by_the_question_that_is_always_asked() -> None:
    records = Records()
    assert shown(records, {Reach.NEAR: [], Reach.FAR: [], Reach.FARTHEST: []}) == []
    assert records.asked == [[]]
    with pytest.raises(Unavailable):
        shown(Records(), {Reach.NEAR: []})


def test_a_name_that_fits_is_asked_for_no_further() -> None:
    records = Records(whole="Bitfarms Ltd.")
    assert shown(records, {Reach.NEAR: ["whole"]}, "bitf") == ["whole"]
    assert records.asked == [["whole"]]


def test_where_the_index_has_no_time_for_a_further_question_the_answer_says_so() -> None:
    def looked_up(by_reach: dict[Reach, list[str]]) -> bool:
        records = Records(part="Bitfarms Ltd.")

        def proposed(reach: Reach, _spent_s: float) -> list[str]:
            if reach not in by_reach:
                raise Unavailable("search", "no time left")
            return by_reach[reach]

        return answer(proposed, records.confirmed, read(TEXT), Near(), "", 8).degraded

    assert looked_up({Reach.NEAR: ["part"]})
    assert looked_up({Reach.NEAR: ["part"], Reach.FAR: []})
    assert not looked_up({Reach.NEAR: ["part"], Reach.FAR: [], Reach.FARTHEST: []})


@pytest.mark.parametrize("limit", range(1, 9))
def test_who_stands_first_does_not_hang_on_how_many_are_asked_for(limit: int) -> None:
    records = Records(**{f"c{n}": f"Bell {chr(97 + n)} Services" for n in range(16)}, canada="Bell Canada")
    rooms = []

    def proposed(_reach: Reach, _spent_s: float) -> list[str]:
        rooms.append(candidates(_reach))
        return list(records.rows)[: rooms[-1]]

    found = answer(proposed, records.confirmed, read("bell"), Near(), "", limit).suggestions
    assert found[0].name == "Bell Canada"
    assert len(found) == limit
    assert rooms == [17]
