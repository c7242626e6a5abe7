"""Watches the heap of an OpenSearch node while something else keeps it busy."""

import json
import threading
from types import TracebackType
from urllib.request import urlopen

EVERY_S = 1.0


class HeapWatch:
    """`most`: the highest share of the heap in use that was seen, in percent, once every second; `tripped`: how often a
    circuit breaker of the node refused a request meanwhile.
    """

    def __init__(self, search_url: str) -> None:
        self._url = f"{search_url}/_nodes/stats/jvm,breaker"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most = self.tripped = self.size_mb = 0
        self._before = 0

    def __enter__(self) -> "HeapWatch":
        self._before = self._look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"Heap of the node: {self.size_mb} MB, at most {self.most} % in use; its breakers tripped {self.tripped} times."

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            self.tripped = self._look() - self._before

    def _look(self) -> int:
        with urlopen(self._url, timeout=30) as answer:
            node = next(iter(json.load(answer)["nodes"].values()))
        self.most = max(self.most, node["jvm"]["mem"]["heap_used_percent"])
        self.size_mb = node["jvm"]["mem"]["heap_max_in_bytes"] >> 20
        return sum(breaker["tripped"] for breaker in node["breakers"].values())
