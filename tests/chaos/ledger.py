"""What every client asked and was answered, and which answers the promise forbids. Times are `time.monotonic()` seconds.

The changes of one company are asked by one client, one after the other. A change that was not answered with success may
still happen at any later moment; so from an opt-in or a move of that kind on, nothing is promised about its company.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

OFF, ON, MOVE = "off", "on", "move"


@dataclass(frozen=True, slots=True)
class Change:
    """`region`: where a move goes. `confirmed`: whether the answer said that the index agrees."""

    kind: str
    sent: float
    answered: float
    status: int  # 0: no answer
    confirmed: bool = False
    region: str = ""

    @property
    def succeeded(self) -> bool:
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Search:
    """`aimed`: the company that was looked for; `shown`: every company whose name stands anywhere in the answer."""

    sent: float
    received: float
    region: str
    aimed: str
    status: int
    shown: tuple[str, ...] = ()
    doubles: int = 0


@dataclass
class Ledger:
    """`regions`: where each company was at first."""

    regions: dict[str, str]
    changes: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    searches: list[Search] = field(default_factory=list)
    under_way: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asks(self, company: str, kind: str, sent: float) -> None:
        with self._lock:
            self.under_way[company] = (kind, sent)

    def answered(self, company: str, change: Change) -> None:
        with self._lock:
            self.changes[company].append(change)  # first: who reads both without the lock must miss neither
            self.under_way.pop(company, None)

    def saw(self, search: Search) -> None:
        with self._lock:
            self.searches.append(search)

    def hidden(self, company: str) -> bool:
        """Whether it must not be shown to anybody at this moment."""
        with self._lock:
            known = list(self.changes[company])
            asked, _ = self.under_way.get(company, ("", 0.0))
        return asked != ON and forbidden_since(known) is not None

    def promises(self) -> Iterator[tuple[str, float, float]]:
        """(company, from, until): what was sent after `from` and received before `until` must not show it."""
        for company, changes in self.changes.items():
            for at, change in enumerate(changes):
                if change.kind == OFF and change.succeeded and not _uncertain(changes[:at], ON):
                    later = [one.sent for one in changes[at:] if one.kind == ON]
                    yield company, change.answered, min(later, default=float("inf"))

    def broken(self) -> list[tuple[Search, str]]:
        """Answers that show a company although they must not."""
        promised = defaultdict(list)
        for company, since, until in self.promises():
            promised[company].append((since, until))
        return [
            (search, company)
            for search in self.searches
            for company in search.shown
            if any(since < search.sent and search.received < until for since, until in promised[company])
        ]

    def strangers(self) -> list[tuple[Search, str]]:
        """Answers that show a company in a region where it has not been since before they were asked."""
        return [
            (search, company)
            for search in self.searches
            for company in search.shown
            if search.region not in self._possible_regions(company, search)
        ]

    def chances(self) -> int:
        """How many answers there were to searches for a company that must not be shown."""
        promised = defaultdict(list)
        for company, since, until in self.promises():
            promised[company].append((since, until))
        return sum(
            search.status == 200
            and any(since < search.sent and search.received < until for since, until in promised[search.aimed])
            for search in self.searches
        )

    def _possible_regions(self, company: str, search: Search) -> set[str]:
        possible = {self.regions[company]}
        for change in self.changes[company]:
            if change.kind == MOVE and change.sent < search.received:
                if change.succeeded and change.answered < search.sent and not _uncertain(self.changes[company], MOVE):
                    possible.clear()
                possible.add(change.region)
        return possible


def forbidden_since(changes: Sequence[Change]) -> float | None:
    """Since when a company with this past must not be shown; None where it may be."""
    if _uncertain(changes, ON):
        return None
    last = next((one for one in reversed(changes) if one.kind in (OFF, ON)), None)
    return last.answered if last and last.kind == OFF and last.succeeded else None


def last_answer(changes: Sequence[Change]) -> bool | None:
    """Whether the company is visible by what was answered last; None where an answer is missing."""
    switches = [one for one in changes if one.kind in (OFF, ON)]
    if not switches or not all(one.succeeded for one in switches):
        return None
    return switches[-1].kind == ON


def _uncertain(changes: Sequence[Change], kind: str) -> bool:
    return any(one.kind == kind and not one.succeeded for one in changes)
