"""A folder with changed copies of the data files: read and checked as a whole, before anything counts.

A mistake in it would stop a process in the middle of an import, or count for nothing without a word.
"""

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn

from mappings.shapes import faults

FOLDER = "CARNET_MAPPINGS"  # the setting that names it


class BadData(ValueError):
    """The sentence names the file, where in it, and what it may be."""


def changed(folder: Path) -> dict[str, Any]:
    """File name → parsed JSON of what is there. Raises BadData for the first mistake."""
    if not folder.is_dir():
        raise BadData(f"{FOLDER} must be a folder.")
    found = {}
    for path in sorted(folder.glob("*.json")):
        if path.name not in _names():
            raise BadData(f"{FOLDER}: no {path.name} ships, so it would count for nothing; {', '.join(_names())} do.")
        try:
            data = parse(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise BadData(f"{FOLDER}: {path.name} cannot be read ({_why(error)}).") from None
        for fault in faults(path.name, data, shipped(path.name)):
            raise BadData(f"{FOLDER}: in {path.name}, {fault}.")
        found[path.name] = data
    return found


@cache
def shipped(name: str) -> Any:
    """Raises FileNotFoundError where there is none."""
    return parse(resources.files("mappings").joinpath(name).read_text("utf-8"))


def parse(text: str) -> Any:
    """Raises ValueError, RecursionError."""
    return json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)


@cache
def _names() -> list[str]:
    return sorted(file.name for file in resources.files("mappings").iterdir() if file.name.endswith(".json"))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets the last one count without a word, and somebody has added an entry that was there already."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'"{key}" is there twice')
        found[key] = value
    return found


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number")


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
