"""A member who types on: what the index proposed some letters ago is used again, and decides nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from directory.ports import Reach
from directory.typing_on import TypingOn
from tests.conftest import settled


@pytest.fixture
def asked(network: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Reach]]:
    """What the index is asked: the letters, and how far."""
    questions, real = list[tuple[str, Reach]](), type(network.engine).propose

    def propose(engine: Any, region: str, typed: Any, *more: Any, reach: Reach = Reach.NEAR, **options: Any) -> Any:
        questions.append((typed.joined[0], reach))
        return real(engine, region, typed, *more, reach=reach, **options)

    monkeypatch.setattr(type(network.engine), "propose", propose)
    return questions


def test_letters_behind_a_text_that_few_fit_ask_the_index_no_more(network: Any, asked: list[tuple[str, Reach]]) -> None:
    asker = network.member("tremblay")
    assert [asker.finds(text) for text in ("bitfa", "bitfar", "bitfarms", "bitfarms l")] == [["Bitfarms Ltd."]] * 4
    assert asked == [("bitfa", Reach.NEAR)]


@pytest.fixture
def plumbers(network: Any) -> Any:
    network.load(**{f"plomberie{n}": {"name": f"Plomberie {name}"} for n, name in enumerate(["Gagnon", "Roy", "Dion"])})
    return network.member("tremblay")


def test_whose_name_fits_no_more_is_not_confirmed_again(
    network: Any, plumbers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed, real = list[int](), network.services.records.ask

    def ask(*statement: Any, **values: Any) -> Any:
        confirmed.extend([len(values["ids"])] if "ids" in values else [])
        return real(*statement, **values)

    monkeypatch.setattr(network.services.records, "ask", ask)
    for text in ("plomberie", "plomberie gag", "plomberie gagn"):
        plumbers.finds(text)
    assert confirmed == [4, 4, 2]  # with the asker's own


def test_letters_taken_back_find_again_whom_those_that_were_typed_had_ruled_out(
    plumbers: Any, asked: list[tuple[str, Reach]]
) -> None:
    assert len(plumbers.finds("plomberie")) == 3
    assert plumbers.finds("plomberie gag") == plumbers.finds("plomberie gagn") == ["Plomberie Gagnon"]
    assert plumbers.finds("plomberie di") == ["Plomberie Dion"]
    assert plumbers.finds("plomberie gag") == ["Plomberie Gagnon"]
    assert len(asked) == 1


def test_initials_of_which_the_last_was_not_typed_yet_are_found_with_it(
    network: Any, asked: list[tuple[str, Reach]]
) -> None:
    network.load(meant={"name": "Zinc Yttrium Xénon Wolfram Vanadium Uranium"}, other={"name": "Zyxwv Mines"})
    asker = network.member("tremblay")
    assert asker.finds("zyxwv") == ["Zyxwv Mines"]
    assert asker.finds("zyxwvu")[0] == "Zinc Yttrium Xénon Wolfram Vanadium Uranium"
    assert len(asked) == 1


def test_the_same_text_again_and_another_one_ask_the_index(network: Any, asked: list[tuple[str, Reach]]) -> None:
    asker = network.member("tremblay")
    for text in ("bitfar", "bitfar", "bitfa", "hérou", "bitfarms"):
        asker.finds(text)
    assert [text for text, _ in asked] == ["bitfar", "bitfar", "bitfa", "herou", "bitfarms"]


def test_what_nothing_fits_as_it_stands_is_asked_for_only_further_from_what_was_typed(
    network: Any, asked: list[tuple[str, Reach]]
) -> None:
    asker = network.member("tremblay")
    assert asker.finds("zzzzz") == asker.finds("zzzzzz") == []
    further = [reach for text, reach in asked if text == "zzzzzz"]
    assert Reach.FAR in further
    assert Reach.NEAR not in further


def test_who_opts_out_while_somebody_types_is_gone_at_the_next_letter(network: Any) -> None:
    asker, owner = network.member("tremblay"), network.member("bitfarms")
    assert asker.finds("bitfa") == ["Bitfarms Ltd."]
    owner.turns(visible=False)
    assert asker.finds("bitfar") == []
    owner.turns(visible=True)
    assert asker.finds("bitfarm") == ["Bitfarms Ltd."]


def test_who_is_renamed_while_somebody_types_is_found_by_the_new_name_alone(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.finds("bitfa") == ["Bitfarms Ltd."]
    network.load(bitfarms={"name": "Keel Infrastructure"})
    assert asker.finds("bitfar") == []
    assert asker.finds("keel i") == ["Keel Infrastructure"]


def test_a_company_that_has_moved_while_its_member_types_finds_those_of_its_new_region(network: Any) -> None:
    network.load(across={"name": "Bitfarms Vermont", "region": "us"})
    asker = network.member("tremblay")
    assert asker.finds("bitfa") == ["Bitfarms Ltd."]
    network.sql("UPDATE companies SET region = 'us' WHERE id = 'tremblay'")
    assert asker.finds("bitfar") == ["Bitfarms Vermont"]


def test_who_is_no_member_any_more_is_told_so_at_the_next_letter(network: Any) -> None:
    asker = network.member("tremblay")
    assert asker.finds("bitfa") == ["Bitfarms Ltd."]
    network.sql("DELETE FROM members WHERE company_id = 'tremblay'")
    assert asker.types("bitfar").code == "not_a_member"


def test_what_one_member_has_typed_is_not_used_for_another(network: Any, asked: list[tuple[str, Reach]]) -> None:
    network.member("tremblay").finds("bitfa")
    network.member("heroux").finds("bitfar")
    assert [text for text, _ in asked] == ["bitfa", "bitfar"]


def test_where_a_name_has_all_that_was_typed_nobody_is_shown_who_may_be_meant_with_two_typos(
    network: Any, plumbers: Any
) -> None:
    assert len(plumbers.finds("plomberie")) == 3
    assert plumbers.finds("plomberie ro") == network.member("heroux").finds("plomberie ro") == ["Plomberie Roy"]


def test_who_was_proposed_for_fewer_letters_and_may_be_meant_with_two_typos_keeps_nobody_from_being_looked_for(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.load(meant={"name": "Fintex Mécanique"}, other={"name": "Les Intérieurs Bousada"})

    def propose(*_: Any, reach: Reach = Reach.NEAR, **__: Any) -> list[str]:
        return ["meant"] if reach is Reach.FAR else ["other"] if reach is Reach.NEAR else []

    asker = network.member("tremblay")
    monkeypatch.setattr(type(network.engine), "propose", propose)
    asker.finds("les fin")
    assert asker.finds("les fintex") == ["Fintex Mécanique"]


def test_candidates_that_a_letter_more_rules_out_are_not_counted_as_what_the_index_got_wrong(
    network: Any, plumbers: Any
) -> None:
    assert len(plumbers.finds("plomberie")) == 3
    network.sql("UPDATE companies SET visible = :no WHERE id = 'plomberie1'", no=False)
    before = counted(network)
    assert plumbers.finds("plomberie gag") == ["Plomberie Gagnon"]
    assert counted(network) == before


def counted(network: Any) -> list[str]:
    lines = network.send("GET", "/metrics", {}, None).text.splitlines()
    return [line for line in lines if line.startswith(("carnet_lookup_unfit_total", "carnet_confirm_dropped_total"))]


def test_each_letter_counts_as_a_look_up_whether_the_index_is_asked_or_not(new_network: Callable[..., Any]) -> None:
    network = settled(new_network(CARNET_LIMITS="on", CARNET_LIMIT_LOOKUPS="3/minute"))
    asker = network.member("tremblay")
    assert [asker.types(text).status for text in ("bitfa", "bitfar", "bitfarm", "bitfarms")] == [200, 200, 200, 429]


def test_the_index_is_asked_again_once_what_it_proposed_has_grown_old(
    network: Any, asked: list[tuple[str, Reach]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(network.services.typists, "_typing_on", TypingOn(lambda: now))
    asker = network.member("tremblay")
    asker.finds("bitfa")
    now = 4.9
    asker.finds("bitfar")
    assert [text for text, _ in asked] == ["bitfa"]
    now = 5.1
    asker.finds("bitfarm")
    assert [text for text, _ in asked] == ["bitfa", "bitfarm"]
