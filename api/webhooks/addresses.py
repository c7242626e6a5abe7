"""Which addresses a webhook may be on: those of the public internet, so that nobody reaches our own network through us."""

import ipaddress
import queue
import socket
import threading

_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# Within the above, or within what ipaddress calls global: addresses that carry others inside, and a cloud's own services.
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
    )
)


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the public internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # with a zone, say
        return False
    if isinstance(found, ipaddress.IPv6Address) and found not in _GLOBAL_V6:
        return False  # mapped and translated IPv4, site-local, and whatever is not given out
    return found.is_global and not found.is_multicast and not any(found in network for network in _REFUSED)


def resolve(host: str, within_s: float) -> list[str]:
    """The IP addresses of a host, as the system knows them. Raises OSError where there are none, TimeoutError."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(answer[4][0]) for answer in answers)))
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError(str(error)))

    # The system's resolver takes as long as it likes; who waits for it must not.
    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=within_s)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer
