"""What an engine must do for the indexer, and what it is given: documents that are rendered already."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from directory.errors import Unavailable
from directory.ports import Index, Near, nothing
from mappings.reading import Typed


@dataclass(frozen=True, slots=True)
class Document:
    """A visible company as the index holds it: folded texts, by the way they are matched. Holds no contact data.

    starts   whole names with single spaces; a typed text that begins one matches it
    joined   whole names without spaces, likewise; one typo is forgiven here
    runs     two or more words of a name up to its end, from the second word on, likewise
    words    single words that are no legal form, likewise; where some are written as one (mappings.as_said), those and all
             single words again, behind its COMPOUND; each ends with mappings.folding.WORD_END
    gaps     whole names without spaces and one letter, likewise: see mappings.gaps
    exact    whole names without spaces, with and without their legal form, to be equalled
    acronyms first letters of the words of a name, to be equalled; the beginnings of longer ones, behind mappings.as_said.BEGUN
    rank     0 … 2⁶³-1; the smaller comes first among matches of one tier
    known    whether many are connected to it, for an engine that cannot have all of its parts in the order of `rank`
    """

    company_id: str
    version: int
    starts: tuple[str, ...]
    joined: tuple[str, ...]
    runs: tuple[str, ...]
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    exact: tuple[str, ...]
    acronyms: tuple[str, ...]
    city: str
    province: str
    rank: int
    known: bool


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A company that must not be found here, at the version that says so. Kept for ever: it stops what comes late."""

    company_id: str
    version: int


class NoSuchBuild(Unavailable):
    """What was to be written to is not there: not made yet, or gone."""

    def __init__(self, build: str) -> None:
        super().__init__("search", f"there is no index {build}")


class TryLater(Unavailable):
    """The engine has too much to do to write anything for now, to whatever build."""


class Written(Enum):
    """What became of one write. SUPERSEDED is a normal outcome: the index already holds something newer."""

    DONE = "done"
    SUPERSEDED = "superseded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many companies a build holds: as documents, and as tombstones."""

    visible: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a build holds of a company: under which version, and whether as a document or as a tombstone."""

    company_id: str
    version: int
    visible: bool


class Engine(Index, Protocol):
    """One search engine. Every method raises Unavailable("search") where the engine does not answer.

    `writers`: how many writes to a build may be under way at once; 1 where rows must be read inside `exclusive`.
    """

    writers: int

    def check(self) -> None:
        """Raises Unavailable where the engine is not set up as the protocol needs it."""
        ...

    def exclusive(self) -> AbstractContextManager[object]:
        """Held from reading rows until they are written, by an engine that has no versions to order writers with."""
        ...

    def create(self, build: str, *, expected: int = 0) -> None:
        """Make an empty index of this name. Raises if there is one already. `expected`: about how many companies a backfill
        will write, of which nothing need be seen before `finish`; 0 where there is none.
        """
        ...

    def finish(self, build: str, meanwhile: Callable[[], None] = nothing) -> None:
        """The backfill is over, in the process that began it: what was written is seen by look-ups and `scan` from now on.

        May take a minute to put the index in order; `meanwhile` is called now and then. What it raises comes through.
        """
        ...

    def drop(self, build: str) -> None:
        """Remove an index; one that is not there is no error. Refused where look-ups read it at that moment."""
        ...

    def write(self, build: str, items: Sequence[Document | Tombstone], *, refresh: bool) -> list[Written]:
        """Write each item under its version, and say what became of each, in order.

        An item older than what the index holds is SUPERSEDED; the same version again is DONE. With `refresh`, look-ups
        see it when this returns. Raises NoSuchBuild and TryLater, too; any other Unavailable may be about this build alone.
        """
        ...

    def refresh(self, build: str) -> None:
        """Make all that was written to a build visible to look-ups and to `scan`."""
        ...

    def serve(self, region: str, build: str, instead_of: str | None) -> None:
        """Make look-ups of a region read `build`; refused where they do not read `instead_of` at that moment."""
        ...

    def withdraw(self, region: str, build: str) -> None:
        """Make look-ups of a region read nothing, so that `build`, which they read, can be dropped: no step of a rebuild."""
        ...

    def serving(self, region: str) -> str | None:
        """The build that look-ups of a region read, as the engine itself says; None where there is none. Raises Unavailable
        where there are several.
        """
        ...

    def readers(self, region: str) -> list[str]:
        """Every build that look-ups of a region read; one that is in order has one."""
        ...

    def served_regions(self) -> set[str]:
        """The regions whose look-ups read an index, in one question."""
        ...

    def try_out(self, build: str, typed: Typed, near: Near, limit: int) -> list[str]:
        """As `propose`, of a build that look-ups need not read yet."""
        ...

    def scan(self, build: str) -> Iterator[Held]:
        """Everything that a build holds, in order of the ids' code points. Sees what was written before the last refresh."""
        ...

    def held(self, build: str, company_ids: Sequence[str]) -> dict[str, Held]:
        """The same of these companies only."""
        ...

    def versions(self, build: str, company_ids: Sequence[str]) -> dict[str, int]:
        """The version that a build holds of each of these companies; one that it does not hold is left out.

        Sees what was written before the last refresh; what came later, it may.
        """
        ...

    def count(self, build: str) -> Counts: ...

    def is_whole(self, build: str) -> bool:
        """Whether a build can be read, where the engine answers; asked more than once before it is said not to be."""
        ...

    def close(self) -> None: ...

    def names(self) -> list[str]:
        """The builds that the engine has, whoever made them."""
        ...
