"""`carnet lookup --explain`: which tier, which words, which signals, on both engines."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from carnet.cli import carnet
from tests.conftest import network_on
from tests.stacks import Stack

COMPANIES = {
    "methode": {"name": "Boulangerie St-Méthode inc.", "city": "Adstock", "province": "QC"},
    "strategies": {"name": "St. Michael Strategies Inc.", "city": "Chambly", "province": "QC"},
    "realtors": {"name": "London and St. Thomas Association of REALTORS®", "city": "London", "province": "ON"},
    "lantic": {
        "name": "Lantic inc.",
        "other_names": "Sucre Rogers|🏭 Raffinerie",
        "city": "Montréal",
        "province": "QC",
    },
}


@pytest.fixture(scope="module")
def town(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with network_on(stack, tmp_path_factory.mktemp("explain")) as network:
        network.load(**COMPANIES)
        yield network


def explain(town: Any, text: str, *options: str) -> str:
    asked = ["lookup", text, "--region", "ca", "--explain", *options]
    said = CliRunner().invoke(carnet, asked, env={**town.environment, "COLUMNS": "260"}, standalone_mode=False)
    assert said.exit_code == 0, said.output
    return said.output


@pytest.mark.parametrize(
    ("text", "tier", "matched"),
    [
        ("boulangerie st-methode", "1 whole name", "Boulangerie + St + Méthode"),
        ("boulangerie st", "2 start of the name", "Boulangerie + St"),
        ("thomas assoc", "3 words in a row, later on", "Thomas + Assoc"),
        ("methode boul", "4 each starts a word", "Boul + Méthode"),
        ("boulangeriestm", "5 without spaces", "Boulangerie + St + M"),
        ("sms", "6 first letters of words", "St + M + S"),
        ("boulangrie st", "7 start, one typo, 5 from the end", "Boulangerie + St"),
        ("bolangrie st m", "8 start, two typos, 13 from the end", "Boulangerie + St + M"),
        ("thoams realtros", "9 typo in a word or first letter", "Thomas + REALTORS"),
        ("sucre rog", "2 start of the name", "Sucre + Rog"),
        ("raffinerie", "1 whole name", "Raffinerie"),
    ],
)
def test_each_tier_is_named_with_the_parts_of_the_name_that_were_typed(
    town: Any, text: str, tier: str, matched: str
) -> None:
    said = explain(town, text)
    assert f"│ {tier} " in said, said
    assert f"│ {matched} " in said, said


def test_the_signals_stand_beside_it_with_the_words_that_are_still_to_type(town: Any) -> None:
    said = explain(town, "london", "--city", "London", "--province", "ON")
    assert "same city" in said
    assert ": and St" in said
    assert "elsewhere" in explain(town, "london", "--province", "QC")


def test_who_is_found_by_another_name_is_shown_with_both(town: Any) -> None:
    assert "Sucre Rogers  (Lantic inc.)" in explain(town, "sucre")


def test_it_says_which_question_found_what(town: Any) -> None:
    assert "1 by the first." in explain(town, "boulangerie")
    said = explain(town, "thoams realtros")
    assert re.search(r"0 by the first, (1 by the second|0 by the second, 1 by the third)\.", said), said
    assert "Nothing is found." in explain(town, "zqxwvk")
    assert "it was not asked" in explain(town, "…")
