"""How many segments an embedded index is cut into: a query costs by the segment.

Tantivy merges what has come to eight segments of about one size (its LogMergePolicy), and its Python package lets nobody ask
for more. So what fills an index writes equal parts, of which eight make one, and eight of those one again. What 600,000
companies cost in sixteen segments, as they ended before, and in one: docs/adr/0004.
"""

import json
import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_MERGED_TOGETHER = 8  # the policy's min_num_segments
_SMALLEST = 10_000  # documents: whatever is smaller counts as this large (its min_layer_size)
_LARGEST = 10_000_000  # documents: what is larger stays as it is (its max_docs_before_merge)
_ALIKE = 0.75  # of log2 of the sizes: so much less counts as one size (its level_log_size)
_MOST = 10_000  # documents of a part, since memory holds one
_LEAST = 2_200  # documents of a part where parts are merged twice: eight of smaller ones would still count as small
_DOCUMENT_BYTES = 20_000  # that a writer takes for one: 15,000 as a rule, more where companies have many names


class Parts:
    """Where what fills an index ends one part and begins the next. As many documents as were `expected` end as one segment
    or two; for each hundredth more there is a small one more.

    `heap`: bytes that a writer needs for a part. `several`: whether there are others to be merged with.
    """

    def __init__(self, expected: int) -> None:
        count = 1
        while expected / count > _MOST:
            count *= _MERGED_TOGETHER
        if count > _MERGED_TOGETHER and expected / count < _LEAST:
            count = count // _MERGED_TOGETHER * 2  # which end as two segments
        # Of what fits into one part, any number more does no harm.
        self.size = _MOST if count == 1 else math.ceil(expected / count)
        self.heap = min(expected, self.size) * _DOCUMENT_BYTES
        self.several = count > 1
        self._written = 0

    def ends_here(self) -> bool:
        """Told of each document: whether it is the last of its part."""
        self._written += 1
        return self._written % self.size == 0


class Segment(NamedTuple):
    """`written`: documents, those that were deleted since included; `documents`: without these."""

    written: int
    documents: int


def merge_is_due(build: Path) -> bool:
    """Whether an index has segments that Tantivy merges, or is merging. Raises OSError and ValueError where it cannot be read."""
    return any(len(layer) >= _MERGED_TOGETHER for layer in _layers(committed(build)))


def committed(build: Path) -> list[Segment]:
    """The segments that look-ups see, the largest first."""
    found = json.loads((build / "meta.json").read_text())["segments"]
    deleted = [(one["deletes"] or {}).get("num_deleted_docs", 0) for one in found]
    return sorted(
        (Segment(one["max_doc"], one["max_doc"] - gone) for one, gone in zip(found, deleted, strict=True)), reverse=True
    )


def bytes_of(build: Path) -> int:
    """What the files of an index hold by now, those of a merge under way included."""
    total = 0
    with suppress(FileNotFoundError):
        for entry in os.scandir(build):
            with suppress(FileNotFoundError):  # a merge that has ended takes its sources away
                total += entry.stat().st_size
    return total


def _layers(largest_first: list[Segment]) -> Iterator[list[Segment]]:
    layer: list[Segment] = []
    for segment in largest_first:
        if segment.documents > _LARGEST:
            continue
        if layer and _log(segment) < _log(layer[0]) - _ALIKE:
            yield layer
            layer = []
        layer.append(segment)
    yield layer


def _log(segment: Segment) -> float:
    return math.log2(max(segment.documents, _SMALLEST))
