"""As many segments in one index as in the other: how many there are costs more than most of what is asked of them."""

from collections.abc import Mapping

from opensearchpy import OpenSearch

_WAIT_S = 1_200
_TRIES = 6


def count(client: OpenSearch, index: str) -> int:
    stats = client.indices.stats(index=index, metric="segments")
    segments: int = stats["indices"][index]["primaries"]["segments"]["count"]
    return segments


def same_segments(client: OpenSearch, indices: Mapping[str, str], most: int | None = None) -> dict[str, int]:
    """Merge each down to as many as the one with the fewest has, or to `most`; how many each has then."""
    wanted = most or 0
    for _ in range(_TRIES):
        for index in indices.values():
            client.indices.refresh(index=index)
        counts = {kind: count(client, index) for kind, index in indices.items()}
        wanted = min(wanted or min(counts.values()), *counts.values())
        if set(counts.values()) == {wanted}:
            break
        for kind, index in indices.items():
            if counts[kind] > wanted:  # told a number, a merge may well go below it
                client.indices.forcemerge(index=index, max_num_segments=wanted, request_timeout=_WAIT_S)
    return counts
