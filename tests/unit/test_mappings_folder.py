"""CARNET_MAPPINGS: a folder with changed copies of the data files, for tuning without touching the installation."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from carnet.settings import BadSetting, read_settings
from mappings.checks import unfolded
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
    ],
)
def test_a_word_that_no_folded_name_can_have_is_refused_with_how_to_write_it(
    tmp_path: Path, file: str, data: object, wanted: str
) -> None:
    (tmp_path / file).write_text(json.dumps(data))
    with pytest.raises(BadSetting, match=rf'in {file}, ".*" would never be met.*: write "{wanted}"'):
        read_settings({"CARNET_MAPPINGS": str(tmp_path)})


@pytest.mark.parametrize("file", ["folding.json", "legal_forms.json", "common_words.json"])
def test_the_words_that_ship_are_written_as_names_are_folded(file: str) -> None:
    assert list(unfolded(file, load(file))) == []


def test_a_query_json_that_was_tuned_for_an_earlier_release_is_still_read(tmp_path: Path) -> None:
    query = load("query.json")
    earlier = {key: query[key] for key in query if key not in ("articles", "far_candidates_per_suggestion")}
    earlier["weights"] = {"same_city": 4.0, "same_province": 4.0}
    earlier["candidates_per_suggestion"] = 3
    (tmp_path / "query.json").write_text(json.dumps(earlier))
    ask = "import indexer.engines.opensearch_query; from directory.lookup import *; print(candidates(Reach.FAR))"
    environment = {**os.environ, "CARNET_MAPPINGS": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["73"]
