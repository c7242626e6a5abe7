"""A receiver of webhooks on this machine, with a certificate for `hooks.example`, and a courier that may reach it.

The courier is the real one; what differs is handed to it: who `hooks.example` is, that this machine may be called, and
whom TLS trusts. No setting could do that.
"""

import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook

from api.webhooks.courier import HttpsCourier

HOST = "hooks.example"


@dataclass
class Receiver:
    """`got`: what came, in order. `answers`: what to answer with, by default 204 to everything."""

    folder: Path
    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: Callable[[Any], None] = lambda request: answer(request, 204)

    def __post_init__(self) -> None:
        self.came = threading.Condition()

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/carnet?from=carnet"

    def courier(self, **other: Any) -> HttpsCourier:
        trusting = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        given = {"find": lambda _host, _s: ["127.0.0.1"], "allowed": lambda _address: True, "context": trusting}
        return HttpsCourier(**{**given, **other})

    def messages(self, secret: str) -> list[Any]:
        """What came, each with its signature verified as a receiver would."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.got]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]

    def until(self, number: int, patience_s: float = 30) -> None:
        with self.came:
            assert self.came.wait_for(lambda: len(self.got) >= number, patience_s), f"{len(self.got)} messages came"


def answer(request: Any, status: int, headers: Mapping[str, str] | None = None) -> None:
    request.send_response(status)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.end_headers()


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    receiver = Receiver(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.came:
                receiver.got.append((dict(self.headers), body))
                receiver.came.notify_all()
            receiver.answers(self)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> Any:
            # The handshake is made in the thread of the request, so that a client that fails in it holds up nobody.
            connection, address = super().get_request()
            return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *_: Any) -> None:
            pass

    _make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


def _make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
