"""`carnet tune` as docs/tuning.md uses it: draw, run, change an equivalence, run again, compare, export; on both engines."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from carnet.cli import carnet
from tests.conftest import CARNET, Home
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


def write_run(path: Path, name: str, **ranks: int) -> None:
    """Each session typed to its end, with its company there at the end at this place."""
    found = [{"id": one, "tag": "mine", "saved": 0.5, "ranks": [0, rank]} for one, rank in ranks.items()]
    path.write_text(json.dumps({"name": name, "keys": [4, "all"], "scores": [], "sessions": found}))


@pytest.mark.embedded
def test_a_company_that_moves_up_when_all_is_typed_is_counted(workshop: Home, tunes: Callable[..., str]) -> None:
    write_run(workshop.folder / "a.json", "a", one=2, two=7, three=1, four=3)
    write_run(workshop.folder / "b.json", "b", one=1, two=5, three=1, four=2)
    said = tunes("compare", "a.json", "b.json")
    rows = [re.split(r" *│ *", line.strip("│ ")) for line in said.splitlines() if line.startswith("│")]
    assert rows[2][:6] == ["mine", "first", "0.250", "0.500", "1", "0"]
    assert rows[3][:5] == ["first 5", "0.750", "1.000", "1", "0"]
    assert "one  (place 2 → 1)" in said
    assert "two  (place 7 → 5)" in said


@pytest.fixture
def fails(workshop: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(workshop.folder)

    def run(*arguments: str) -> str:
        said = subprocess.run(
            [*CARNET, "tune", *arguments],
            env={**os.environ, **workshop.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 2, said.stderr
        assert "Traceback" not in said.stderr
        return " ".join(said.stderr.split())

    return run


@pytest.mark.embedded
def test_wrong_input_ends_with_a_sentence(workshop: Home, tunes: Callable[..., str], fails: Callable[..., str]) -> None:
    run = ("run", "--companies", "companies.csv")
    (workshop.folder / "list.jsonl").write_text('{"tag": "mine", "text": "st-albert", "target": "c99"}\n')
    assert 'list.jsonl, line 1: "c99" is the id of no company' in fails(*run, "--sessions", "list.jsonl")
    (workshop.folder / "list.jsonl").write_text('\n{"tag": "mine"\n')
    for command in ((*run, "--sessions"), ("export", "--to", "qrels")):
        assert "list.jsonl, line 2: no JSON" in fails(*command, "list.jsonl")
    (workshop.folder / "list.jsonl").write_text("\n")
    for command in ((*run, "--sessions"), ("export", "--to", "qrels")):
        assert "There are no sessions in list.jsonl." in fails(*command, "list.jsonl")
    assert "There is no company in xx in companies.csv." in fails(*run, "--region", "xx")
    (workshop.folder / "known.csv").write_text("id,region,name,connected\na,ca,Un,many\n")
    assert "known.csv, line 2: connected must be a number" in fails("draw", "x.jsonl", "--companies", "known.csv")
    write_run(workshop.folder / "a.json", "a", one=1)
    write_run(workshop.folder / "b.json", "b", two=1)
    assert "have no session in common" in fails("compare", "a.json", "b.json")
    assert "list.jsonl is no run" in fails("compare", "a.json", "list.jsonl")
    assert "--cases" in fails("compare", "a.json", "a.json", "--cases", "-1")
    assert "should end in" in fails("compare", "a.json", "a.json", "--plot", "change")
    workshop.environment["CARNET_REDIS_URL"] = "redis://127.0.0.1:port"
    assert "CARNET_REDIS_URL is no address" in fails("misses")


@pytest.mark.embedded
def test_of_a_list_what_means_companies_of_another_region_is_left_out(
    workshop: Home, tunes: Callable[..., str]
) -> None:
    workshop.write("two.csv", {"a": "Héroux-Devtek inc.", "b": {"name": "Bitfarms", "region": "us"}})
    lines = [{"tag": "mine", "text": "bitf", "target": "b"}, {"tag": "mine", "text": "heroux", "target": "a"}]
    (workshop.folder / "list.jsonl").write_text("\n".join(map(json.dumps, lines)))
    said = tunes("run", "--companies", "two.csv", "--sessions", "list.jsonl", "--region", "ca", "--out", "run.json")
    assert "Left out: 1 sessions" in said
    assert len(json.loads((workshop.folder / "run.json").read_text())["sessions"]) == 1


@pytest.mark.embedded
def test_without_matplotlib_a_plot_is_refused_before_anything_is_measured(
    workshop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workshop.folder)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    said = CliRunner().invoke(carnet, ["tune", "run", "--plot", "x.svg", "--out", "x.json"], env=workshop.environment)
    assert said.exit_code == 2
    assert "--plot needs matplotlib: pip install 'carnet[tune]'" in said.output
    assert not (workshop.folder / "x.json").exists()


def test_a_list_is_exported_in_three_forms(tunes: Callable[..., str]) -> None:
    tunes("draw", "list.jsonl", "--companies", "companies.csv", "--per-tag", "1")
    assert all(len(line.split(" ")) == 4 for line in tunes("export", "list.jsonl", "--to", "qrels").splitlines())
    judged = json.loads(tunes("export", "list.jsonl", "--to", "search-relevance"))
    asked = json.loads(tunes("export", "list.jsonl", "--to", "query-set"))
    assert judged["type"] == "IMPORT_JUDGMENT"
    assert [one["query"] for one in judged["judgmentRatings"]] == [one["queryText"] for one in asked["querySetQueries"]]
