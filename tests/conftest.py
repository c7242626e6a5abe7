"""How these tests get what they need.

Nothing is mocked. A `network` is a whole directory of the test's own, records, index and the Flask application, joined by
the same wiring as in production. It stands on each of the stacks in turn (tests/stacks.py): a SQLite file and a Tantivy
index in the test's `tmp_path`; PostgreSQL, OpenSearch and Redis. Companies get in through the
real import, members through real signed tokens, and everything else over HTTP, in process. Nothing works behind a test's
back: there is no sweep, so the outbox holds what it holds until `drain`.

`still_network` is one for all tests that only ask.

A `server` is the installed command `carnet serve`, as a process, over a socket: where a test is about processes, crashes
or several at once. It answers through the same `Member`, so a test reads alike either way.

Every network comes with companies that a test does not name and that must stay as they are: noise.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
import requests
from cachetools import cached
from flask import Flask
from hypothesis import settings as hypothesis
from sqlalchemy import text

from api import create_app
from api.services import Services
from carnet.demo import load_sample
from carnet.load import Loaded, load_file
from carnet.logs import configure_logging
from carnet.settings import read_settings
from carnet.stores import open_engine, open_records, own_index
from carnet.wiring import make_services
from directory.members import set_role
from directory.values import Role
from indexer.drain import drain
from indexer.engines.opensearch import OpenSearchEngine
from indexer.publisher import DirectPublisher
from tests.clock import Clock, moved_clock
from tests.side_by_side import SideBySide
from tests.small_network import KEY, SMALL_NETWORK, what_an_operator_sets, write_companies
from tests.stacks import STACKS, Stack, tidy_up

hypothesis.register_profile("carnet", deadline=None)  # how long something takes is for bench/ to say
hypothesis.load_profile("carnet")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        assert self.headers["Content-Type"] == "application/problem+json", self.text
        return self.json["code"]

    def ok(self) -> Any:
        assert self.status in (200, 201), self.text
        return self.json


Send = Callable[[str, str, Mapping[str, str], bytes | None], Answer]


@dataclass(frozen=True)
class Member:
    """Somebody with a token, and what people do with one."""

    send: Send
    token: str | None
    language: str = "en"

    def in_french(self) -> "Member":
        return replace(self, language="fr-CA")

    def ask(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, raw: bytes = b""
    ) -> Answer:
        sent = {"Accept-Language": self.language}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None or raw:
            sent["Content-Type"] = "application/json"
        data = raw or (json.dumps(body).encode() if body is not None else None)
        return self.send(method, path, {**sent, **(headers or {})}, data)

    def types(self, q: str, **more: Any) -> Answer:
        return self.ask("GET", "/v1/typeahead?" + urlencode({"q": q, **more}, errors="surrogatepass"))

    def finds(self, q: str) -> list[str]:
        return [found["name"] for found in self.types(q).ok()["suggestions"]]

    def suggestion(self, q: str) -> str:
        return self.types(q).ok()["suggestions"][0]["suggestion"]

    def picks(self, q: str) -> Any:
        return self.ask("POST", "/v1/reveals", {"suggestion": self.suggestion(q)}).ok()

    def saves(self, q: str, relation: str = "customer", **fields: str) -> str:
        """Pick the first that is found and save it; the id of the contact."""
        link = self.picks(q)["link"]
        return self.ask("POST", "/v1/contacts", {"relation": relation, "link": link, **fields}).ok()["id"]

    def contact(self, contact_id: str) -> Any:
        return self.ask("GET", f"/v1/contacts/{contact_id}").ok()

    def turns(self, *, visible: bool) -> Any:
        return self.ask("PUT", "/v1/company/visibility", {"visible": visible}).ok()

    def edits(self, **fields: Any) -> Answer:
        """Read one's own card, change these fields, and save it."""
        read = self.ask("GET", "/v1/company/card")
        card = {name: value for name, value in read.ok().items() if name not in ("version", "unverified")}
        return self.ask("PUT", "/v1/company/card", {**card, **fields}, headers={"If-Match": read.headers["ETag"]})


def acting(member: Member, client: str) -> Member:
    """The same person, in the books of a client."""

    def send(method: str, path: str, headers: Mapping[str, str], data: bytes | None) -> Answer:
        return member.send(method, path, {**headers, "Carnet-Acting-For": client}, data)

    return replace(member, send=send)


