"""What the operator hears of: never an answer, never a name, and not of people at work."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.clock import Clock
from tests.conftest import Member

WORDS = [a + b for a in "abcdefghijklmnop" for b in "ae"]  # 32 texts, each after the one before it
PEOPLE = {f"vendor-{n:02}": f"{word.title()}rbo Matériaux {n}" for n, word in enumerate(WORDS)}


def signals(network: Any) -> list[tuple[str, str]]:
    return network.sql("SELECT kind, company_id FROM signals ORDER BY seq")


def looks(network: Any, member: Any, company: str, viewer: str = "tremblay") -> Any:
    token = network.services.tokens.suggestion(company, viewer)
    return member.ask("POST", "/v1/reveals", {"suggestion": token})


def counted(network: Any, kind: str) -> float:
    found = [line for line in network.nobody().ask("GET", "/metrics").text.splitlines() if f'kind="{kind}"' in line]
    return sum(float(line.split()[-1]) for line in found if line.startswith("carnet_signals_total"))


def test_whoever_asks_for_a_canary_raises_a_signal_and_sees_nothing_of_it(
    network: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = looks(network, network.member("tremblay"), "noise-1").ok()
    network.sql("UPDATE companies SET canary = true WHERE id = 'bitfarms'")
    before = counted(network, "canary")
    shown = looks(network, network.member("tremblay"), "bitfarms")
    assert set(shown.ok()) == set(plain)
    assert shown.ok()["card"]["name"] == "Bitfarms Ltd."
    assert signals(network) == [("canary", "tremblay")]
    assert counted(network, "canary") == before + 1
    (line,) = [json.loads(one) for one in capsys.readouterr().err.splitlines() if '"signal"' in one]
    assert (line["level"], line["kind"], line["company"], line["canary"]) == (
        "warning",
        "canary",
        "tremblay",
        "bitfarms",
    )
    assert "Quincaillerie" not in str(line)
    assert "@" not in str(line)
    looks(network, network.member("tremblay"), "bitfarms").ok()
    assert signals(network) == [("canary", "tremblay")]  # the same day again says nothing new


def test_half_the_quota_without_a_save_is_a_signal_on_the_third_day_and_once_a_day_from_then_on(
    new_network: Callable[..., Any], clock: Clock
) -> None:
    network = new_network(CARNET_LIMITS="on", CARNET_QUOTA_UNSAVED_DAY="6", CARNET_QUOTA_NEWCOMER_DAYS="0")
    network.load(tremblay="Quincaillerie Tremblay ltée", **PEOPLE)
    asker = network.member("tremblay")
    told = []
    for _ in range(4):
        for company in list(PEOPLE)[:5]:
            looks(network, asker, company).ok()
        told.append(len(signals(network)))
        clock.moves(days=2)
    assert told == [0, 0, 1, 2]
    assert set(signals(network)) == {("unsaved_reveals", "tremblay")}


def test_somebody_who_saves_what_was_looked_at_gives_no_signal(new_network: Callable[..., Any], clock: Clock) -> None:
    network = new_network(CARNET_LIMITS="on", CARNET_QUOTA_UNSAVED_DAY="6", CARNET_QUOTA_NEWCOMER_DAYS="0")
    network.load(tremblay="Quincaillerie Tremblay ltée", **PEOPLE)
    asker = network.member("tremblay")
    for day in range(4):
        for company in list(PEOPLE)[day * 5 : day * 5 + 5]:
            link = looks(network, asker, company).ok()["link"]
            asker.ask("POST", "/v1/contacts", {"relation": "vendor", "link": link}).ok()
        clock.moves(days=1)
    assert signals(network) == []


def test_a_program_that_steps_through_the_alphabet_gives_a_signal_and_is_answered_as_before(network: Any) -> None:
    asker = network.member("tremblay")
    assert {asker.types(text).status for text in WORDS} == {200}
    assert signals(network) == [("alphabetical_walk", "tremblay")]
    assert {asker.types(text).status for text in WORDS} == {200}
    assert len(signals(network)) == 1  # said once a day


def test_somebody_who_types_a_sorted_list_letter_by_letter_and_saves_each_gives_no_signal(
    new_network: Callable[..., Any],
) -> None:
    network = new_network()
    network.load(tremblay="Quincaillerie Tremblay ltée", **PEOPLE)
    asker = network.member("tremblay")
    for name in PEOPLE.values():
        for letters in range(1, 7):
            asker.types(name[:letters]).ok()
        asker.saves(name, "vendor")
    assert signals(network) == []


def test_names_in_no_order_give_no_signal_however_many(network: Any) -> None:
    asker = network.member("tremblay")
    for text in [word for pair in zip(WORDS[::2], reversed(WORDS[1::2]), strict=True) for word in pair] * 3:
        asker.types(text)
    assert signals(network) == []


def test_the_walks_of_two_people_are_not_added_up(network: Any) -> None:
    first, second = network.member("tremblay"), network.member("tremblay", "standard_user")
    for number, text in enumerate(WORDS):
        (first if number % 2 else second).types(text)
    assert signals(network) == []


def test_a_look_up_is_answered_though_the_signal_cannot_be_written(network: Any) -> None:
    network.sql("ALTER TABLE signals RENAME TO signals_away")
    asker = network.member("tremblay")
    assert {asker.types(text).status for text in WORDS} == {200}
    network.sql("ALTER TABLE signals_away RENAME TO signals")


def test_the_last_signals_are_shown_whatever_a_member_is_called(new_server: Callable[..., Any]) -> None:
    home = new_server()
    home.carnet("import", home.write("few.csv", {"tremblay": "Tremblay", "bitfarms": "Bitfarms Ltd."}))
    home.carnet("canary", "bitfarms", "on")
    home.start()
    token = home.carnet("token", "--company", "tremblay", "--member", "x[/b]:cat:").stdout.strip()
    Member(home.send, token).picks("bitf")
    shown = home.carnet("signals")
    assert (shown.returncode, "x[/b]:cat:" in shown.stdout) == (0, True), shown.stderr


def test_the_commands_set_a_canary_and_show_the_last_signals(new_server: Callable[..., Any]) -> None:
    home = new_server()
    home.carnet("import", home.write("few.csv", {"tremblay": "Tremblay", "bitfarms": "Bitfarms Ltd."}))
    assert "No signals." in home.carnet("signals").stdout
    assert home.carnet("canary", "bitfarms", "on").returncode == 0
    absent = home.carnet("canary", "nobody", "on")
    assert (absent.returncode, "nobody" in absent.stderr) == (4, True)
    home.start()
    home.member("tremblay").picks("bitf")
    shown = home.carnet("signals").stdout
    assert "canary" in shown
    assert "tremblay" in shown
    assert "No signals." in home.carnet("signals", "--since", "2100-01-01").stdout
    assert home.carnet("signals", "--since", "yesterday").returncode == 2
    assert home.carnet("canary", "bitfarms", "off").returncode == 0
    doctor = home.carnet("doctor").stdout
    assert "CARNET_QUOTA_SAVED_DAY" in doctor
