"""The line between the real client and the cluster in memory: it is what takes time, and what fails.

Invariant: a request is applied whole or not at all, and whoever sent it may never learn which.
"""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from opensearchpy import Connection, OpenSearch
from opensearchpy.exceptions import TransportError
from opensearchpy.serializer import JSONSerializer
from urllib3.exceptions import ProtocolError

from indexer.engines.opensearch import OpenSearchEngine
from tests.simulator.cluster import Answer, Cluster

# Takes what is asked, what applies it, and how long the client waits in seconds; raises what the client would.
Carry = Callable[[str, Callable[[], Answer], float], Answer]


def at_once(_asked: str, apply: Callable[[], Answer], _within: float) -> Answer:
    return apply()


class Line(Connection):
    """In the place of a socket. `cluster`: a function, as one line may see another cluster later."""

    def __init__(self, *, cluster: Callable[[], Cluster], carry: Carry, **more: Any) -> None:
        super().__init__(host="memory")
        self._cluster, self._carry = cluster, carry
        self.pool = self  # a look-up goes straight to the connection's own pool

    def _get_conn(self, timeout: float) -> "_OneQuestion":
        return _OneQuestion(self, timeout)

    def _put_conn(self, line: "_OneQuestion") -> None:
        """There is as many of them as are wanted."""

    def look_up(self, method: str, url: str, body: bytes, within: float) -> SimpleNamespace:
        path, _, said = url.partition("?")
        params = dict(parse_qsl(said))
        try:
            status, answer = self._carry(
                f"{method} {path}", lambda: self._cluster().ask(method, path, params, body), within
            )
        except TransportError as error:
            raise ProtocolError(type(error).__name__) from None
        return SimpleNamespace(status=status, data=json.dumps(answer).encode())

    def close(self) -> None:
        """There is nothing that stays open."""

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: Any = None,
        ignore: Any = (),
        headers: Any = None,
    ) -> Any:
        within = float(getattr(timeout, "total", timeout) or 60)
        status, answer = self._carry(f"{method} {url}", lambda: self._cluster().ask(method, url, params, body), within)
        data = json.dumps(answer)
        if not 200 <= status < 300:
            self._raise_error(status, data, "application/json")
        return status, {"content-type": "application/json"}, data


class _OneQuestion:
    """What is asked on a connection, and then its answer."""

    def __init__(self, line: Line, within: float) -> None:
        self._line, self._within = line, within
        self.sock = SimpleNamespace(settimeout=lambda _s: None)

    def request(self, method: str, url: str, body: bytes, _headers: Any) -> None:
        self._asked = method, url, body

    def getresponse(self) -> SimpleNamespace:
        return self._line.look_up(*self._asked, self._within)

    def close(self) -> None:
        """Nothing of it stays open."""


def engine_over(cluster: Callable[[], Cluster], carry: Carry = at_once) -> OpenSearchEngine:
    """The engine of production, with its own client; what it sends goes over this line."""
    engine = OpenSearchEngine("http://memory")
    engine.close()
    engine._client.cluster = OpenSearch(
        "http://memory", connection_class=Line, max_retries=0, serializer=JSONSerializer(), cluster=cluster, carry=carry
    )
    return engine