@dataclass
class Home:
    """The folder and settings that processes share: what an operator would set."""

    folder: Path
    environment: dict[str, str]

    def __post_init__(self) -> None:
        self.environment = what_an_operator_sets(self.folder, self.environment)
        self.settings = read_settings(self.environment)

    def write(self, name: str, companies: Mapping[str, Any]) -> Path:
        """A CSV file of companies: id → name, or id → fields. Region ca where they say nothing."""
        return write_companies(self.folder / name, companies)

    def token(self, company: str, role: str = "primary_admin", /, **claims: Any) -> str:
        """A signed token; a claim given as None is left out."""
        said = {
            "sub": f"{role}@{company}.example",
            "company": company,
            "scope": "network",
            "iss": "carnet",
            "aud": "carnet",
            "exp": int(time.time()) + 600,
            **claims,
        }
        return jwt.encode({name: claim for name, claim in said.items() if claim is not None}, KEY, "HS256")


class PatientPublisher(DirectPublisher):
    """Waits for the index longer than half a second: what a test asks next must not depend on how busy the machine is."""

    patience_s = 30.0

    def publish(self, company_ids: Sequence[str], *, within: float) -> bool:
        return super().publish(company_ids, within=max(within, self.patience_s))


class Network(Home):
    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder, environment)
        self.records = open_records(self.settings)
        self.ownership = own_index(self.settings, refusal="in use")
        self.engine = open_engine(self.settings, self.ownership)
        if isinstance(self.engine, OpenSearchEngine):
            self.engine._look_up_s = PatientPublisher.patience_s  # for the same reason; the limit has tests of its own
        self.publisher = PatientPublisher(self.records, self.engine)
        self.services = make_services(self.settings, self.records, self.engine, self.publisher, lambda: None)
        self.app = _app(self.services)

    def close(self) -> None:
        self.publisher.close()
        self.engine.close()
        self.records.close()
        if self.ownership:
            self.ownership.give_back()

    def imports(self, path: Path) -> Loaded:
        """Import a file as the command does, without the index."""
        return load_file(self.records, self.settings.regions, path, self.folder)

    def load(self, **companies: Any) -> Loaded:
        """Import companies, given as id="Name" or id={fields}, and show them in the index."""
        loaded = self.imports(self.write("companies.csv", companies))
        self.drain()
        return loaded

    def drain(self) -> None:
        drain(self.records, self.engine)

    def member(self, company: str, role: str = "primary_admin", **claims: Any) -> Member:
        set_role(self.records, company, f"{role}@{company}.example", Role(role))
        return Member(self.send, self.token(company, role, **claims))

    def product(self) -> Member:
        """The accounting product, with its service's token."""
        return Member(self.send, self.token("", sub="books", company=None, scope="admin"))

    def nobody(self, token: str | None = None) -> Member:
        """A client with this token or with none, whoever that may be."""
        return Member(self.send, token)

    def send(self, method: str, path: str, headers: Mapping[str, str], data: bytes | None) -> Answer:
        with self.app.test_client() as client:
            # As a server does: read to the end and closed, which is when what was left for later is done.
            answer = client.open(path, method=method, headers=dict(headers), data=data, buffered=True)
            return Answer(answer.status_code, answer.headers, answer.get_data(as_text=True))

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Ask the records directly, or change what no route can change yet."""
        with self.records.writing() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def ends(self, company: str) -> None:
        """The company's subscription ends."""
        self.sql(
            "UPDATE companies SET status = 'ended', index_version = index_version + 1 WHERE id = :company",
            company=company,
        )


def _app(services: Services) -> Flask:
    """An application of these services. Putting up the routes takes longer than most tests, so it is done once; limits are
    put up with them."""
    if services.lookup_limits:
        return create_app(services)
    routes = _routes(services)
    app = copy(routes)
    app.extensions = {**routes.extensions, "carnet": services}
    app.config = copy(routes.config)
    app.config.update(SECRET_KEY=services.session_secrets[0], SECRET_KEY_FALLBACKS=list(services.session_secrets[1:]))
    return app


