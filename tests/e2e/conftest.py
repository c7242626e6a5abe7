"""A real Chromium drives the real demo, and the same pages on PostgreSQL, OpenSearch and Redis.

One server a stack and one browser serve the whole run; each visitor has a browser context of its own, and each test that
changes something signs in as a company that no other test changes. At its end a visitor asserts that the browser had
nothing to complain about: no error in the console, no violation of the content security policy, no refusal by the server
that the test did not announce.

With CARNET_SCREENSHOTS set to a folder, the tests leave pictures of the pages there.
"""

import gettext
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect, sync_playwright

import api
from carnet.demo import invent_contact_data, sample
from carnet.files import read_lines
from tests.stacks import Stack

CATALOG = Path(api.__file__).parent / "translations"
LOCALES = {"en": "en-CA", "fr": "fr-CA"}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000  # a machine that does much else at once is slow, not broken
NO_CHROMIUM = "These tests need Chromium: install the package chromium, or set CARNET_TEST_CHROMIUM to its path."


@pytest.fixture(scope="session")
def demo(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo's companies that is ready: the demo itself, or one on the services."""
    home = tmp_path_factory.mktemp("demo")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with stack(home) as place, ExitStack() as processes:
        environment = {"CARNET_HOME": str(home), **place}
        if place:
            environment["CARNET_DEV_SIGN_IN"] = "on"
            _carnet(["import", str(_sample(home))], environment, home).wait(300)
            processes.enter_context(_running(["worker"], environment, home))
            command = ["serve", "--workers", "2", "--port", port]
        else:
            command = ["demo", "--port", port]
        server = processes.enter_context(_running(command, environment, home))
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while not _ready(address):
            assert server.poll() is None, f"The server ended:\n{(home / 'log').read_text()}"
            assert time.monotonic() < deadline, (
                f"The server is not ready after two minutes:\n{(home / 'log').read_text()}"
            )
            time.sleep(0.1)
        yield address


def _sample(folder: Path) -> Path:
    """The demo's companies, with its invented contact data, as a file to import."""
    path = folder / "sample.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for line in read_lines(sample()):
            assert line.fields
            file.write(json.dumps(invent_contact_data(line.fields)) + "\n")
    return path


def _carnet(arguments: list[str], environment: dict[str, str], home: Path) -> "subprocess.Popen[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "carnet", *arguments], env={**kept, **environment}, cwd=home, stdout=log, stderr=log
        )


@contextmanager
def _running(arguments: list[str], environment: dict[str, str], home: Path) -> "Iterator[subprocess.Popen[bytes]]":
    process = _carnet(arguments, environment, home)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _ready(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{address}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CARNET_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser."""

    _cookies: ClassVar[dict[tuple[str, str, str], list[Any]]] = {}

    def __init__(self, browser: Browser, demo: str, language: str, **options: object) -> None:
        self.language, self.server = language, demo
        self.context = browser.new_context(base_url=demo, locale=LOCALES[language], **options)
        self.complaints: list[str] = []
        self.refusals: set[str] = set()
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()
        self._french = gettext.translation("messages", CATALOG, ["fr"])

    def _console(self, message: ConsoleMessage) -> None:
        path = urlsplit(message.location.get("url", "")).path
        refused = message.text.startswith("Failed to load") and path in self.refusals
        # A machine that does much else at once may not answer in time; the page asks again, and the test sees what it got.
        late = "status of 503" in message.text and path == "/v1/typeahead"
        if message.type in ("error", "warning") and not refused and not late:
            self.complaints.append(f"{message.text} ({path})")

    def expects_refusal(self, path: str) -> None:
        """The server will refuse requests of this path, and that is the point."""
        self.refusals.add(path)

    def say(self, english: str) -> str:
        """A sentence of the pages, in the visitor's language."""
        return self._french.gettext(english) if self.language == "fr" else english

    def opens(self, path: str) -> Response:
        """Go to a page, and wait until it has what it asks the API for."""
        answer = self.page.goto(path)
        assert answer is not None
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        return answer

    def signs_in(self, company: str, role: str = "primary_admin", then: str = "/customers/new") -> "Visitor":
        """Through the sign-in page; those who were there before in this run still have their cookie."""
        if cookies := self._cookies.get((self.server, company, role)):
            self.context.add_cookies(cookies)
            self.opens(then)
            return self
        self.page.goto("/sign-in?" + urlencode({"q": company, "role": role, "next": then}))
        row = self.page.locator(".company").filter(has=self.page.get_by_text(company, exact=True)).first
        row.get_by_role("button").click()
        self.page.wait_for_url(f"**{then}")
        kept = [cookie for cookie in self.context.cookies() if cookie["name"] == "carnet_session"]
        self._cookies[self.server, company, role] = kept
        return self

    @property
    def name(self) -> Locator:
        return self.page.get_by_role("combobox", name=self.say("Company name"))

    @property
    def options(self) -> Locator:
        return self.page.locator("#name-list").get_by_role("option")

    @property
    def active(self) -> Locator:
        return self.page.locator('[role="option"][aria-selected="true"]')

    def types(self, text: str) -> None:
        self.name.press_sequentially(text)

    def looks_up(self, text: str) -> list[str]:
        """Put this text in place of what was there, and wait for its answer: the names found."""
        self.name.fill("")
        self.name.fill(text)
        nothing = self.say("No company found: you can fill in the form by hand.")
        none = self.page.locator("#name-note").filter(has_text=nothing)
        expect(none.or_(self.options.first)).to_be_visible()
        return self.page.locator(".option-name").all_inner_texts()

    def finds(self, text: str, name: str) -> None:
        """Look up until it is there: a company that has come back is in the index soon, and when is not promised."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while name not in self.looks_up(text):
            assert time.monotonic() < deadline, f"{name} is not found"

    def picks(self, text: str, name: str) -> None:
        self.looks_up(text)
        self.options.filter(has=self.page.get_by_text(name, exact=True)).first.click()
        expect(self.name).to_have_value(name)
        expect(self.page.locator("#picked")).to_be_visible()

    def value(self, field: str) -> str:
        return self.page.locator(f"#{field}").input_value()

    def saves(self) -> None:
        self.page.locator("main button[type=submit]").click()

    def saves_and_sees_the_list(self) -> Locator:
        """The row of the contact that was just saved; saved again where the page says that there is one like it."""
        self.saves()
        new = self.page.locator(".row-new")
        said = self.page.locator("#duplicates")
        expect(new.or_(said).filter(visible=True)).to_be_visible()
        if said.is_visible():
            self.saves()
        expect(new).to_be_visible()
        return new

    def shoots(self, name: str) -> None:
        if folder := os.environ.get("CARNET_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}-{self.language}.png", animations="disabled")


_ASK = """async ([method, path, body]) => {
  const { call } = await import(new URL("api.js", document.querySelector("script[type=module]").src));
  return (await call(method, path, body === null ? {} : { body })).data;
}"""


def asks(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Ask the API as this page does."""
    return page.evaluate(_ASK, [method, path, body])


@pytest.fixture
def visit(browser: Browser, demo: str) -> Iterator[object]:
    """Makes visitors: visit(), visit("fr"), visit("en", color_scheme="dark")."""
    visitors: list[Visitor] = []

    def make(language: str = "en", **options: object) -> Visitor:
        options.setdefault("viewport", {"width": 1100, "height": 860})
        visitors.append(Visitor(browser, demo, language, **options))
        return visitors[-1]

    yield make
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
