"""How many segments a backfill leaves, by the rule that Tantivy merges by (its LogMergePolicy, as documented)."""

from math import log2

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.engines.segments import Parts


def left_of(documents: int, part: int) -> list[int]:
    """The segments that are left where one is written after `part` documents, largest first."""
    segments: list[int] = []
    while documents > 0:
        segments = sorted([*segments, min(part, documents)], reverse=True)
        documents -= part
        while together := next((layer for layer in layers(segments) if len(layer) >= 8), None):
            for one in together:
                segments.remove(one)
            segments = sorted([*segments, sum(together)], reverse=True)
    return segments


def layers(segments: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for size in segments:
        if found and log2(max(size, 10_000)) >= log2(max(found[-1][0], 10_000)) - 0.75:
            found[-1].append(size)
        else:
            found.append([size])
    return found


SIZES = st.integers(1, 5_000_000)


@given(SIZES)
@example(10_000)
@example(10_001)
@example(80_001)
@example(140_799)
@example(640_001)
@example(1_126_400)
def test_as_many_companies_as_were_expected_end_as_one_segment_or_two(expected: int) -> None:
    parts = Parts(expected)
    assert parts.size <= 10_000  # what is in memory at a time
    left = left_of(expected, parts.size)
    assert len([size for size in left if size > 10]) <= 2  # a division leaves a few over


@given(SIZES, st.floats(0, 0.02))
def test_those_that_join_meanwhile_are_a_few_small_segments_more(expected: int, more: float) -> None:
    left = left_of(int(expected * (1 + more)), Parts(expected).size)
    assert sum(left[:2]) >= expected * 0.95
    assert len(left) <= 2 + 7
