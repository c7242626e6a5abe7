"""Loads the data files of this folder and names them all by one fingerprint."""

import hashlib
import json
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from mappings.changed import FOLDER, changed, shipped

# The data that decides what stands in an index. A change to any of them makes every older build stale.
INDEXED = ("folding.json", "legal_forms.json", "index.json", "opensearch.json", "provinces.json")


@cache
def load(name: str) -> Any:
    """The parsed JSON of the data file `name`; of a changed copy, where the folder that CARNET_MAPPINGS names has one.

    Read when a process starts, and once: a change counts for processes that are started after it. Raises FileNotFoundError where
    there is none, BadData where the folder holds a mistake, in whichever file.
    """
    counts = _changed()
    return counts[name] if name in counts else shipped(name)


@cache
def _changed() -> dict[str, Any]:
    folder = os.environ.get(FOLDER, "").strip()
    return changed(Path(folder)) if folder else {}


@cache
def fingerprint(renderer: str) -> str:
    """Eight hexadecimal digits that change whenever the data, the folding or the `renderer` (its own version) does.

    Data files count by their content and not by their layout: reindenting one changes nothing. Of the code, two modules count by
    their text, comments too; whoever changes what another renders raises the renderer's version.
    """
    digest = hashlib.sha256(renderer.encode())
    for name in INDEXED:
        digest.update(json.dumps(load(name), sort_keys=True, ensure_ascii=True).encode())
    for module in ("folding.py", "as_said.py"):
        digest.update(resources.files("mappings").joinpath(module).read_bytes())
    return digest.hexdigest()[:8]
