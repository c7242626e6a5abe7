"""How long a company that has opted out is still in the index that look-ups read: the index itself is asked, ten times a second.

Over a connection of its own to the cluster, past the lines that a row cuts. What the answer of an opt-out said is held to it:
with `index_confirmed` the index must not hold the company as visible from then on, whatever the records would confirm.
"""

import random
import threading
import time
from dataclasses import dataclass, field

import urllib3

from indexer.build_names import alias
from tests.chaos.ledger import OFF, ON, Change, Ledger
from tests.chaos.names import REGIONS

_EVERY_S = 0.1
_MOST = 500


@dataclass
class Probe:
    """`seconds`: from the request of each opt-out until the index was seen without the company. `lied`: companies that the
    index still had although the answer had said otherwise. `returned`: that it had again after it was seen without them.
    `overtaken`: how many opted in again before that could be seen.
    """

    ledger: Ledger
    url: str
    prefix: str
    seconds: list[float] = field(default_factory=list)
    lied: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    flickered: list[str] = field(default_factory=list)
    overtaken: int = 0

    def __post_init__(self) -> None:
        self._done: dict[str, int] = {}
        self._gone: dict[str, int] = {}
        self._http = urllib3.PoolManager(1, retries=False, timeout=2)
        self._names = ",".join(f"{self.prefix}{alias(region)}" for region in REGIONS)
        self._asking = threading.Lock()

    def act(self, _rng: random.Random) -> None:
        self.look()
        time.sleep(_EVERY_S)

    def look(self) -> int:
        """Ask once; how many opt-outs have not been seen in the index yet."""
        with self._asking:
            waiting = dict(self._waiting()[:_MOST])
            gone = dict(list(self._gone.items())[:_MOST])
            asked = time.monotonic()
            held = self._held([*waiting, *gone]) if waiting or gone else set()
            if held is None:
                return len(waiting)
            seen = time.monotonic()
            for company, at in gone.items():
                if self._on_again(company, at):
                    del self._gone[company]
                elif company in held:
                    told = self.ledger.changes[company][at].confirmed
                    (self.returned if told else self.flickered).append(company)
                    del self._gone[company]
            for company, (at, change) in waiting.items():
                if company not in held:
                    self.seconds.append((change.answered if change.confirmed else seen) - change.sent)
                    self._done[company] = self._gone[company] = at
                elif change.confirmed and change.answered < asked and not self._on_again(company, at):
                    self.lied.append(company)
                    self._done[company] = at
            return len(waiting)

    def _waiting(self) -> list[tuple[str, tuple[int, Change]]]:
        found = []
        for company, changes in list(self.ledger.changes.items()):
            offs = [at for at, one in enumerate(changes) if one.kind == OFF and one.succeeded]
            new = [at for at in offs if at > self._done.get(company, -1)]
            current = [at for at in new if not self._on_again(company, at)]
            self.overtaken += len(new) - len(current)
            if new:
                self._done[company] = max([at for at in new if at not in current], default=self._done.get(company, -1))
            if current:
                found.append((company, (current[-1], changes[current[-1]])))
        return found

    def _on_again(self, company: str, at: int) -> bool:
        kind, _ = self.ledger.under_way.get(company, ("", 0.0))
        return kind == ON or any(one.kind == ON for one in self.ledger.changes[company][at:])

    def _held(self, companies: list[str]) -> set[str] | None:
        body = {"query": {"terms": {"id": companies}}, "size": 4 * _MOST, "docvalue_fields": ["id"]}
        path = f"{self.url}/{self._names}/_search?ignore_unavailable=true&allow_partial_search_results=false"
        try:
            answer = self._http.request("POST", path, json=body)
        except (urllib3.exceptions.HTTPError, OSError):
            return None
        if answer.status != 200:
            return None
        return {hit["fields"]["id"][0] for hit in answer.json()["hits"]["hits"]}

    def close(self) -> None:
        self._http.clear()
