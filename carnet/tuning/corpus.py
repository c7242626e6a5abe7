"""Companies held in memory and in an index of their own: what sessions are played against.

The index is written by the renderer and asked by the query that serve people, and the order is the rules' own; only the
records' confirmation is left out, which drops what is not there and orders nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from carnet.files import BadFile, Line, read_lines
from carnet.tuning.scoring import MOST, Search
from carnet.tuning.sessions import Session
from carnet.tuning.styles import Named, reading
from directory.lookup import MOST_SUGGESTIONS, Suggestion, answer, nearness, propose
from directory.popularity import step
from directory.ports import Near, Reach
from indexer.build_names import BuildName
from indexer.engines.embedded import EmbeddedEngine
from indexer.engines.ownership import Ownership
from indexer.engines.port import Document, Engine
from indexer.render import fingerprint, render
from mappings.folding import fold
from mappings.reading import read

REGION = "zz"  # all companies in one index, whichever region they are of: the hardest case
_BATCH = 2_000
_CONNECTED = "connected"


def read_companies(path: Path, region: str | None = None) -> list[Named]:
    """The companies of a file in the format of `carnet import`; of one region only, where it is given. Of lines with one id the
    last counts, as when they are imported; lines without a name are passed over.

    It may have one more column, `connected`: how many companies are connected to it. Raises BadFile naming the line where
    that is no number.
    """
    found = {}
    for line in read_lines(path, also=[_CONNECTED]):
        fields = line.fields or {}
        company_id, name = str(fields.get("id") or "").strip(), str(fields.get("name") or "").strip()
        if not company_id or not fold(name).words or (region and fields.get("region") != region):
            continue
        others = tuple(other for other in str(fields.get("other_names") or "").split("|") if fold(other).words)
        place = str(fields.get("city") or ""), str(fields.get("province") or "")
        found[company_id] = Named(company_id, name, others, *place, popularity=step(_connected(path, line)))
    return list(found.values())


def _connected(path: Path, line: Line) -> int:
    said = str((line.fields or {}).get(_CONNECTED) or "0")
    if not said.isdecimal():
        raise BadFile(f"{path}, line {line.number}: connected must be a number, not {said!r}")
    return int(said)


@dataclass
class Corpus:
    """An index with companies in it. `near`: where the one who types is, unless a session says where."""

    engine: Engine
    companies: dict[str, Named]
    near: Near = field(default_factory=Near)
    region: str = REGION

    def suggestions(self, text: str, limit: int = MOST_SUGGESTIONS, near: Near | None = None) -> list[Suggestion]:
        typed, near = read(text), near or self.near
        if typed.blank:
            return []

        def proposed(reach: Reach, _spent_s: float) -> list[str]:
            return propose(self.engine, self.region, typed, near, reach=reach)

        def confirmed(company_ids: Sequence[str]) -> tuple[list[Any], dict[str, int]]:
            return [self.companies[company_id] for company_id in company_ids], {}

        return answer(proposed, confirmed, typed, near, "", limit).suggestions

    def search(self, text: str, near: Near | None = None) -> list[str]:
        """The readings of an answer, each once: a `carnet.tuning.scoring.Search`."""
        return list(dict.fromkeys(reading(found.name) for found in self.suggestions(text, near=near)))[:MOST]

    def search_for(self, session: Session) -> Search:
        """`search` from where the session is typed."""
        return partial(self.search, near=nearness(session)) if session.city or session.province else self.search

    def write(self, build: str, companies: Sequence[Named], *, version: int = 1, refresh: bool = False) -> None:
        self.engine.write(build, [_document(company, version) for company in companies], refresh=refresh)


def _document(company: Named, version: int) -> Document:
    row = SimpleNamespace(
        id=company.id,
        index_version=version,
        popularity=company.popularity,
        name=company.name,
        other_names=company.other_names,
        city=company.city,
        province=company.province,
    )
    return render(row)  # type: ignore[arg-type]  # it reads these attributes and no others


@contextmanager
def built(
    companies: Sequence[Named],
    engine: Engine | None = None,
    *,
    region: str = REGION,
    updates: int = 0,
    progress: Callable[[int], None] = lambda _done: None,
) -> Iterator[Corpus]:
    """A corpus in an index of its own: an embedded one in a temporary folder unless an engine is given.

    `updates`: so many companies are written again, a few at a time, each made visible at once, as everyday use does:
    the index then has several segments. What was made goes with the block.
    """
    with ExitStack() as place:
        if engine is None:
            folder = Path(place.enter_context(TemporaryDirectory(prefix="carnet-tune-")))
            ownership = Ownership.take(folder)
            if ownership is None:
                raise RuntimeError(f"somebody else owns {folder}")
            engine = EmbeddedEngine(folder, ownership)
            place.callback(ownership.give_back)
            place.callback(engine.close)
        build = str(BuildName.new(region, fingerprint()))
        engine.create(build, expected=len(companies))
        place.callback(engine.drop, build)
        corpus = Corpus(engine, {company.id: company for company in companies}, region=region)
        for at in range(0, len(companies), _BATCH):
            corpus.write(build, companies[at : at + _BATCH])
            progress(len(companies[at : at + _BATCH]))
        engine.finish(build)
        engine.serve(region, build, engine.serving(region))
        place.callback(engine.withdraw, region, build)
        step = max(1, len(companies) // updates) if updates else 0
        for number in range(updates):
            corpus.write(build, companies[number * step : number * step + 20], version=2, refresh=True)
        yield corpus
