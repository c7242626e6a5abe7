"""As many companies as are wanted: real ones, and beyond those some made from the parts of real names. Streamed."""

import gzip
import hashlib
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from carnet.files import read_lines
from carnet.tuning.styles import Named

_PARTS = 60_000  # real names whose parts are joined anew
_LONGEST = 320
_SEED = 2026


def companies(path: Path, many: int) -> Iterator[Named]:
    """`many` companies, always the same ones: spread over the whole file, then made ones as long as any are missing."""
    lines = _lines(path)
    yield from islice(_spread(path, min(many, lines), lines), many)
    missing = many - sum(1 for _ in _spread(path, min(many, lines), lines))
    if missing:
        yield from islice(_made(list(_spread(path, min(_PARTS, lines), lines))), missing)


def _lines(path: Path) -> int:
    """With data in them: a header is none."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        return sum(1 for _ in file) - 1


def _spread(path: Path, many: int, lines: int) -> Iterator[Named]:
    """The companies in `many` of so many lines, evenly; lines that hold no name that could be typed are left out."""
    for number, line in enumerate(read_lines(path)):
        if (number + 1) * many // lines == number * many // lines:
            continue
        fields = line.fields or {}
        name = str(fields.get("name") or "").strip()[:_LONGEST]
        if any(c.isalnum() for c in name):
            others = tuple(filter(None, str(fields.get("other_names") or "").split("|")))
            yield _company(str(fields["id"]), name, others, str(fields["city"]), str(fields["province"]))


def _made(real: list[Named]) -> Iterator[Named]:
    """First words of one name, last words and place of another."""
    heads = [words[: (len(words) + 1) // 2] for words in (company.name.split() for company in real)]
    rng, number = random.Random(_SEED), 0
    while True:
        number += 1
        last = rng.choice(real)
        words = last.name.split()
        name = " ".join([*rng.choice(heads), *words[(len(words) + 1) // 2 :]])
        if any(c.isalnum() for c in name):
            yield _company(f"made:{number}", name[:_LONGEST], (), last.city, last.province)


def _company(company_id: str, name: str, others: tuple[str, ...], city: str, province: str) -> Named:
    return Named(company_id, name, others, city, province, _popularity(company_id))


def _popularity(company_id: str) -> int:
    """A step of popularity: half as many companies at each as at the one before, most of them at none."""
    drawn = int.from_bytes(hashlib.sha256(company_id.encode()).digest()[:4])
    zeros = (drawn & -drawn).bit_length() - 1
    return min(max(zeros - 2, 0), 15)