@cached({}, key=lambda services: services.dev_sign_in)
def _routes(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture(autouse=True, scope="session")
def logging_as_served() -> None:
    configure_logging()


@pytest.fixture
def clock() -> Iterator[Clock]:
    with moved_clock() as clock:
        yield clock


@pytest.fixture(autouse=True, scope="session")
def tidied_up() -> Iterator[None]:
    yield
    tidy_up()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that uses a network or a server runs on each stack; those marked with one's name are about that one."""
    if "stack" in metafunc.fixturenames:
        alone = [name for name in STACKS if metafunc.definition.get_closest_marker(name)]
        metafunc.parametrize("stack", alone or list(STACKS), indirect=True, scope="session")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SideBySide:
    return SideBySide(config, log)


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Stack:
    return STACKS[request.param]


@contextmanager
def network_on(stack: Stack, folder: Path, *, settled: bool = False) -> Iterator[Network]:
    with stack(folder, settled=settled) as environment:
        made = Network(folder, **environment)
        yield made
        made.close()


@pytest.fixture
def own_place(request: pytest.FixtureRequest, stack: Stack, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a place of the test's own: an empty one, or that of a small network."""
    with stack(tmp_path, settled="network" in request.fixturenames) as place:
        yield place


@pytest.fixture
def new_network(own_place: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Network]]:
    """Makes a network with these settings, empty but for a test that has `network`, too."""
    made: list[Network] = []

    def make(**environment: str) -> Network:
        made.append(Network(tmp_path, **{**own_place, **environment}))
        return made[-1]

    yield make
    for network in made:
        network.close()


@pytest.fixture
def network(new_network: Callable[..., Network]) -> Network:
    """A small network: `tremblay`, who asks, and others of and around its region."""
    return new_network()


@pytest.fixture(scope="session")
def still_network(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The same, shared by tests that change nothing in it."""
    with network_on(stack, tmp_path_factory.mktemp("still"), settled=True) as made:
        made.member("tremblay")
        yield made


@pytest.fixture(scope="module")
def used_network(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The same, for the tests of one file, which may change it and rely on nothing."""
    with network_on(stack, tmp_path_factory.mktemp("used"), settled=True) as made:
        yield made


@pytest.fixture(scope="session")
def sample_network(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The bundled sample, indexed once for all tests that look for real names."""
    folder = tmp_path_factory.mktemp("sample")
    with network_on(stack, folder) as made:
        load_sample(made.records, folder)
        made.drain()
        yield made


def settled(network: Network) -> Network:
    """The same in a network that has settings of its own."""
    network.load(**SMALL_NETWORK)
    return network


class Server(Home):
    """`carnet serve` in a process of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        super().__init__(folder, environment)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> "Server":
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [*CARNET, "serve", "--port", str(self.port), *options],
            env=self._all(),
            cwd=self.folder,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        deadline = time.monotonic() + 30
        while self._ready() is None:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            assert time.monotonic() < deadline, "the server did not come up"
        return self

    def spawn(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Another process on the same settings, which goes on; its output stands in the server's log."""
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen([*CARNET, *arguments], env=self._all(), cwd=self.folder, stdout=log, stderr=log)

    def kill(self) -> None:
        """SIGKILL to all of its processes: nothing is finished, nothing is said."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.log.close()
        self.process = None

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.log.close()
            self.process = None

    def carnet(self, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Another command on the same settings, to its end."""
        return subprocess.run(
            [*CARNET, *map(str, arguments)],
            env=self._all(),
            cwd=cwd or self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def member(self, company: str, role: str = "primary_admin") -> Member:
        """Somebody with a token that the command made."""
        made = self.carnet("token", "--company", company, "--role", role)
        assert made.returncode == 0, made.stderr
        return Member(self.send, made.stdout.strip())

    def send(self, method: str, path: str, headers: Mapping[str, str], data: bytes | None) -> Answer:
        answer = self._session().request(method, self.url + path, headers=dict(headers), data=data, timeout=30)
        return Answer(answer.status_code, answer.headers, answer.text)

    def _session(self) -> requests.Session:
        if not hasattr(_local, "session"):
            _local.session = requests.Session()
            _local.session.trust_env = False
        return _local.session

    def _ready(self) -> Answer | None:
        try:
            return self.send("GET", "/livez", {}, None)
        except requests.ConnectionError:
            return None

    def _all(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
        return {**kept, **self.environment, "COLUMNS": "200"}


_local = threading.local()
CARNET = (sys.executable, "-m", "carnet")


@pytest.fixture
def new_server(stack: Stack, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """A server with these settings, not started yet."""
    made: list[Server] = []
    with stack(tmp_path) as place:

        def make(**environment: str) -> Server:
            made.append(Server(tmp_path, {**place, **environment}))
            return made[-1]

        yield make
        for server in made:
            server.stop()
