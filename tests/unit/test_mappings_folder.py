"""CARNET_MAPPINGS: a folder with changed copies of the data files, for tuning without touching the installation."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mappings
from carnet.settings import BadSetting, read_settings
from mappings.changed import changed, shipped
from mappings.checks import never_met
from mappings.data import load

ASK = """
from mappings.data import fingerprint
from mappings.folding import fold
print(fold("Acme Mfg").joined, fingerprint("1"))
"""


def asked(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_a_changed_file_counts_for_processes_started_with_it_and_names_their_index_anew(tmp_path: Path) -> None:
    folding = {**load("folding.json"), "conjunctions": {**load("folding.json")["conjunctions"], "mfg": "manufacturing"}}
    (tmp_path / "folding.json").write_text(json.dumps(folding))
    (joined, ours), (changed, theirs) = asked(), asked(CARNET_MAPPINGS=str(tmp_path))
    assert (joined, changed) == ("acmemfg", "acmemanufacturing")
    assert ours != theirs


def test_a_folder_that_is_not_there_and_a_file_that_is_no_json_are_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="CARNET_MAPPINGS must be a folder"):
        read_settings({"CARNET_MAPPINGS": str(tmp_path / "absent")})
    (tmp_path / "query.json").write_text("{")
    with pytest.raises(BadSetting, match=r"CARNET_MAPPINGS: query\.json cannot be read"):
        read_settings({"CARNET_MAPPINGS": str(tmp_path)})
    assert read_settings({}).mappings is None


@pytest.mark.parametrize(
    ("file", "data", "wanted"),
    [
        ("legal_forms.json", {"anywhere": ["inc", "Coopérative de solidarité"]}, "cooperative de solidarite"),
        ("legal_forms.json", {"end": ["s.a.r.f."]}, "sarf"),
        ("folding.json", {"conjunctions": {"Éts": "etablissements"}}, "ets"),
        ("folding.json", {"conjunctions": {"ste": "Sainte"}}, "sainte"),
        ("folding.json", {"small_words": ["à"]}, "a"),
        ("common_words.json", {"common": ["Québec"]}, "quebec"),
        ("query.json", {"articles": ["the", "L'"]}, "l"),
        ("legal_forms.json", {"end": ["genossenschaft und co"]}, "genossenschaft and co"),
        ("folding.json", {"letters": {"&": " and ", "é": "E"}}, "e"),
    ],
)
def test_a_word_that_no_folded_name_can_have_is_refused_with_how_to_write_it(
    tmp_path: Path, file: str, data: dict[str, object], wanted: str
) -> None:
    (tmp_path / file).write_text(json.dumps({**load(file), **data}))
    with pytest.raises(BadSetting, match=rf'in {file}, ".*" would never be met.*: write "{wanted}"'):
        read_settings({"CARNET_MAPPINGS": str(tmp_path)})


@pytest.mark.parametrize(
    "file", ["folding.json", "legal_forms.json", "common_words.json", "query.json", "free_mail.json"]
)
def test_the_words_that_ship_are_written_as_names_are_folded(file: str) -> None:
    assert list(never_met(file, load(file))) == []


def test_a_copy_of_all_that_ships_is_taken(tmp_path: Path) -> None:
    for path in Path(mappings.__path__[0]).glob("*.json"):
        shutil.copy(path, tmp_path)
    assert read_settings({"CARNET_MAPPINGS": str(tmp_path)}).mappings == tmp_path


def carnet(tmp_path: Path, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CARNET_MAPPINGS": str(folder or tmp_path), "CARNET_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "carnet", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


WEIGHTS = {"same_city": 4.0, "same_province": 4.0, "known": 1.0}


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("folding.json", '{\n  "letters": {},\n  nonsense\n}', "folding.json cannot be read (line 3, column 3: "),
        ("query.json", "[" * 100_000, "query.json cannot be read (it is nested too deeply)"),
        ("query.json", b"\xff", "query.json cannot be read ("),
        ("foldings.json", "{}", "no foldings.json ships"),
        ("query.json", {"weights": {**WEIGHTS, "same_town": 2.0}}, 'there is no "weights.same_town"'),
        ("query.json", {"weights": {"same_city": 4.0}}, '"weights.same_province" is missing'),
        ("query.json", {"weights": {**WEIGHTS, "known": "much"}}, '"weights.known" must be a number, not a text'),
        ("query.json", {"weights": {**WEIGHTS, "known": -1}}, '"weights.known" must be from 0 '),
        ("query.json", {"weights": {**WEIGHTS, "known": float("inf")}}, "Infinity is no number"),
        ("query.json", {"longest_text": 64.5}, '"longest_text" must be a whole number, not a number'),
        ("query.json", {"most_words": True}, '"most_words" must be a whole number, not true or false'),
        ("query.json", {"articles": "the"}, '"articles" must be a list'),
        ("index.json", {"starts": {"min": 9, "max": 8}}, '"starts.min" is more than its max'),
        ("folding.json", {"conjunctions": {"ste": 5}}, '"conjunctions.ste" must be a text'),
        ("folding.json", {"conjunctions": {"ste": ""}}, '"conjunctions.ste" is empty'),
        (
            "folding.json",
            {"conjunctions": {"ste": "sainte foy"}},
            '"sainte foy" would never be met, since conjunctions',
        ),
        ("folding.json", {"small_words": ["…"]}, '"…" would never be met, since nothing is left'),
        ("folding.json", {"dropped_marks": [["0300", "zz"]]}, '"dropped_marks" must be pairs like'),
        ("legal_forms.json", {"end": ["sa", " "]}, '"end 2" is empty'),
        ("free_mail.json", '["gmail.com", 5]', '"2" must be a text'),
        ("free_mail.json", '["Gmail.com"]', 'write "gmail.com"'),
        ("free_mail.json", '["@gmail.com"]', '"@gmail.com" would never be met, since it is no domain'),
        ("free_mail.json", '["https://gmail.com"]', "since it is no domain"),
        ("folding.json", {"letters": {"&": " and ", "ch": "k"}}, '"ch" would never be met, since letters are compared'),
        ("folding.json", {"dropped_marks": [["036f", "0300"]]}, '"dropped_marks" must be pairs like'),
        ("query.json", '{"articles": ["the"], "articles": ["der"]}', 'cannot be read ("articles" is there twice)'),
        ("query.json", '{"weights": {"known": 1.0, "known": 2.0}}', 'cannot be read ("known" is there twice)'),
        (
            "folding.json",
            {"conjunctions": {"mfg": "manufacturing", "manufacturing": "fabrication"}},
            '"mfg" is to be "manufacturing", which is itself to be "fabrication"',
        ),
        ("folding.json", {"conjunctions": {"st": "street", "street": "st"}}, '"st" is to be "street", which is itself'),
        ("folding.json", {"inner_words": {"ste": "st"}}, '"ste" is to be "st", which is itself to be "saint"'),
        ("folding.json", {"inner_words": {"st": "street"}}, '"st" of inner_words would never be met'),
        ("provinces.json", {"qc": "quebec"}, '"qc" must be a list'),
        ("opensearch.json", {"settings": {}}, '"settings.refresh_interval" is missing'),
    ],
)
def test_a_mistake_in_a_file_stops_a_command_with_a_sentence_that_names_it(
    tmp_path: Path, file: str, content: Any, said: str
) -> None:
    if isinstance(content, dict):
        content = json.dumps({**(shipped(file) if file != "foldings.json" else {}), **content})
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = carnet(tmp_path, "tune", "analyze", "Ste-Foy")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in " ".join(ended.stderr.split()), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", [["tune", "analyze", "Ste-Foy"], ["tune", "run"], ["index", "status"]])
def test_a_folder_that_is_not_there_stops_every_command(tmp_path: Path, command: list[str]) -> None:
    ended = carnet(tmp_path, *command, folder=tmp_path / "absent")
    assert (ended.returncode, ended.stderr.strip()) == (2, "CARNET_MAPPINGS must be a folder.")


def test_whoever_tunes_may_do_without_legal_forms(tmp_path: Path) -> None:
    (tmp_path / "legal_forms.json").write_text(json.dumps({"anywhere": [], "end": [], "start": []}))
    ended = carnet(tmp_path, "tune", "analyze", "Acme Inc")
    assert (ended.returncode, "acmeinc" in ended.stdout) == (0, True), ended.stderr


def test_a_common_word_may_be_made_another_one_that_is_listed_too(tmp_path: Path) -> None:
    """`svcs` ships as a common word."""
    data = {**load("folding.json"), "conjunctions": {"svcs": "services"}}
    (tmp_path / "folding.json").write_text(json.dumps(data))
    (tmp_path / "common_words.json").write_text(json.dumps(load("common_words.json")))
    assert "services" in carnet(tmp_path, "tune", "analyze", "Acme Svcs").stdout


def test_what_opensearch_judges_by_itself_may_be_added(tmp_path: Path) -> None:
    data = shipped("opensearch.json")
    data = {**data, "settings": {**data["settings"], "auto_expand_replicas": False, "number_of_replicas": 0}}
    (tmp_path / "opensearch.json").write_text(json.dumps(data))
    assert changed(tmp_path) == {"opensearch.json": data}


def test_a_query_json_that_was_tuned_for_an_earlier_release_is_still_read(tmp_path: Path) -> None:
    query, lacking = (
        load("query.json"),
        ("articles", "far_candidates_per_suggestion", "typing_candidates_per_suggestion"),
    )
    earlier = {key: query[key] for key in query if key not in lacking}
    earlier["weights"] = {"same_city": 4.0, "same_province": 4.0}
    earlier["candidates_per_suggestion"] = 3
    (tmp_path / "query.json").write_text(json.dumps(earlier))
    ask = "import indexer.engines.opensearch_query; from directory.lookup import *; print(candidates(Reach.FAR))"
    environment = {**os.environ, "CARNET_MAPPINGS": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["73"]


def test_a_folding_json_that_was_tuned_for_an_earlier_release_is_still_read(tmp_path: Path) -> None:
    earlier = {key: value for key, value in load("folding.json").items() if key not in ("inner_words", "small_words")}
    (tmp_path / "folding.json").write_text(json.dumps({**earlier, "conjunctions": {"mfg": "manufacturing"}}))
    assert "acme" in carnet(tmp_path, "tune", "analyze", "Acme Mfg Ste Anne").stdout


def test_words_within_a_name_may_be_added(tmp_path: Path) -> None:
    data = {**load("folding.json"), "inner_words": {"mtl": "montreal"}}
    (tmp_path / "folding.json").write_text(json.dumps(data))
    assert "montreal" in carnet(tmp_path, "tune", "analyze", "Acme Mtl").stdout
