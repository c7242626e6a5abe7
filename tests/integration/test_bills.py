"""What becomes of a bill: who may decide what, when, and what the sender hears of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bills import Trade, invoice_of, trade

STATES = ["for_review", "approved", "scheduled", "paid", "rejected"]
MOVES = ["approve", "schedule", "unschedule", "pay", "reject"]
LEADS = {
    ("for_review", "approve"): "approved",
    ("for_review", "reject"): "rejected",
    ("approved", "schedule"): "scheduled",
    ("approved", "pay"): "paid",
    ("approved", "reject"): "rejected",
    ("scheduled", "unschedule"): "approved",
    ("scheduled", "pay"): "paid",
}
WAYS = {
    "for_review": [],
    "approved": ["approve"],
    "scheduled": ["approve", "schedule"],
    "paid": ["approve", "pay"],
    "rejected": ["reject"],
}
WORDS = {name: name.replace("_", " ") for name in STATES}


@pytest.fixture
def made(network: Any) -> Trade:
    return trade(network)


@pytest.fixture(scope="module")
def used(used_network: Any) -> Trade:
    return trade(used_network)


def moves(made: Trade, bill_id: str, move: str) -> Any:
    return made.decides(bill_id, move, {"on": "2026-12-01"} if move == "schedule" else None)


def in_state(made: Trade, state: str) -> str:
    bill_id = made.sent()
    for move in WAYS[state]:
        assert moves(made, bill_id, move).status == 200
    return bill_id


@pytest.mark.parametrize("state", STATES)
def test_only_legal_moves_are_made_and_any_other_changes_nothing(used: Trade, state: str) -> None:
    bill_id = in_state(used, state)
    before = used.bill(bill_id)
    assert before["moves"] == [move for move in MOVES if (state, move) in LEADS]
    for move in MOVES:
        if (state, move) not in LEADS:
            answer = moves(used, bill_id, move)
            assert (answer.status, answer.code) == (409, "illegal_move")
            assert f"This bill is {WORDS[state]}:" in answer.json["detail"]
            wanted = {**dict.fromkeys(MOVES, ""), **{m: WORDS[after] for (_, m), after in LEADS.items()}}[move]
            assert answer.json["detail"].endswith(f"it cannot become {wanted}.")
    assert used.bill(bill_id) == before


@pytest.mark.parametrize(("state", "move"), LEADS)
def test_each_legal_move_leads_where_it_should(used: Trade, state: str, move: str) -> None:
    bill_id = in_state(used, state)
    answer = moves(used, bill_id, move)
    assert answer.ok()["state"] == LEADS[state, move]
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'
    assert answer.json == used.bill(bill_id)
    last = answer.json["history"][-1]
    assert (last["move"], last["state"], last["by"]) == (move, LEADS[state, move], "primary_admin@bitfarms.example")
    assert used.invoice(bill_id)["state"] == LEADS[state, move]


def test_an_illegal_move_is_named_in_french(used: Trade) -> None:
    bill_id = in_state(used, "paid")
    answer = used.buyer.in_french().ask("POST", f"/v1/bills/{bill_id}/approve")
    assert answer.json["detail"] == "Cette facture est payée\u00a0: elle ne peut pas devenir approuvée."


def test_the_days_that_it_is_scheduled_for_and_paid_on_are_kept(used: Trade) -> None:
    bill_id = in_state(used, "approved")
    assert used.decides(bill_id, "schedule", {"on": "2026-11-30"}).json["scheduled_on"] == "2026-11-30"
    assert used.decides(bill_id, "unschedule").json["scheduled_on"] is None
    assert used.decides(bill_id, "pay", {"on": "2026-11-29"}).json["paid_on"] == "2026-11-29"
    assert [one["on"] for one in used.bill(bill_id)["history"]] == [None, None, "2026-11-30", None, "2026-11-29"]


@pytest.mark.parametrize(("move", "body"), [("schedule", {}), ("schedule", {"on": "soon"}), ("pay", {"on": "x"})])
def test_a_day_that_is_none_is_refused(used: Trade, move: str, body: dict[str, str]) -> None:
    bill_id = in_state(used, "approved")
    answer = used.decides(bill_id, move, body)
    assert (answer.status, list(answer.json["errors"])) == (422, ["on"])
    assert used.bill(bill_id)["state"] == "approved"


def test_the_sender_reads_what_became_of_it_and_why_but_not_who_or_when_it_was_looked_at(made: Trade) -> None:
    bill_id = made.sent(number="A-1")
    twin = made.sent(number="A-1")
    before = made.seller.ask("GET", f"/v1/invoices/{twin}")
    made.bills()
    made.bill(twin)
    assert made.decides(twin, "release").status == 200
    assert made.seller.ask("GET", f"/v1/invoices/{twin}").text == before.text
    assert "ETag" not in before.headers
    made.decides(twin, "reject", {"reason": "Sent twice"})
    told = made.seller.ask("GET", f"/v1/invoices/{twin}")
    assert (told.json["state"], told.json["reason"]) == ("rejected", "Sent twice")
    assert [one["state"] for one in told.json["became"]] == ["for_review", "rejected"]
    assert "bitfarms.example" not in told.text
    assert "held" not in told.json
    made.decides(bill_id, "approve")
    made.decides(bill_id, "schedule", {"on": "2026-12-01"})
    assert made.invoice(bill_id)["scheduled_on"] == "2026-12-01"
    listed = made.seller.ask("GET", "/v1/invoices?state=scheduled").ok()["invoices"]
    assert [one["id"] for one in listed] == [bill_id]


def test_who_may_not_decide_may_read_and_is_offered_no_move(made: Trade) -> None:
    bill_id = made.sent()
    clerk = made.network.member("bitfarms", "standard_user")
    assert clerk.ask("GET", f"/v1/bills/{bill_id}").ok()["moves"] == []
    for move in (*MOVES, "release"):
        answer = clerk.ask("POST", f"/v1/bills/{bill_id}/{move}", {"on": "2026-12-01"} if move == "schedule" else None)
        assert (answer.status, answer.code) == (403, "not_allowed")
    assert made.bill(bill_id)["state"] == "for_review"


def test_whoever_read_an_older_version_decides_nothing(made: Trade) -> None:
    bill_id = made.sent()
    read = made.buyer.ask("GET", f"/v1/bills/{bill_id}").headers["ETag"]
    assert made.decides(bill_id, "approve", If_Match=read).status == 200
    for stale in (read, f"W/{read}", '"x"'):
        answer = made.decides(bill_id, "pay", If_Match=stale)
        assert (answer.status, answer.code) == (412, "stale")
    assert made.decides(bill_id, "pay", If_Match="*").status == 200


def test_the_same_invoice_again_arrives_held_and_is_approved_only_after_a_person_released_it(made: Trade) -> None:
    first = made.sent(number="F-7 a")
    second = made.sent(number=" f-7A")
    bill = made.bill(second)
    assert (bill["state"], bill["held"], bill["duplicate_of"]) == ("for_review", "duplicate", first)
    assert bill["moves"] == ["reject", "release"]
    answer = made.decides(second, "approve")
    assert (answer.status, answer.code) == (409, "held")
    released = made.decides(second, "release").ok()
    assert (released["held"], released["duplicate_of"], released["state"]) == (None, first, "for_review")
    assert (released["history"][-1]["move"], released["history"][-1]["by"]) == (
        "release",
        "primary_admin@bitfarms.example",
    )
    assert made.decides(second, "release").code == "illegal_move"
    assert made.decides(second, "approve").ok()["state"] == "approved"


@pytest.mark.parametrize(
    "looks_alike",
    ["F-\u200b7", "F\u00ad-7", "F-7\ufeff", "F-7\ufe0f", "F\u3164-7", "F\u20117", "F\u20107", "F\u22127", "f \u2013 7"],
    ids=ascii,
)
def test_a_number_that_looks_the_same_is_the_same(used: Trade, looks_alike: str) -> None:
    one = f"{len(used.bills())} "
    first = used.sent(number=f"{one}F-7")
    bill = used.bill(used.sent(number=one + looks_alike))
    assert (bill["held"], bill["duplicate_of"]) == ("duplicate", first)


def test_a_bill_of_an_earlier_release_that_kept_its_dash_is_known_again(made: Trade) -> None:
    first = made.sent(number="F\u20137")
    made.network.sql("UPDATE bills SET folded_number = :kept", kept="f\u20137")
    assert made.bill(made.sent(number="F\u20137"))["duplicate_of"] == first


def test_a_number_used_again_with_another_total_or_currency_arrives_held_as_that(made: Trade) -> None:
    first = made.sent(invoice_of("10.00", number="F-7"))
    for again in (invoice_of("11.00", number="F-7"), invoice_of("10.00", number="F-7", currency="USD")):
        bill = made.bill(made.sent(again))
        assert (bill["held"], bill["duplicate_of"]) == ("number_reused", first)


def test_an_invoice_that_was_rejected_may_be_sent_again(made: Trade) -> None:
    made.decides(made.sent(number="F-7"), "reject")
    assert made.bill(made.sent(number="F-7"))["held"] is None


def test_the_same_number_of_another_sender_is_no_duplicate(made: Trade) -> None:
    other = trade(made.network, seller="heroux")
    made.sent(number="F-7")
    assert other.bill(other.sent(number="F-7"))["held"] is None


def test_the_list_is_in_order_of_due_date_and_read_a_page_at_a_time(made: Trade) -> None:
    days = ["2026-12-05", "2026-12-01", "2026-12-05", "2026-11-30", "2026-12-05"]
    sent = [made.sent(number=f"A-{n}", due_on=day) for n, day in enumerate(days)]
    made.decides(sent[0], "reject")
    assert list(walk(made, "/v1/bills?limit=2", "bills")) == sorted(zip(days, sent, strict=True))
    assert [one["id"] for one in made.bills("?state=rejected")] == [sent[0]]
    assert [one["due_on"] for one in made.bills("?due_before=2026-12-05")] == ["2026-11-30", "2026-12-01"]
    assert len(made.bills("?due_before=2026-12-05&state=rejected")) == 0


def walk(made: Trade, path: str, name: str) -> Iterator[tuple[str, str]]:
    after = ""
    while after is not None:
        page = made.buyer.ask("GET", path + after).ok()
        assert len(page[name]) <= 2
        yield from ((one["due_on"], one["id"]) for one in page[name])
        after = f"&after={page['next']}" if "next" in page else None


@pytest.mark.parametrize("query", ["state=open", "due_before=soon", "after=x", "limit=0", "limit=501"])
def test_a_bad_question_for_the_list_is_named(used: Trade, query: str) -> None:
    answer = used.buyer.ask("GET", f"/v1/bills?{query}")
    assert (answer.status, list(answer.json["errors"])) == (422, [query.split("=")[0]])


def test_reminders_are_of_what_is_overdue_due_soon_or_scheduled_for_a_day_that_has_come(made: Trade) -> None:
    days = {"late": "2026-11-19", "today": "2026-11-20", "soon": "2026-11-27", "later": "2026-11-28"}
    sent = {
        name: made.sent(number=name, issued_on="2026-11-01", due_on=day)
        for name, day in {**days, "paid": "2026-11-10", "promised": "2026-12-30", "kept": "2026-11-18"}.items()
    }
    for name, move, body in (
        ("paid", "approve", None),
        ("paid", "pay", None),
        ("promised", "approve", None),
        ("promised", "schedule", {"on": "2026-11-20"}),
        ("kept", "approve", None),
        ("kept", "schedule", {"on": "2026-11-19"}),
    ):
        assert made.decides(sent[name], move, body).status == 200
    answer = made.buyer.ask("GET", "/v1/bills/reminders?within=7&today=2026-11-20").ok()
    assert [(one["number"], one["reasons"]) for one in answer["reminders"]] == [
        ("kept", ["overdue", "scheduled"]),
        ("late", ["overdue"]),
        ("today", ["due"]),
        ("soon", ["due"]),
        ("promised", ["scheduled"]),
    ]
    paged = walk(made, "/v1/bills/reminders?within=7&today=2026-11-20&limit=2", "reminders")
    assert [one for _, one in paged] == [one["id"] for one in answer["reminders"]]
    none = made.buyer.ask("GET", "/v1/bills/reminders?within=0&today=2026-11-10").ok()
    assert none == {"today": "2026-11-10", "reminders": []}


def test_the_cash_flow_says_what_is_to_be_paid_in_each_week_and_mixes_no_currencies(made: Trade) -> None:
    late = made.sent(invoice_of("0.10", number="1", issued_on="2026-10-01", due_on="2026-11-01"))
    made.sent(invoice_of("0.20", number="2", due_on="2026-11-25"))
    made.sent(invoice_of("1000", number="3", due_on="2026-11-29", currency="JPY"))
    scheduled = made.sent(invoice_of("0.30", number="4", due_on="2027-01-30"))
    paid = made.sent(invoice_of("9.99", number="5", due_on="2026-11-26"))
    rejected = made.sent(invoice_of("9.99", number="6", due_on="2026-11-26"))
    made.sent(invoice_of("9.99", number="7", due_on="2026-12-07"))  # beyond
    for bill_id in (late, scheduled, paid):
        made.decides(bill_id, "approve")
    made.decides(scheduled, "schedule", {"on": "2026-12-06"})
    made.decides(paid, "pay")
    made.decides(rejected, "reject")
    answer = made.buyer.ask("GET", "/v1/bills/cash-flow?weeks=2&today=2026-11-24").ok()
    cad = {"currency": "CAD", "due": "0.00", "scheduled": "0.00", "overdue": "0.00"}
    jpy = {"currency": "JPY", "due": "0", "scheduled": "0", "overdue": "0"}
    assert answer["weeks"] == [
        {
            "week": "2026-W48",
            "starts_on": "2026-11-23",
            "currencies": [{**cad, "due": "0.20", "overdue": "0.10"}, {**jpy, "due": "1000"}],
        },
        {"week": "2026-W49", "starts_on": "2026-11-30", "currencies": [{**cad, "scheduled": "0.30"}, jpy]},
    ]
    assert made.seller.ask("GET", "/v1/bills/cash-flow").ok()["weeks"][7]["currencies"] == []


def test_a_held_bill_counts_in_the_cash_flow_only_once_it_is_released(made: Trade) -> None:
    _, second = (made.sent(invoice_of("5.00", due_on="2026-11-25")) for _ in range(2))
    asked = "/v1/bills/cash-flow?weeks=1&today=2026-11-24"
    assert made.buyer.ask("GET", asked).ok()["weeks"][0]["currencies"][0]["due"] == "5.00"
    made.decides(second, "release")
    assert made.buyer.ask("GET", asked).ok()["weeks"][0]["currencies"][0]["due"] == "10.00"


def test_the_cash_flow_is_exact_over_more_bills_than_fit_a_page(made: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.bills.cash_flow._PAGE", 3)
    for n in range(10):
        made.sent(invoice_of("0.10", number=str(n), due_on="2026-11-25"))
    week = made.buyer.ask("GET", "/v1/bills/cash-flow?weeks=1&today=2026-11-24").ok()["weeks"][0]
    assert week["currencies"] == [{"currency": "CAD", "due": "1.00", "scheduled": "0.00", "overdue": "0.00"}]


def test_the_last_days_of_a_year_stand_in_the_week_that_iso_8601_gives_them(made: Trade) -> None:
    made.sent(invoice_of("1.00", due_on="2027-01-03"))
    weeks = made.buyer.ask("GET", "/v1/bills/cash-flow?weeks=2&today=2026-12-31").ok()["weeks"]
    assert [(week["week"], len(week["currencies"])) for week in weeks] == [("2026-W53", 1), ("2027-W01", 1)]
    assert weeks[0]["currencies"][0]["due"] == "1.00"
