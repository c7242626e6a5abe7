"""How many segments an embedded index is cut into: a query costs by the segment.

Tantivy merges what has come to eight segments of about one size (its LogMergePolicy), and its Python package lets nobody ask
for more. So what fills an index writes equal parts, of which eight make one, and eight of those one again. Left to
themselves, 600,000 companies end as sixteen segments, and an answer takes a quarter longer.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path

_MERGED_TOGETHER = 8  # the policy's min_num_segments
_SMALLEST = 10_000  # documents: whatever is smaller counts as this large (its min_layer_size)
_ALIKE = 0.75  # of log2 of the sizes: so much less counts as one size (its level_log_size)
_MOST = 10_000  # documents of a part, since memory holds one
# What eight of are still counted among the small ones would be merged with these: parts that are merged twice are larger.
_LEAST = 2_200
_DOCUMENT_BYTES = 20_000  # that a writer takes for one: 15,000 as a rule, more where companies have many names


class Parts:
    """Where what fills an index of `expected` documents ends one part and begins the next.

    `heap`: bytes that a writer needs for a part.
    """

    def __init__(self, expected: int) -> None:
        self.size = _part(expected)
        self.heap = self.size * _DOCUMENT_BYTES
        self._written = 0

    def ends_here(self) -> bool:
        """Told of each document: whether it is the last of its part."""
        self._written += 1
        return self._written % self.size == 0


def _part(expected: int) -> int:
    count = 1
    while expected / count > _MOST:
        count *= _MERGED_TOGETHER
    if count > _MERGED_TOGETHER and expected / count < _LEAST:
        count = count // _MERGED_TOGETHER * 2  # two segments in the end
    return math.ceil(expected / count)


def merge_is_due(build: Path) -> bool:
    """Whether an index has segments that Tantivy merges, or is merging."""
    return any(len(layer) >= _MERGED_TOGETHER for layer in _layers(sizes(build)))


def sizes(build: Path) -> list[int]:
    """How many documents each committed segment holds, the largest first."""
    segments = json.loads((build / "meta.json").read_text())["segments"]
    return sorted(
        (one["max_doc"] - (one["deletes"] or {}).get("num_deleted_docs", 0) for one in segments), reverse=True
    )


def _layers(largest_first: list[int]) -> Iterator[list[int]]:
    layer: list[int] = []
    for size in largest_first:
        if layer and _log(size) < _log(layer[0]) - _ALIKE:
            yield layer
            layer = []
        layer.append(size)
    yield layer


def _log(size: int) -> float:
    return math.log2(max(size, _SMALLEST))
