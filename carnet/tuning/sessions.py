"""Typing sessions: who is meant, and what is typed to reach them. Lists of them are the judgements of relevance.

On disk a session is a line of JSON, so that a list can be read, diffed and edited by hand. `absent` sessions mean a company
that is not there: nothing should be offered at their end.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from carnet.tuning.styles import BRIEF, SHORTEST, STYLES, Named, plain, reading

ABSENT = "absent"
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Session:
    """`target`: the company meant ("" where it is absent), `name`: what it is called. `city`, `province`: from where it is typed,
    where that is to count.
    """

    tag: str
    text: str
    target: str
    name: str
    city: str = ""
    province: str = ""

    @property
    def id(self) -> str:
        place = ", ".join(filter(None, (self.city, self.province)))
        return f"{self.tag}:{self.target}:{self.text}{f' @ {place}' if place else ''}"


def draw(companies: Sequence[Named], per_tag: int, seed: int, tags: Iterable[str] = STYLES) -> list[Session]:
    """Up to `per_tag` sessions of each tag, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  # a lottery, not a secret
    drawn = []
    for tag in tags:
        pool, found = rng.sample(companies, len(companies)), 0
        for company in pool:
            if found == per_tag:
                break
            if tag not in BRIEF and len(plain(company.name)) < SHORTEST:
                continue
            text = STYLES[tag](company, rng).strip()[:LONGEST]
            if text and (tag in BRIEF or len(text) >= SHORTEST):
                drawn.append(Session(tag, text, company.id, company.name))
                found += 1
    return drawn


def absent(names: Sequence[str], present: Iterable[str], many: int, seed: int) -> list[Session]:
    """Sessions for names that no company has: real ones that were left out of the index."""
    readings = {reading(name) for name in present}
    rng = random.Random(seed)  # noqa: S311
    left_out = [name for name in rng.sample(names, len(names)) if reading(name) not in readings]
    return [Session(ABSENT, plain(name)[:LONGEST], "", name) for name in left_out[:many]]


def bundled() -> Path:
    """The list that ships, over the bundled sample."""
    return Path(str(resources.files("mappings").joinpath("judgements", "sample.jsonl")))


def read(path: Path) -> Iterator[Session]:
    """Raises ValueError naming the line that is no session."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                session = Session(**json.loads(line))
                if not session.text.strip():
                    raise ValueError("nothing is typed in it")
                yield session
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def write(path: Path, sessions: Iterable[Session]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for session in sessions:
            said = {key: value for key, value in asdict(session).items() if value or key not in ("city", "province")}
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
