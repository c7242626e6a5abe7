"""Seeing a card after a pick: only with a suggestion of one's own, only while the company may be shown, and on record."""

import time
from typing import Any

import pytest

from tests.clock import moved_clock


def reveal(member: Any, suggestion: Any, **headers: str) -> Any:
    return member.ask("POST", "/v1/reveals", {"suggestion": suggestion}, headers=headers)


def test_a_pick_shows_the_card_says_that_it_is_unverified_and_gives_a_link(network: Any) -> None:
    shown = network.member("tremblay").picks("bitf")
    assert set(shown) == {"card", "link", "unverified", "notice"}
    assert shown["unverified"] is True
    assert "not verified" in shown["notice"]
    assert shown["card"] == {
        "name": "Bitfarms Ltd.",
        "other_names": ["Cryptofermes", "Backbone Hosting"],
        "email": "compta@bitfarms.example",
        "phone": "+15145550134",
        "website": "https://www.bitfarms.example/contact",
        "street": "7777, rue Sans-Pareille",
        "city": "Toronto",
        "province": "ON",
        "postal_code": "J4K 5G4",
        "country": "CA",
        "notice": "No unsolicited commercial messages.",
    }


def test_the_notice_is_said_in_french_too(network: Any) -> None:
    shown = network.member("tremblay").in_french().picks("bitf")
    assert "vérifi" in shown["notice"]
    assert shown["card"]["notice"] == "Aucun message commercial non sollicité."


def test_every_pick_is_written_to_the_owners_ledger(network: Any) -> None:
    network.member("tremblay").picks("bitf")
    network.member("heroux", "standard_user").picks("bitf")
    assert network.sql("SELECT company_id, viewer_company_id, viewer FROM reveals ORDER BY seq") == [
        ("bitfarms", "tremblay", "primary_admin@tremblay.example"),
        ("bitfarms", "heroux", "standard_user@heroux.example"),
    ]


def test_whatever_is_wrong_with_a_suggestion_the_answer_is_the_same_and_nothing_is_written_down(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = network.member("tremblay")
    tokens = network.services.tokens
    hidden, moved, ended, own = (asker.suggestion(q) for q in ("bitf", "heroux", "noise", "boul"))
    elsewhere = tokens.suggestion("ajax", "tremblay")
    firm = tokens.suggestion("firm", "tremblay")
    absent = tokens.suggestion("absent", "tremblay")
    link = tokens.link("noise-2", "tremblay")
    real = time.time
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: real() - 301)
        expired = tokens.suggestion("noise-2", "tremblay")
    anothers = network.member("ajax") and tokens.suggestion("noise-2", "ajax")
    network.member("bitfarms").turns(visible=False)
    network.load(heroux={"name": "Héroux-Devtek inc.", "region": "us"})
    network.ends("noise-2")
    network.sql("UPDATE companies SET erased = true WHERE id = 'noise-1'")
    tampered = hidden[:-6] + ("A" if hidden[-6] != "A" else "B") + hidden[-5:]
    for bad in (
        hidden,
        moved,
        ended,
        own,
        elsewhere,
        firm,
        absent,
        link,
        expired,
        anothers,
        tampered,
        "",
        "x",
        "é",
        "a" * 5_000,
    ):
        answer = reveal(asker, bad)
        assert (answer.status, answer.text) == (404, reveal(asker, "x").text), bad
    assert network.sql("SELECT count(*) FROM reveals") == [(0,)]


@pytest.mark.parametrize("wrong", [None, 5, [], {}, True])
def test_a_suggestion_is_a_text(still_network: Any, wrong: Any) -> None:
    answer = reveal(still_network.member("tremblay"), wrong)
    assert (answer.status, list(answer.json["errors"])) == (422, ["suggestion"])


def test_a_suggestion_names_nothing_and_is_short(network: Any) -> None:
    long_id = "i" * 60
    network.load(**{long_id: "Zephyr", "h" * 60: "Holder"})
    suggestion = network.member("h" * 60).suggestion("zeph")
    assert len(suggestion) <= 200
    assert long_id[:9] not in suggestion
    assert reveal(network.member("h" * 60), suggestion).ok()["card"]["name"] == "Zephyr"


def test_the_same_request_sent_twice_with_a_key_is_one_pick_on_record(network: Any) -> None:
    asker = network.member("tremblay")
    suggestion = asker.suggestion("bitf")
    first, again = (reveal(asker, suggestion, **{"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first.ok()["card"] == again.ok()["card"]
    assert network.sql("SELECT count(*) FROM reveals") == [(1,)]


def test_a_key_shows_no_card_for_longer_than_its_suggestion_is_good(network: Any) -> None:
    asker = network.member("tremblay")
    suggestion = asker.suggestion("bitf")
    first = reveal(asker, suggestion, **{"Idempotency-Key": "k-1"}).ok()
    assert reveal(asker, suggestion, **{"Idempotency-Key": "k-1"}).ok()["card"] == first["card"]
    assert reveal(asker, "forged", **{"Idempotency-Key": "k-1"}).code == "idempotency_key_reused"
    with moved_clock() as clock:
        clock.moves(hours=1)
        asker = network.member("tremblay")
        assert reveal(asker, suggestion, **{"Idempotency-Key": "k-1"}).code == "not_found"
    assert network.sql("SELECT count(*) FROM reveals") == [(1,)]


def test_a_key_does_not_bring_back_the_card_of_a_company_that_is_hidden_since(network: Any) -> None:
    asker = network.member("tremblay")
    suggestion = asker.suggestion("bitf")
    reveal(asker, suggestion, **{"Idempotency-Key": "k-1"})
    network.member("bitfarms").turns(visible=False)
    answer = reveal(asker, suggestion, **{"Idempotency-Key": "k-1"})
    assert answer.status == 404
    assert "bitfarms" not in answer.text.lower()
