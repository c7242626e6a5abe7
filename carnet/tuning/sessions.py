"""Typing sessions: who is meant, and what is typed to reach them. Lists of them are the judgements of relevance.

On disk a session is a line of JSON, so that a list can be read, diffed and edited by hand. `absent` sessions mean a company
that is not there: nothing should be offered at their end.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib import resources
from pathlib import Path
from typing import Any

from carnet.files import BadFile
from carnet.tuning.styles import BRIEF, SHORTEST, STYLES, Named, plain, reading

ABSENT = "absent"
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Session:
    """`target`: the id of the company meant ("" where it is absent), `name`: what it is called, by which it is judged.
    `city`, `province`: from where it is typed, where that is to count.
    """

    tag: str
    text: str
    target: str = ""
    name: str = ""
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


def with_absent(known: Sequence[Named], per_tag: int, seed: int) -> list[Session]:
    """Sessions of every tag, and as many for companies that are then left out of the index."""
    drawn = draw(known, per_tag, seed)
    meant = [session.name for session in drawn]
    return drawn + absent([company.name for company in known], meant, per_tag, seed)


def bundled() -> Path:
    """The list that ships, over the bundled sample."""
    return Path(str(resources.files("mappings").joinpath("judgements", "sample.jsonl")))


def read(path: Path) -> Iterator[Session]:
    """Raises BadFile naming the line that is no session. Blank lines are none."""
    yield from (session for _, session in _numbered(path))


def of_companies(path: Path, companies: Mapping[str, Named]) -> Iterator[Session]:
    """The same, each with the name that its company has among `companies` (by id). Raises BadFile naming the line that means
    none of them.
    """
    for number, session in _numbered(path):
        if session.tag == ABSENT:
            yield session
        elif session.target in companies:
            yield replace(session, name=companies[session.target].name)
        else:
            raise BadFile(f'{path}, line {number}: "{session.target}" is the id of no company that is measured.')


def write(path: Path, sessions: Iterable[Session]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for session in sessions:
            said = {key: value for key, value in asdict(session).items() if value or key not in ("city", "province")}
            file.write(json.dumps(said, ensure_ascii=False) + "\n")


def _numbered(path: Path) -> Iterator[tuple[int, Session]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                session = _session(line)
            except ValueError as error:
                raise BadFile(f"{path}, line {number}: {error}") from None
            yield number, session


_FIELDS = [field.name for field in fields(Session)]


def _session(line: bytes) -> Session:
    said = _object(line)
    for field, value in said.items():
        if field not in _FIELDS:
            raise ValueError(f'there is no "{field}": there are {", ".join(_FIELDS)}')
        if not isinstance(value, str):
            raise ValueError(f'"{field}" must be a text "…"')
    session = Session(**{"tag": "", "text": "", **said})
    if "text" in said and not session.text.strip():
        raise ValueError("nothing is typed in it")
    for field in ("tag", "text", *(["target"] if session.tag != ABSENT else [])):
        if not said.get(field, "").strip():
            raise ValueError(f'"{field}" is missing')
    return session


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line.decode("utf-8-sig").strip())
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON ({error.msg}, character {error.colno})") from None
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except RecursionError:
        raise ValueError("no session") from None
    if not isinstance(said, dict):
        raise ValueError("not a JSON object {…}")
    return said
