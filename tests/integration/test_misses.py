"""What is counted of look-ups that found nothing: traits of the text, and never the text."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.misses import traits_of
from tests.conftest import settled

TYPED = (
    "Zqxwvk Industries inc.",
    "zqxwvk",
    "j.zqxwvk@zqxwvk.example",
    "514 555 0187 zqxwvk",
    "Zqxwvkova Дикси",
    "zqxwvkbitf",
)
NEVER = ("zqxwvk", "industries", "555 0187", "дикси", "bitf", "example")


def everything_in(redis_url: str) -> str:
    """Keys and values of every kind, as one text."""
    import redis

    read = {"string": "get", "hash": "hgetall", "list": "lrange", "set": "smembers", "zset": "zrange"}
    found = []
    with redis.Redis.from_url(redis_url) as store:
        for key in store.keys("*"):
            how = read[store.type(key).decode()]
            found.append((key, getattr(store, how)(key, *((0, -1) if how in ("lrange", "zrange") else ()))))
    return str(found)


def misses_in(metrics: str) -> list[str]:
    return [line for line in metrics.splitlines() if line.startswith("carnet_lookup_misses_total")]


def test_what_was_typed_reaches_neither_log_nor_metrics_nor_redis(
    new_network: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    network = settled(new_network(CARNET_LIMITS="on"))
    member = network.member("tremblay")
    for text in TYPED:
        for letters in range(1, len(text) + 1):
            member.types(text[:letters]).ok()
    metrics = network.nobody().ask("GET", "/metrics").text
    assert misses_in(metrics)
    kept = [("metrics", metrics), ("log", "".join(capfd.readouterr()))]
    if network.settings.redis_url:
        kept.append(("redis", everything_in(network.settings.redis_url)))
        assert "found nothing" in kept[-1][1]
    for where, said in kept:
        assert not [secret for secret in NEVER if secret in said.lower()], where


def test_a_server_logs_nothing_that_was_typed_and_the_report_reads_what_it_counted(
    new_server: Callable[..., Any],
) -> None:
    server = new_server()
    server.carnet("import", server.write("companies.csv", {"tremblay": "Tremblay", "bitfarms": "Bitfarms"}))
    server.start()
    member = server.member("tremblay")
    for text in ("bitfarms", *TYPED):
        member.types(text).ok()
    said = server.carnet("tune", "misses", "--server", server.url)
    assert said.returncode == 0, said.stderr
    assert "6 of 7 look-ups found nothing" in said.stdout
    if server.settings.redis_url:
        said = server.carnet("tune", "misses")
        assert "6 of 7 look-ups found nothing in the last 7 days" in said.stdout
        assert datetime.now(UTC).date().isoformat() in said.stdout
        assert "5-8" in server.carnet("tune", "misses", "--region", "ca").stdout
        assert "No look-up" in server.carnet("tune", "misses", "--region", "us").stdout
    server.stop()
    log = (server.folder / "server.log").read_text().lower()
    assert not [secret for secret in NEVER if secret in log or secret in said.stdout.lower()]


def test_look_ups_are_answered_with_the_store_away(new_network: Callable[..., Any]) -> None:
    network = settled(new_network(CARNET_REDIS_URL="redis://127.0.0.1:9/0"))
    member = network.member("tremblay")
    assert [member.finds("zqxwvk") for _ in range(3)] == [[], [], []]


def test_without_a_server_to_ask_the_report_says_so(new_server: Callable[..., Any]) -> None:
    said = new_server().carnet("tune", "misses", "--server", "http://127.0.0.1:9")
    assert said.returncode == 1
    assert "does not answer" in said.stderr


@pytest.mark.parametrize(
    ("text", "trait", "value"),
    [
        ("zq", "letters", "1-2"),
        ("zqxwvk zqxwvk zqxwvk", "letters", "17 and more"),
        ("a b c d e", "words", "4 and more"),
        ("ДИКСИ", "script", "cyrillic"),
        ("Дикси bank", "script", "several"),
        ("9123-4567", "script", "no letters"),
        ("9123 québec", "digits", "some"),
        ("Inc. ltée", "legal form", "nothing else"),
        ("Zqxwvk inc.", "legal form", "some"),
        ("zqx", "forgiven", "nothing: too short"),
        ("zqxwv", "forgiven", "one typo"),
        ("zqxwvkqz", "forgiven", "two typos"),
        ("zqxwvk", "index", "asked again"),
    ],
)
def test_a_text_has_these_traits(text: str, trait: str, value: str) -> None:
    assert traits_of(text, {})[trait] == value


def test_a_blank_text_is_no_miss() -> None:
    assert traits_of(" …", {}) == {}


def test_what_the_index_proposed_and_the_records_refused_is_told_apart() -> None:
    assert traits_of("zqxwvk", {"hidden": 1})["index"] == "proposed what was not confirmed"
