"""Bills when several act at once: one wins, nothing is lost, nobody waits in a circle."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from directory.bills import duplicates
from tests.bills import INVOICE, Trade, trade

ROUNDS = 8


@pytest.fixture
def made(network: Any) -> Trade:
    return trade(network)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of each, all let go together."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(30) for future in [pool.submit(run, act) for act in acts]]


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(made: Trade) -> None:
    for _ in range(ROUNDS):
        bill_id = made.sent()
        approved, rejected = at_once(
            lambda bill_id=bill_id: made.decides(bill_id, "approve"),
            lambda bill_id=bill_id: made.decides(bill_id, "reject"),
        )
        # Approving leaves rejecting legal, so both may succeed one after the other; never the other way round.
        history = [one["state"] for one in made.bill(bill_id)["history"]]
        if approved.status == 200:
            assert history == ["for_review", "approved", *(["rejected"] if rejected.status == 200 else [])]
        else:
            assert (approved.code, rejected.status) == ("illegal_move", 200)
            assert history == ["for_review", "rejected"]


def test_of_two_who_read_the_same_version_only_one_decides(made: Trade) -> None:
    for _ in range(ROUNDS):
        bill_id = made.sent()
        answers = at_once(
            lambda bill_id=bill_id: made.decides(bill_id, "approve", If_Match='"1"'),
            lambda bill_id=bill_id: made.decides(bill_id, "reject", If_Match='"1"'),
        )
        assert sorted(answer.status for answer in answers) == [200, 412]
        assert len(made.bill(bill_id)["history"]) == 2


def test_of_several_who_pay_at_once_one_does(made: Trade) -> None:
    for _ in range(ROUNDS):
        bill_id = made.sent()
        made.decides(bill_id, "approve")
        answers = at_once(*[lambda bill_id=bill_id: made.decides(bill_id, "pay")] * 4)
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
        assert {answer.code for answer in answers if answer.status == 409} == {"illegal_move"}
        assert [one["state"] for one in made.bill(bill_id)["history"]] == ["for_review", "approved", "paid"]


def test_of_the_same_invoice_sent_several_times_at_once_exactly_one_is_not_held(made: Trade) -> None:
    for n in range(ROUNDS):
        answers = at_once(*[lambda n=n: made.sends(number=f"F-{n}")] * 4)
        bills = [made.bill(answer.ok()["id"]) for answer in answers]
        free = [bill["id"] for bill in bills if bill["held"] is None]
        assert len(free) == 1
        assert {bill["duplicate_of"] for bill in bills if bill["held"]} == {free[0]}


def test_with_one_key_the_same_invoice_sent_several_times_at_once_arrives_once(made: Trade) -> None:
    for n in range(ROUNDS):
        answers = at_once(*[lambda n=n: made.sends(number=f"F-{n}", key=f"k-{n}")] * 4)
        assert len({answer.ok()["id"] for answer in answers}) == 1
    assert len(made.bills()) == ROUNDS


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_what_is_sent_after_an_opt_out_was_answered_is_never_delivered(made: Trade, side: str) -> None:
    hidden = getattr(made, side)
    for _ in range(ROUNDS):
        answered = threading.Event()
        late: list[Any] = []

        def send(answered: threading.Event = answered, late: list[Any] = late) -> None:
            while not late:
                after = answered.is_set()
                answer = made.sends({**INVOICE, "number": str(len(made.bills()))})
                assert answer.status == 201 or answer.code in ("not_deliverable", "automation_off"), answer.text
                if after:
                    late.append(answer)

        def hide(answered: threading.Event = answered) -> None:
            hidden.turns(visible=False)
            answered.set()

        at_once(send, hide)
        assert late[0].status == 409
        hidden.turns(visible=True)


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_an_opt_out_waits_for_an_invoice_that_was_found_deliverable_and_comes_after_it(
    made: Trade, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked, go_on = threading.Event(), threading.Event()

    def pause(*asked: Any) -> Any:
        checked.set()
        assert go_on.wait(10)
        return earlier(*asked)

    earlier = duplicates.earlier
    monkeypatch.setattr(duplicates, "earlier", pause)
    with ThreadPoolExecutor(2) as pool:
        sent = pool.submit(made.sends)
        assert checked.wait(10)
        hidden = pool.submit(getattr(made, side).turns, visible=False)
        with pytest.raises(TimeoutError):
            hidden.result(0.5)
        go_on.set()
        assert sent.result(10).status == 201
        hidden.result(10)
    delivered, since = made.network.sql(
        "SELECT bills.created_at, visible_since FROM bills, companies WHERE NOT companies.visible"
    )[0]
    assert delivered <= since


def test_two_that_send_each_other_invoices_do_not_wait_in_a_circle(made: Trade) -> None:
    back = Trade(
        made.network,
        made.buyer,
        made.seller,
        made.buyer.saves("quincaillerie", "customer"),
        made.seller.saves("bitf", "vendor"),
    )
    for n in range(ROUNDS):
        answers = at_once(*[lambda n=n: made.sends(number=f"A-{n}"), lambda n=n: back.sends(number=f"B-{n}")] * 3)
        assert {answer.status for answer in answers} == {201}
