"""A run on disk: what was measured of which configuration, session by session, so that two can be compared later."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from carnet.files import BadFile
from carnet.tuning.scoring import KEYS, Played, percentiles, score
from carnet.tuning.sessions import ABSENT


def as_json(played: Sequence[Played], **about: Any) -> dict[str, Any]:
    """`about`: the configuration's name, fingerprint, engine, how many companies."""
    return {
        **about,
        "keys": [*KEYS, "all"],
        "latency_ms": percentiles(second for one in played for second in one.seconds),
        "scores": [row.as_dict() for row in score(played)],
        "sessions": [
            {
                "id": one.session.id,
                "tag": one.session.tag,
                "ranks": one.ranks,
                "needed": one.needed,
                "saved": _saved(one),
            }
            for one in played
        ],
    }


def _saved(one: Played) -> float:
    return 0.0 if one.needed is None else round(1 - one.needed / len(one.session.text), 4)


def write(path: Path, run: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """Raises BadFile for a file that no run wrote."""
    try:
        found = json.loads(path.read_text("utf-8"))
        for one in found["sessions"]:
            one["id"], one["tag"], one["saved"] + 0, one["ranks"][-1] + 0
        found["name"], found["keys"], found["scores"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise BadFile(f"{path} is no run of `carnet tune run --out`.") from None
    return dict(found)


def outcomes(run: dict[str, Any]) -> dict[str, tuple[str, float]]:
    """Session id → (tag, share of its text that need not be typed)."""
    return {one["id"]: (one["tag"], one["saved"]) for one in run["sessions"]}


def within(run: dict[str, Any], place: int) -> dict[str, tuple[str, float]]:
    """Session id → (tag, 1 where its company stands at this place or above when all is typed, else 0); absent ones aside."""
    return {
        one["id"]: (one["tag"], float(0 < one["ranks"][-1] <= place)) for one in run["sessions"] if one["tag"] != ABSENT
    }
