"""Carries one signed message (Standard Webhooks) to a receiver.

Invariants: the connection is made to the very address that was checked, so that a name which changes its mind between the
check and the call gains nothing; TLS is verified for the name; no redirect is followed; of the answer only the status
counts, and no more than its headers is read; and it is all over after `TOTAL_S`.
"""

import http.client
import json
import math
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from api.webhooks.addresses import is_public, resolve
from directory.ports import Delivery, Outcome

CONNECT_S, TOTAL_S = 3.0, 5.0
_MOST_READ = 64 * 1024
_GONE = 410


class HttpsCourier:
    """`find` gives a host's addresses, `allowed` says which may be called, `context` whom TLS trusts."""

    def __init__(
        self,
        find: Callable[[str, float], Sequence[str]] = resolve,
        allowed: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._find, self._allowed = find, allowed
        self._context = context or ssl.create_default_context()
        self._context.sslsocket_class = _Timed

    def may_call(self, url: str) -> bool:
        try:
            return bool(self._addresses(urlsplit(url).hostname or "", CONNECT_S))
        except OSError:
            return False

    def deliver(self, url: str, secret: str, message_id: str, said: Mapping[str, Any]) -> Delivery:
        """See `directory.ports.Courier`."""
        until = time.monotonic() + TOTAL_S
        body = json.dumps(said, separators=(",", ":"))
        at = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Carnet-Webhooks",
            "Connection": "close",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(message_id, at, body),
        }
        try:
            status = self._post(url, body.encode(), headers, until)
        except TimeoutError:
            return Delivery(Outcome.TIMEOUT)
        except ssl.SSLError:
            return Delivery(Outcome.TLS)
        except (OSError, http.client.HTTPException):
            return Delivery(Outcome.UNREACHABLE)
        if status is None:
            return Delivery(Outcome.ADDRESS)
        if 200 <= status < 300:
            return Delivery(Outcome.DELIVERED, status)
        return Delivery(Outcome.GONE if status == _GONE else Outcome.REFUSED, status)

    def _addresses(self, host: str, within_s: float) -> list[str]:
        """All of them, or none where any may not be called. Raises OSError where the name is not known."""
        found = list(self._find(host, within_s))
        return found if all(self._allowed(address) for address in found) else []

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], until: float) -> int | None:
        """The status of the answer; None where the host may not be called."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        addresses = self._addresses(host, CONNECT_S)
        if not addresses:
            return None
        with _connect(addresses, port, min(until, time.monotonic() + CONNECT_S)) as plain:
            plain.settimeout(_left(until))
            with cast(_Timed, self._context.wrap_socket(plain, server_hostname=host)) as secure:
                secure.until = until
                connection = http.client.HTTPSConnection(host, port)
                connection.sock = secure
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("POST", target, body, dict(headers))
                with connection.getresponse() as answer:
                    return answer.status


class _Timed(ssl.SSLSocket):
    """Time-outs of sockets are for each read anew; this one ends at a moment, and after `_MOST_READ` bytes."""

    until = math.inf
    room = _MOST_READ

    def recv_into(self, *args: Any, **options: Any) -> int:
        self.settimeout(_left(self.until))
        read = super().recv_into(*args, **options)
        self.room -= read
        if self.room < 0:
            raise OSError("too much of an answer")
        return read


def _connect(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    """A connection to the first of these addresses that takes one."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), timeout=_left(until) / 2)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), timeout=_left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
