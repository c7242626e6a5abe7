"""What everybody in a world has seen, and what must never be seen. It trusts answers, and commits; it reads no code.

The promise, as it is stated: once an opt-out was answered, no look-up received later shows the company, unless an opt-in was
committed later. And beside it: a look-up shows a company only in its region, under a name that it bore meanwhile.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.simulator.hub import Hub


class Broken(AssertionError):
    """What must not happen did."""


class Crashed(AssertionError):
    """A call ended in a way that nobody thought of. No planted fault counts as caught by that: it may be the plant's own."""


@dataclass
class Call:
    """An opt-out or opt-in. `answered`: the step of its answer, if it was answered; `over`: since when it can do nothing more."""

    company_id: str
    visible: bool
    started: int
    answered: int | None = None
    over: int | None = None
    version: int | None = None

    def may_be_after(self, other: "Call") -> bool:
        """Whether this one's commit may have come after that of the other, which was answered."""
        if self.version is not None and other.version is not None:
            return self.version > other.version
        return self.over is None or self.over >= other.started


@dataclass(frozen=True)
class State:
    region: str
    shown: bool
    name: str


@dataclass
class Witness:
    hub: Hub
    database: Path
    calls: list[Call] = field(default_factory=list)
    history: list[tuple[int, dict[str, State]]] = field(default_factory=list)
    served: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._records = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, isolation_level=None)
        self.note_state()

    def close(self) -> None:
        self._records.close()

    def note_state(self) -> None:
        """Called at every commit, before anybody else runs."""
        rows = self._records.execute(
            "SELECT c.id, c.region, c.visible AND c.status = 'active' AND c.kind = 'business' AND NOT c.erased, v.name"
            " FROM companies c LEFT JOIN card_versions v ON v.company_id = c.id AND v.version = c.card_version"
        )
        state = {row[0]: State(row[1], bool(row[2]), row[3] or "") for row in rows}
        if not self.history or self.history[-1][1] != state:
            self.history.append((self.hub.step, state))

    def calls_for(self, company_id: str, *, visible: bool) -> Call:
        self.calls.append(Call(company_id, visible, self.hub.step))
        return self.calls[-1]

    def answered(self, call: Call, version: int) -> None:
        call.answered, call.version = self.hub.step, version

    def looked_up(self, region: str, found: Sequence[Any], started: int) -> None:
        """Check one answer: suggestions with `company_id` and `name`."""
        ids = [one.company_id for one in found]
        if len(set(ids)) != len(ids):
            raise Broken(f"a company twice in one answer: {ids}")
        for one in found:
            if self._promised_away(one.company_id, started):
                raise Broken(f"{one.company_id} was shown in {region} after the answer to its opt-out")
            if not self._ever(one.company_id, State(region, True, one.name), started):
                raise Broken(f"{one.company_id} was shown in {region} as {one.name}, which was true at no moment of it")

    def proposed(self, ids: Sequence[str]) -> None:
        if len(set(ids)) != len(ids):
            raise Broken(f"a company proposed twice: {list(ids)}")

    def failed(self, region: str, reason: str) -> None:
        """A look-up that was not answered. Where a region was served once, its alias is never away."""
        if reason.startswith("404") and region in self.served:
            raise Broken(f"look-ups of {region} met no index: {reason}")
        if "indices at once" in reason:
            raise Broken(reason)

    def _promised_away(self, company_id: str, asked: int) -> bool:
        mine = [call for call in self.calls if call.company_id == company_id]
        offs = [call for call in mine if not call.visible and call.answered is not None and call.answered < asked]
        ons = [call for call in mine if call.visible]
        return any(not any(on.may_be_after(off) for on in ons) for off in offs)

    def _ever(self, company_id: str, state: State, since: int) -> bool:
        """Whether the records said so at some moment from that step to now."""
        for at, states in reversed(self.history):
            if states.get(company_id) == state:
                return True
            if at < since:
                return False
        return False

    def now(self) -> dict[str, State]:
        return self.history[-1][1]
