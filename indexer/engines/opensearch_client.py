"""How the cluster is asked, for how long, and what its refusals are called here.

Invariant: what the cluster says about a document, and what was typed, go no further than this module.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

import orjson
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ImproperlyConfigured, NotFoundError, OpenSearchException, TransportError
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from directory.errors import Unavailable
from directory.ports import nothing
from indexer.engines.port import TryLater

ASK_S = 5.0
_SHARD_S = 5  # how long the cluster waits for a shard that is nowhere; by itself longer than we wait for it
_TRY_LATER = (429, 503)

# Below this level the client logs the bodies of requests: names, and what was typed.
for _logger in ("opensearch", "opensearchpy.trace"):
    logging.getLogger(_logger).setLevel(logging.WARNING)


class Missing(Unavailable):
    """There is no such index or alias."""


class Blocked(Unavailable):
    """The cluster takes no changes for now: its disk is full, or somebody has forbidden it."""


class Client:
    """`connections`: as many as there are threads that ask. Nothing is asked twice here."""

    def __init__(self, url: str, connections: int) -> None:
        with _in_our_words():
            self.cluster = OpenSearch(url, pool_maxsize=connections, max_retries=0)

    def close(self) -> None:
        self.cluster.close()

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        within: float = ASK_S,
    ) -> Any:
        """The answer, within so many seconds. Raises Unavailable, or what of it stands above."""
        timeout = Timeout(total=within)
        with _in_our_words():
            return self.cluster.transport.perform_request(method, path, params=params, body=body, timeout=timeout)  # type: ignore[arg-type]  # urllib3 takes it

    def bulk(self, index: str, body: bytes, *, refresh: bool, within: float) -> Any:
        """The status of each item. Raises TryLater where the whole request was refused for now; Unavailable."""
        params = {
            "refresh": "true" if refresh else "false",
            "filter_path": "items.*.status",
            "timeout": f"{_SHARD_S}s",
        }
        try:
            return self.cluster.transport.perform_request(
                "POST", f"{index}/_bulk", params=params, body=body, timeout=within
            )
        except OpenSearchException as error:
            if isinstance(error, TransportError) and error.status_code in _TRY_LATER:
                raise TryLater("search", _kind(error)) from None
            raise _unavailable(error) from None

    def look_up(self, path: str, body: dict[str, Any], within: float, meanwhile: Callable[[], None] = nothing) -> Any:
        """As `ask`, straight on a connection that the client keeps: what the client does around a request costs more
        than half of what the cluster needs to answer it. `meanwhile` is called while the cluster works; what it raises
        costs the connection.
        """
        connection = self.cluster.transport.get_connection()
        headers = {**connection.headers, "content-type": "application/json"}
        until = time.monotonic() + within
        try:
            line = connection.pool._get_conn(timeout=within)
            try:
                line.timeout = within
                line.request("POST", connection.url_prefix + path, orjson.dumps(body), headers)
                meanwhile()
                line.sock.settimeout(max(until - time.monotonic(), 0.001))
                answer = line.getresponse()
            except BaseException:
                line.close()  # what comes on it later must not be taken for the answer to something else
                raise
            finally:
                connection.pool._put_conn(line)
        except (HTTPError, HTTPException, OSError) as error:
            raise Unavailable("search", type(error).__name__) from None
        if answer.status != 200:
            raise _refused(answer.status, answer.data)
        return orjson.loads(answer.data)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (OpenSearchException, ImproperlyConfigured) as error:
        raise _unavailable(error) from None


def _refused(status: int, said: bytes) -> Unavailable:
    try:
        kind = f" {json.loads(said)['error']['type']}"
    except (ValueError, LookupError, TypeError):
        kind = ""
    return (Missing if status == 404 else Unavailable)("search", f"{status}{kind}")


def _unavailable(error: Exception) -> Unavailable:
    kind = _kind(error)
    if isinstance(error, NotFoundError):
        return Missing("search", kind)
    return (Blocked if kind.startswith(("403", "429")) else Unavailable)("search", kind)


def _kind(error: Exception) -> str:
    """What kind of failure it was. The cluster's own text may quote documents, and queries: it is left out."""
    if isinstance(error, TransportError) and isinstance(error.status_code, int):
        return f"{error.status_code} {error.error}" if error.error.isidentifier() else str(error.status_code)
    return type(error).__name__
