"""What is sent along with a request that is refused, over real connections: the answer is heard, and the connection kept."""

import socket
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

import carnet.bodies
from carnet.bodies import Bodies

MB = 1024 * 1024


@pytest.fixture
def server(new_server: Callable[..., Any]) -> Any:
    made = new_server()
    assert made.carnet("import", made.write("few.csv", {"tremblay": "Quincaillerie Tremblay ltée"})).returncode == 0
    return made.start()


def connected(server: Any) -> closing[HTTPConnection]:
    return closing(HTTPConnection(*server.url.removeprefix("http://").split(":"), timeout=30))


@pytest.mark.parametrize("size", [100_000, 5 * MB, 20 * MB])
def test_who_sends_more_than_is_read_hears_why_it_was_refused_and_goes_on_with_the_same_connection(
    server: Any, size: int
) -> None:
    body = b'{"names": ["' + b"x" * size + b'"]}'
    known = {"Authorization": f"Bearer {server.member('tremblay').token}", "Content-Type": "application/json"}
    with connected(server) as connection:
        connection.connect()
        kept = connection.sock
        for headers, path, status in (
            ({"Content-Type": "application/json"}, "/v1/contacts/match", 401),
            (known, "/v1/nothing", 404),
            (known, "/v1/reveals", 422 if size < 256 * 1024 else 413),
        ):
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            assert (answer.status, answer.read()[:1]) == (status, b"{"), path
        connection.request("GET", "/livez")
        assert connection.getresponse().status == 200
        assert connection.sock is kept


def test_a_body_in_pieces_is_taken_in_too(server: Any) -> None:
    with connected(server) as connection:
        for _ in range(2):
            pieces = iter([b"x" * MB] * 5)
            connection.request("POST", "/v1/reveals", pieces, {"Content-Type": "application/json"}, encode_chunked=True)
            answer = connection.getresponse()
            assert answer.status == 401
            answer.read()


def test_a_body_that_does_not_come_keeps_nobody_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The silence that is borne is 20 s; here less, over a real connection, and by an application that reads."""
    monkeypatch.setattr(carnet.bodies, "_SILENCE_S", 0.05)
    here, there = socket.socketpair()
    with closing(here), closing(there), here.makefile("rb") as body:

        def reads(environ: Any, start_response: Any) -> Any:
            with pytest.raises(TimeoutError):
                environ["wsgi.input"].read(10)
            start_response("400 Bad Request", [])
            return [b"refused"]

        environ = {"CONTENT_LENGTH": "10", "gunicorn.socket": here, "wsgi.input": body}
        there.sendall(b"1234")
        assert list(Bodies(reads)(environ, lambda *_: None)) == [b"refused"]
        assert here.gettimeout() is None
