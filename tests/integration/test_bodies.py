"""What is sent along with a request that is refused, over real connections: the answer is heard, and the connection kept."""

import json
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from typing import Any

import pytest

from carnet.running import THREADS
from tests.services.waiting import until

MB = 1024 * 1024
HEAD = b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def server(new_server: Callable[..., Any]) -> Any:
    made = new_server()
    assert made.carnet("import", made.write("few.csv", {"tremblay": "Quincaillerie Tremblay ltée"})).returncode == 0
    return made.start()


def address(server: Any) -> tuple[str, int]:
    host, port = server.url.removeprefix("http://").split(":")
    return host, int(port)


def connected(server: Any) -> closing[HTTPConnection]:
    return closing(HTTPConnection(*address(server), timeout=30))


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


def test_a_body_that_is_too_large_is_refused_however_it_comes_and_nothing_is_done_by_its_beginning(server: Any) -> None:
    member = server.member("tremblay")
    known = {"Authorization": f"Bearer {member.token}", "Content-Type": "application/json"}
    start = b'{"relation": "customer", "name": "A"}'
    just = 256 * 1024 - len(start)
    with connected(server) as connection:
        for chunked, blanks, status in (
            (True, just + 1, 413), (True, 400_000, 413), (True, 5 * MB, 413), (False, just + 1, 413),
            (True, just, 201), (False, just, 201),
        ):  # fmt: skip
            body = iter([start, b" " * blanks]) if chunked else start + b" " * blanks
            connection.request("POST", "/v1/contacts", body, known, encode_chunked=chunked)
            answer = connection.getresponse()
            said = json.loads(answer.read())
            assert (answer.status, said.get("code")) == (status, "too_large" if status == 413 else None)
    assert len(member.ask("GET", "/v1/contacts").ok()["contacts"]) == 2


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "REMOTE_USER"])
def test_a_header_that_is_named_like_a_part_of_the_address_is_no_part_of_it(server: Any, name: str) -> None:
    with connected(server) as connection:
        for value, path in (("/elsewhere", "/livez"), ("/livez", "/livez"), ("/v1", "/v1/changes")):
            connection.request("GET", path, headers={name: value})
            answer = connection.getresponse()
            assert (answer.status, answer.read()[:1]) == (200 if path == "/livez" else 401, b"{"), value


def test_as_many_unfinished_requests_as_there_are_threads_stop_the_server_for_some_seconds_only(server: Any) -> None:
    log = server.folder / "server.log"
    with ExitStack() as stack:
        for at in range(2 * THREADS):
            begun = stack.enter_context(socket.create_connection(address(server)))
            head = b"GET /livez HTTP/1.1\r\nHo" if at % 2 else HEAD + b"Content-Length: 500\r\n\r\n{}"
            begun.sendall(head)
        answer = server.send("GET", "/livez", {}, None)  # which waits for 30 s at most
        assert answer.status == 200
        until(lambda: "request_stayed_away" in log.read_text(), 30, "the line in the log")
    assert "Traceback" not in log.read_text()
