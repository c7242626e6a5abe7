"""`carnet tune` as docs/tuning.md uses it: draw, run, change an equivalence, run again, compare, export; on both engines."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from carnet.cli import carnet
from tests.conftest import Home
from tests.stacks import Stack

NAMES = [
    "St-Albert Cheese Cooperative Inc.",
    "Boulangerie St-Méthode",
    "Placage au Chrome de Ste-Foy Inc.",
    "Laurentian Bank of Canada",
    "Hammer & Nails Ltd.",
    "9123-4567 Québec inc.",
    "Héroux-Devtek inc.",
    "International Business Machines",
]


@pytest.fixture
def workshop(stack: Stack, tmp_path: Path) -> Any:
    with stack(tmp_path) as place:
        home = Home(tmp_path, dict(place))
        home.write("companies.csv", {f"c{number}": name for number, name in enumerate(NAMES)})
        yield home


@pytest.fixture
def tunes(workshop: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(workshop.folder)

    def run(*arguments: str) -> str:
        environment = {**workshop.environment, "COLUMNS": "200"}
        said = CliRunner().invoke(carnet, ["tune", *arguments], env=environment, catch_exceptions=False)
        assert said.exit_code == 0, said.output
        return said.output

    return run


def test_a_run_prints_tables_keeps_what_it_measured_draws_curves_and_leaves_no_index(
    workshop: Home, tunes: Callable[..., str]
) -> None:
    tunes("draw", "list.jsonl", "--companies", "companies.csv", "--per-tag", "3")
    said = tunes("run", "--companies", "companies.csv", "--sessions", "list.jsonl", "--full", "--name", "mine",
                 "--out", "run.json", "--plot", "run.svg")  # fmt: skip
    for heading in ("Success@1", "Success@3", "Success@5", "Success@8", "MRR", "reference", "p99"):
        assert heading in said
    kept = json.loads((workshop.folder / "run.json").read_text())
    assert kept["keys"] == [2, 3, 4, 6, 8, 12, 24, "all"]
    assert {"clean", "numbered", "acronym"} <= {row["tag"] for row in kept["scores"]}
    assert "keystrokes" in (workshop.folder / "run.svg").read_text()
    if "CARNET_SEARCH_URL" in workshop.environment:
        from tests.services.own import index_names

        url, _, prefix = workshop.environment["CARNET_SEARCH_URL"].partition("#")
        assert index_names(url, prefix) == []


def test_two_runs_are_compared_session_by_session(workshop: Home, tunes: Callable[..., str]) -> None:
    tunes("draw", "list.jsonl", "--companies", "companies.csv", "--per-tag", "2")
    for name in ("a", "b"):
        tunes(
            "run", "--companies", "companies.csv", "--sessions", "list.jsonl", "--name", name, "--out", f"{name}.json"
        )
    said = tunes("compare", "a.json", "b.json", "--plot", "change.svg")
    assert "a → b" in said
    assert "1.0000" in said  # the same twice differs by nothing but luck
    assert (workshop.folder / "change.svg").stat().st_size


def test_a_list_is_exported_in_three_forms(tunes: Callable[..., str]) -> None:
    tunes("draw", "list.jsonl", "--companies", "companies.csv", "--per-tag", "1")
    assert all(len(line.split(" ")) == 4 for line in tunes("export", "list.jsonl", "--to", "qrels").splitlines())
    judged = json.loads(tunes("export", "list.jsonl", "--to", "search-relevance"))
    asked = json.loads(tunes("export", "list.jsonl", "--to", "query-set"))
    assert judged["type"] == "IMPORT_JUDGMENT"
    assert [one["query"] for one in judged["judgmentRatings"]] == [one["queryText"] for one in asked["querySetQueries"]]
