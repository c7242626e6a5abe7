"""Loads the data files of this folder and names them all by one fingerprint."""

import hashlib
import json
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

# Everything that decides what stands in an index. A change to any of them makes every older build stale.
INDEXED = ("folding.json", "legal_forms.json", "index.json", "opensearch.json", "provinces.json")


FOLDER = "CARNET_MAPPINGS"  # names a folder with changed copies of some of these files, which count instead


@cache
def load(name: str) -> Any:
    """The parsed JSON of the data file `name`. Raises FileNotFoundError where there is none.

    Read when a process starts, and once: a change counts for processes that are started after it.
    """
    changed = Path(os.environ.get(FOLDER) or os.devnull) / name
    source = changed if changed.is_file() else resources.files("mappings").joinpath(name)
    return json.loads(source.read_text("utf-8"))


@cache
def fingerprint(renderer: str) -> str:
    """Eight hexadecimal digits that change whenever the data, the folding or the `renderer` (its own version) does.

    Data files count by their content and not by their layout: reindenting one changes nothing.
    """
    digest = hashlib.sha256(renderer.encode())
    for name in INDEXED:
        digest.update(json.dumps(load(name), sort_keys=True, ensure_ascii=True).encode())
    for module in ("folding.py", "as_said.py"):
        digest.update(resources.files("mappings").joinpath(module).read_bytes())
    return digest.hexdigest()[:8]
