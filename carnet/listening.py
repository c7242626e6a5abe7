"""A look-up overheard: what it asked of the index."""

from directory.ports import Near, Proposer, Reach
from mappings.reading import Typed


class Listening:
    """An index that remembers which questions it was asked, and how much it answered to each."""

    def __init__(self, index: Proposer) -> None:
        self._index = index
        self.answers: list[tuple[Reach, int]] = []

    def propose(
        self, region: str, typed: Typed, near: Near, limit: int, *, reach: Reach = Reach.NEAR, spent_s: float = 0.0
    ) -> list[str]:
        found = self._index.propose(region, typed, near, limit, reach=reach, spent_s=spent_s)
        self.answers.append((reach, len(found)))
        return found
