"""The checker itself: what the promise forbids, and what it leaves open, on answers written down by hand."""

import pytest

from tests.chaos.ledger import MOVE, OFF, ON, Change, Ledger, Search, last_answer


def ledger(*changes: Change) -> Ledger:
    made = Ledger({"c": "ca"})
    for change in changes:
        made.answered("c", change)
    return made


def search(sent: float, received: float, region: str = "ca") -> Search:
    return Search(sent, received, region, "c", 200, ("c",))


OFF_AT_2 = Change(OFF, 1, 2, 200)


@pytest.mark.parametrize(
    ("changes", "sent", "received", "broken"),
    [
        ((), 3, 4, False),
        ((OFF_AT_2,), 2.1, 2.2, True),
        ((OFF_AT_2,), 1.9, 9, False),
        ((OFF_AT_2, Change(ON, 5, 6, 200)), 3, 4, True),
        ((OFF_AT_2, Change(ON, 5, 6, 200)), 3, 5.1, False),
        ((OFF_AT_2, Change(ON, 5, 5.5, 503)), 6, 7, False),
        ((OFF_AT_2, Change(ON, 3, 4, 200), Change(OFF, 5, 6, 200)), 7, 8, True),
        ((Change(OFF, 1, 2, 503),), 3, 4, False),
        ((Change(OFF, 1, 2, 0),), 3, 4, False),
        ((Change(ON, 0, 1, 0), Change(OFF, 1, 2, 200)), 3, 4, False),
        ((OFF_AT_2, Change(MOVE, 3, 4, 200, region="us")), 5, 6, True),
        ((OFF_AT_2, Change(OFF, 3, 4, 503)), 5, 6, True),
    ],
)
def test_an_answer_is_broken_where_it_was_asked_after_an_opt_out_and_came_before_an_opt_in(
    changes: tuple[Change, ...], sent: float, received: float, broken: bool
) -> None:
    made = ledger(*changes)
    made.saw(search(sent, received))
    assert bool(made.broken()) is broken
    assert made.chances() == broken


def test_after_a_move_was_answered_a_company_is_a_stranger_where_it_was() -> None:
    made = ledger(Change(MOVE, 1, 2, 200, region="us"))
    for asked in (search(1.5, 3), search(3, 4), search(3, 4, "us")):
        made.saw(asked)
    assert [(one.sent, one.region) for one, _ in made.strangers()] == [(3, "ca")]


def test_the_last_answer_is_unknown_where_one_is_missing() -> None:
    assert last_answer([OFF_AT_2]) is False
    assert last_answer([OFF_AT_2, Change(ON, 3, 4, 200)]) is True
    assert last_answer([OFF_AT_2, Change(ON, 3, 4, 0)]) is None
    assert last_answer([]) is None
