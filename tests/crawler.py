"""A crawler: accounts of real companies that go through a list of names and keep what they are shown.

It knows the rules and makes the best of them: each account has its own share of the list, comes back the moment that a
refusal names, and saves what it is shown where that helps. It is patient: time is simulated.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.clock import Clock

PAUSE_S = 2.0  # between two names: faster would only meet the limit of look-ups


@dataclass
class Account:
    member: Any
    names: Iterable[str]
    free_at_ns: int = 0
    waiting: str = ""  # a name that was refused, to be asked again

    def __post_init__(self) -> None:
        self._rest = iter(self.names)

    def next_name(self) -> str | None:
        name, self.waiting = self.waiting or next(self._rest, None), ""
        return name


@dataclass
class Crawler:
    """`per_day`: how many new cards were shown on each day, counted from the start; `refused` by code of the refusal."""

    clock: Clock
    accounts: list[Account]
    saving: bool
    cards: set[str] = field(default_factory=set)
    per_day: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def crawl(self, days: int) -> None:
        start = self.clock.at_ns
        end = start + days * 86_400 * 1_000_000_000
        for account in self.accounts:
            account.free_at_ns = start
        while True:
            account = min(self.accounts, key=lambda one: one.free_at_ns)
            if account.free_at_ns >= end:
                break
            self.clock.at_ns = account.free_at_ns
            account.free_at_ns += int(
                self._one(account, (self.clock.at_ns - start) // 86_400_000_000_000) * 1_000_000_000
            )
        self.clock.at_ns = end

    def _one(self, account: Account, day: int) -> float:
        """Go after one name; seconds until the next."""
        name = account.next_name()
        if name is None:
            return 1e9
        found = account.member.types(name)
        if found.status == 429:
            return self._refused(account, name, found)
        suggestions = found.ok()["suggestions"]
        if not suggestions:
            return PAUSE_S
        shown = account.member.ask("POST", "/v1/reveals", {"suggestion": suggestions[0]["suggestion"]})
        if shown.status == 429:
            return self._refused(account, name, shown)
        card = shown.ok()["card"]
        if card["email"] not in self.cards:
            self.cards.add(card["email"])
            self.per_day[day] += 1
        if self.saving:
            account.member.ask("POST", "/v1/contacts", {"relation": "vendor", "link": shown.json["link"]}).ok()
        return PAUSE_S

    def _refused(self, account: Account, name: str, answer: Any) -> float:
        self.refused[answer.code] += 1
        account.waiting = name
        return float(answer.headers["Retry-After"])
