"""Tokens that are signed with a key that an address publishes, whatever becomes of who publishes it."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from api.bearer import NotSignedIn, Verifier

KEYS = {name: rsa.generate_private_key(65537, 2048) for name in ("first", "second")}


class Publisher(ThreadingHTTPServer):
    """`publishes`: the names of keys. `asked`: how often it was. `answers`: what to do instead of telling the keys."""

    daemon_threads = True

    def __init__(self) -> None:
        self.publishes, self.asked = ["first"], 0
        self.answers: Callable[[Any], None] = tells_keys
        self.came = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    def verifier(self) -> Verifier:
        url = f"http://127.0.0.1:{self.server_address[1]}/keys"
        return Verifier(key=None, jwks_url=url, issuer="carnet", audience="carnet")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        publisher: Any = self.server
        publisher.asked += 1
        publisher.came.set()
        publisher.answers(self)

    def log_message(self, *_: Any) -> None:
        pass


def tells(request: Any, body: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def tells_keys(request: Any) -> None:
    keys = []
    for name in request.server.publishes:
        published = jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[name].public_key(), as_dict=True)
        keys.append({**published, "kid": name, "use": "sig"})
    tells(request, json.dumps({"keys": keys}).encode())


def is_away(request: Any) -> None:
    request.send_error(503)


def nests_deeply(request: Any) -> None:
    tells(request, b"[" * 100_000)


def hangs_up(request: Any) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket(fileno=request.connection.detach()).close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        thread = threading.Thread(target=publisher.serve_forever, args=(0.05,))
        thread.start()
        yield publisher
        publisher.shutdown()
        thread.join()


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds go by, for whoever asks how long something was ago."""
    since_start, gone_by = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: since_start() + sum(gone_by))
    return gone_by.append


def token(key: str = "first", *, named: str = "", **changed: Any) -> str:
    claims = {"sub": "a@b.example", "company": "tremblay", "scope": "network", "iss": "carnet", "aud": "carnet"}
    said = {**claims, "exp": int(time.time()) + 7 * 86_400, **changed}
    return jwt.encode(said, KEYS[key], "RS256", headers={"kid": named or key})


def is_accepted(verifier: Verifier, shown: str) -> bool:
    try:
        return verifier.verify(shown).company == "tremblay"
    except NotSignedIn:
        return False


def test_while_the_publisher_is_away_its_keys_stay_good_for_a_day_and_no_longer(
    publisher: Publisher, moves: Callable[[float], None]
) -> None:
    verifier = publisher.verifier()
    assert is_accepted(verifier, token(jti="1"))
    publisher.answers = is_away
    moves(6 * 60)
    assert is_accepted(verifier, token(jti="2"))
    moves(23 * 60 * 60)
    assert is_accepted(verifier, token(jti="3"))
    moves(60 * 60)
    assert not is_accepted(verifier, token(jti="4"))
    publisher.answers = tells_keys
    moves(2)
    assert is_accepted(verifier, token(jti="5"))


def test_who_names_a_key_that_nobody_knows_makes_nobody_else_wait_for_a_publisher_that_is_slow(
    publisher: Publisher, moves: Callable[[float], None]
) -> None:
    verifier, told = publisher.verifier(), threading.Event()
    assert is_accepted(verifier, token(jti="1"))
    publisher.answers = lambda _: told.wait(30)
    publisher.came.clear()
    moves(60)
    with ThreadPoolExecutor() as others:
        stranger = others.submit(is_accepted, verifier, token(named="nobody's"))
        assert publisher.came.wait(30)
        assert is_accepted(verifier, token(jti="2"))
        assert not stranger.done()
        told.set()
        assert not stranger.result()


def test_who_names_keys_that_nobody_knows_has_the_publisher_asked_once_in_half_a_minute(
    publisher: Publisher, moves: Callable[[float], None]
) -> None:
    verifier = publisher.verifier()
    assert is_accepted(verifier, token())
    for answers in (tells_keys, is_away):
        publisher.answers, publisher.asked = answers, 0
        moves(31)
        assert not any(is_accepted(verifier, token(named=f"nobody's {n}")) for n in range(5))
        assert publisher.asked == 1


def test_a_key_that_is_published_anew_counts_after_half_a_minute_and_one_that_is_taken_back_after_five(
    publisher: Publisher, moves: Callable[[float], None]
) -> None:
    verifier = publisher.verifier()
    assert is_accepted(verifier, token("first", jti="1"))
    publisher.publishes = ["first", "second"]
    moves(31)
    assert is_accepted(verifier, token("second"))
    publisher.publishes = ["second"]
    moves(301)
    assert not is_accepted(verifier, token("first", jti="2"))


@pytest.mark.parametrize("answers", [is_away, nests_deeply, hangs_up])
def test_whatever_a_publisher_says_in_place_of_keys_nobody_is_signed_in_by_it_and_nothing_breaks(
    publisher: Publisher, moves: Callable[[float], None], answers: Callable[[Any], None]
) -> None:
    verifier, publisher.answers = publisher.verifier(), answers
    assert not is_accepted(verifier, token())
    publisher.answers = tells_keys
    moves(2)
    assert is_accepted(verifier, token())


def test_a_token_that_names_no_key_is_refused_and_nobody_is_asked_for_one(publisher: Publisher) -> None:
    assert not is_accepted(publisher.verifier(), jwt.encode({"sub": "a"}, KEYS["first"], "RS256"))
    assert publisher.asked == 0
