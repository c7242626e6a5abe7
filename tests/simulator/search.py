"""Many seeds on all cores."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.simulator.run import Ran, run

AT_ONCE = 10


def broken_by(seeds: Sequence[int], counts: Counter[str] | None = None) -> list[Ran]:
    """The runs among these seeds in which something was broken; `counts` sums up what happened in all of them."""
    parts = [seeds[at : at + AT_ONCE] for at in range(0, len(seeds), AT_ONCE)]
    found: list[Ran] = []
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for broken, happened in pool.map(_some, parts):
            found += broken
            if counts is not None:
                counts.update(happened)
    return found


def _some(seeds: Sequence[int]) -> tuple[list[Ran], Counter[str]]:
    counts: Counter[str] = Counter()
    broken = []
    for seed in seeds:
        ran = run(seed)
        counts.update(ran.counts)
        if ran.broken:
            broken.append(ran)
    return broken, counts
