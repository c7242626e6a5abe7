"""Rounds in which everybody is asked the same keystrokes in turn, and what comes of them."""

import gc
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bench.typeahead.contestants import Contestant
from bench.typeahead.keystrokes import BUCKETS, Keystroke
from bench.typeahead.servers import search_cpu_s
from directory.errors import Unavailable

Times = dict[str, list[tuple[int, float]]]  # by contestant: characters typed, seconds
WARM_UP = 2_500  # until the machine of OpenSearch has compiled what is asked of it
CLIENTS = 4


def play_round(
    contestants: Sequence[Contestant],
    keystrokes: Sequence[Keystroke],
    turn: int,
    times: Times,
    unanswered: Counter[str],
) -> None:
    """Each begins a round in its turn, so that nobody is always the one after the same other."""
    for number in range(len(contestants)):
        one = contestants[(number + turn) % len(contestants)]
        asked = keystrokes[:: _step(one, keystrokes)]
        one.prepare(asked)
        for key in asked:
            started = time.perf_counter()
            try:
                one.ask(key)
            except Unavailable:  # no answer within the time that a form waits: timed all the same, and told
                unanswered[one.name] += 1
            times[one.name].append((len(key.text), time.perf_counter() - started))
        gc.collect()


def _step(one: Contestant, keystrokes: Sequence[Keystroke]) -> int:
    return max(1, len(keystrokes) // one.most) if one.most else 1


def warm_up(contestants: Sequence[Contestant], keystrokes: Sequence[Keystroke]) -> None:
    for one in contestants:
        for key in keystrokes[: min(one.most or WARM_UP, WARM_UP)]:
            with suppress(Unavailable):
                one.ask(key)


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    ordered = sorted(times)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 3)
        for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999))
    }


def by_characters(times: Sequence[tuple[int, float]]) -> dict[str, dict[str, float]]:
    found = {}
    for low, high in BUCKETS:
        if within := [seconds for characters, seconds in times if low <= characters <= high]:
            found[f"{low}" if low == high else f"{low}–{high}"] = {**percentiles(within), "asked": len(within)}
    return found


def throughput(one: Contestant, keystrokes: Sequence[Keystroke], search_url: str) -> dict[str, Any]:
    """Several clients at once against an HTTP server: answers a second, and what they cost of a processor."""
    assert one.server
    server, shares = one.server, [keystrokes[n::CLIENTS] for n in range(CLIENTS)]

    def client(share: Sequence[Keystroke]) -> None:
        connection = server.connect()
        for key in share:
            with suppress(Unavailable):
                server.ask(connection, key.text, one.headers(key))
        connection.close()

    threads = [threading.Thread(target=client, args=(share,)) for share in shares]
    own, search, started = server.cpu_s(), search_cpu_s(search_url), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "answers": len(keystrokes),
        "seconds": time.perf_counter() - started,
        "server_cpu_s": server.cpu_s() - own,
        "search_cpu_s": search_cpu_s(search_url) - search,
    }
