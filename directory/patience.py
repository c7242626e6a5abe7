"""Asks the index again for somebody who waits for a list or a page: one answer that came late need not fail them all."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from directory.errors import Unavailable
from directory.ports import Near, Proposer, Reach
from mappings.reading import Typed

PAUSES_S = (0.05, 0.2, 0.8)  # so an index that is gone is noticed after about two seconds


@dataclass(frozen=True, slots=True)
class Patient:
    """A Proposer that asks another one up to four times, for somebody who waits longer than a form does."""

    proposer: Proposer
    pause: Callable[[float], None] = time.sleep

    def propose(
        self,
        region: str,
        typed: Typed,
        near: Near,
        limit: int,
        *,
        reach: Reach = Reach.NEAR,
        spent_s: float = 0.0,  # noqa: ARG002  # each question has all of the time
    ) -> list[str]:
        for pause_s in PAUSES_S:
            try:
                return self.proposer.propose(region, typed, near, limit, reach=reach)
            except Unavailable:
                self.pause(pause_s)
        return self.proposer.propose(region, typed, near, limit, reach=reach)
