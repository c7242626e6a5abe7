"""Whoever types is read with each answer: what was remembered from the last letter decides nothing."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import func, select, text

from directory.errors import TooManyRequests, Unavailable
from directory.lookup import THESE
from directory.ports import Reach
from directory.records import Prepared, Records
from directory.records.tables import companies
from mappings.reading import Typed
from tests.conftest import settled
from tests.services.waiting import until


def test_from_the_second_letter_on_a_look_up_is_one_statement(network: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asker, asked, real = network.member("tremblay"), [], Records.ask

    def ask(records: Records, prepared: Any, *more: Any, **values: Any) -> Any:
        asked.append(sorted(values))
        return real(records, prepared, *more, **values)

    monkeypatch.setattr(Records, "ask", ask)
    assert asker.finds("bi") == asker.finds("bit") == ["Bitfarms Ltd."]
    assert asked == [["company", "subject"], *[["company", "ids", "subject"]] * 2]


def test_who_is_no_member_any_more_is_told_so_at_the_next_letter(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.finds("bit") == ["Bitfarms Ltd."]
    network.sql("DELETE FROM members WHERE company_id = 'tremblay'")
    for _ in range(2):  # with what was remembered, and without
        refused = asker.types("bitf")
        assert (refused.status, refused.code) == (403, "not_a_member")
        assert "Bitfarms" not in refused.text


def test_a_company_that_has_left_finds_nobody_at_the_next_letter(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.finds("bit") == ["Bitfarms Ltd."]
    network.ends("tremblay")
    assert [asker.types("bitf").code for _ in range(2)] == ["not_a_member"] * 2


def test_a_company_that_has_moved_finds_those_of_its_new_region_at_the_next_letter(network: Any) -> None:
    network.load(across={"name": "Bitfarms Vermont", "region": "us"})
    asker = network.member("tremblay")
    assert asker.finds("bit") == ["Bitfarms Ltd."]
    network.sql("UPDATE companies SET region = 'us' WHERE id = 'tremblay'")
    assert asker.finds("bitf") == ["Bitfarms Vermont"]
    network.sql("UPDATE companies SET region = 'ca' WHERE id = 'tremblay'")
    assert asker.finds("bitf") == ["Bitfarms Ltd."]


def test_a_company_that_moves_twice_while_it_looks_up_finds_those_where_it_is_then(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.load(across={"name": "Bitfarms Vermont", "region": "us"})
    asker, propose = network.member("tremblay"), type(network.engine).propose
    moves = [f"UPDATE companies SET region = '{region}' WHERE id = 'tremblay'" for region in ("us", "ca")]  # noqa: S608
    assert asker.finds("bit") == ["Bitfarms Ltd."]

    def moving(*arguments: Any, **more: Any) -> Any:
        found = propose(*arguments, **more)
        if moves:
            network.sql(moves.pop(0))
        return found

    monkeypatch.setattr(type(network.engine), "propose", moving)
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    assert not moves


def test_a_hidden_company_goes_on_looking_up(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.finds("bit") == ["Bitfarms Ltd."]
    asker.turns(visible=False)
    assert asker.finds("bitf") == ["Bitfarms Ltd."]


def test_an_empty_text_of_a_stranger_is_refused_like_any_other(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.types("").ok()["suggestions"] == []
    network.ends("tremblay")
    assert [asker.types(q).code for q in ("", "…", "b")] == ["not_a_member"] * 3


def test_who_goes_on_asking_after_being_told_to_wait_asks_the_index_no_more(
    new_network: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = settled(new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="3/minute"))
    asker, asked, real = network.member("tremblay"), [], network.engine.propose

    def propose(*arguments: Any, **more: Any) -> Any:
        asked.append(arguments)
        return real(*arguments, **more)

    monkeypatch.setattr(type(network.engine), "propose", lambda _engine, *a, **k: propose(*a, **k))
    assert [asker.types("bitf").status for _ in range(3)] == [200] * 3
    assert {asker.types("bitf").status for _ in range(20)} == {429}
    assert len(asked) < 3 + 10
    assert network.member("bitfarms").types("tremb").status == 200


def test_where_a_second_question_has_no_time_left_what_fits_partly_is_shown_and_nothing_is_an_error(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = list[float]()

    def propose(
        _engine: Any, _region: str, typed: Typed, *_: Any, reach: Reach, spent_s: float, **__: Any
    ) -> list[str]:
        spent.append(spent_s)
        if reach:
            raise Unavailable("search", "the look-up has no time left")
        return ["bitfarms"] if "bitfarms" in typed.words else []

    asker = network.member("tremblay")
    monkeypatch.setattr(type(network.engine), "propose", propose)
    assert asker.finds("bitfarms zzzzz") == ["Bitfarms Ltd."]
    assert asker.types("zzzzz").status == 503
    assert spent[0] < spent[1], "the second question is told what the first took"
    assert spent[2] < spent[3]


def test_confirmed_companies_that_do_not_fit_are_counted_and_are_no_drift(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def propose(*_: Any, reach: Reach, **__: Any) -> list[str]:
        return [] if reach else ["bitfarms", "heroux"]

    monkeypatch.setattr(type(network.engine), "propose", propose)
    asker = network.member("tremblay")
    before = network.send("GET", "/metrics", {}, None).text
    assert asker.finds("bitf") == ["Bitfarms Ltd."]
    after = network.send("GET", "/metrics", {}, None).text
    assert counted(after, "carnet_lookup_unfit_total") - counted(before, "carnet_lookup_unfit_total") == 1
    assert counted(after, "carnet_confirm_dropped_total") == counted(before, "carnet_confirm_dropped_total")


def counted(metrics: str, name: str) -> float:
    return sum(float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(name))


def test_what_is_done_while_the_records_work_is_done_once_and_its_refusal_leaves_them_as_they_were(
    network: Any,
) -> None:
    some, done = Prepared(select(companies.c.id).where(THESE)), list[str]()

    def refuses() -> None:
        raise TooManyRequests(1)

    def ends() -> None:
        raise KeyboardInterrupt

    with closing(Records(network.records.url.render_as_string(hide_password=False), answer_within_s=2.0)) as records:
        for _ in range(8):  # the driver prepares a statement that comes again and again
            assert records.ask(some, lambda: done.append("once"), ids=["bitfarms"]) == [("bitfarms",)]
        with pytest.raises(TooManyRequests):
            records.ask(some, refuses, ids=["bitfarms"])
        with pytest.raises(KeyboardInterrupt):
            records.ask(some, ends, ids=["bitfarms"])
        assert records.ask(some, ids=["heroux", "nobody"]) == [("heroux",)]
    assert done == ["once"] * 8


@pytest.mark.services
def test_postgresql_is_at_work_while_something_else_is_done(network: Any) -> None:
    slow = Prepared(select(func.pg_sleep(0.5).label("slept")))
    at_work = text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'")

    def is_at_work() -> bool:
        with network.records.reading() as connection:
            return bool(connection.execute(at_work).scalar())

    seen = list[str]()

    def meanwhile() -> None:
        until(is_at_work, 5, "the statement is at work")
        seen.append("at work")

    with closing(Records(network.records.url.render_as_string(hide_password=False), answer_within_s=5.0)) as records:
        records.ask(slow, meanwhile)
    assert seen == ["at work"]
