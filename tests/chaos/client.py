"""One member of one company over HTTP, on loopback, with a time limit; what did not answer has the status 0."""

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import urllib3

from tests.conftest import Home

_WITHIN_S = 10.0
_LONG_S = 86_400


@dataclass(frozen=True, slots=True)
class Answer:
    sent: float
    received: float
    status: int
    text: str
    etag: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Client:
    """For one thread. `who`: as `Home.token` takes it."""

    def __init__(self, home: Home, port: int) -> None:
        self._home, self._url = home, f"http://127.0.0.1:{port}"
        self._http = urllib3.PoolManager(1, retries=False, timeout=_WITHIN_S)
        self._tokens: dict[str, str] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.clear()

    def types(self, asker: str, q: str) -> Answer:
        return self._ask(asker, "GET", f"/v1/typeahead?q={quote(q)}")

    def turns(self, company: str, *, visible: bool) -> Answer:
        return self._ask(company, "PUT", "/v1/company/visibility", {"visible": visible})

    def edits(self, company: str, name: str) -> Answer:
        read = self._ask(company, "GET", "/v1/company/card")
        if read.status != 200:
            return read
        card = {key: value for key, value in read.json.items() if key not in ("version", "unverified")}
        return self._ask(company, "PUT", "/v1/company/card", {**card, "name": name}, {"If-Match": read.etag})

    def moves(self, company: str, card: dict[str, str], region: str) -> Answer:
        """As the accounting product does it."""
        return self._ask("", "PUT", f"/v1/admin/companies/{company}", {**card, "region": region})

    def metrics(self) -> str:
        return self._ask("", "GET", "/metrics").text

    def _ask(
        self, company: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        sent_headers = {"Authorization": f"Bearer {self._token(company)}", **(headers or {})}
        if body is not None:
            sent_headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode() if body is not None else None
        sent = time.monotonic()
        try:
            answer = self._http.request(method, self._url + path, body=data, headers=sent_headers)
        except (urllib3.exceptions.HTTPError, OSError):
            return Answer(sent, time.monotonic(), 0, "")
        text = answer.data.decode("utf-8", "replace")
        return Answer(sent, time.monotonic(), answer.status, text, answer.headers.get("ETag", ""))

    def _token(self, company: str) -> str:
        if company not in self._tokens:
            said = {"exp": int(time.time()) + _LONG_S}  # processes whose clocks are ahead accept it too
            product = {"sub": "books", "company": None, "scope": "admin"}
            self._tokens[company] = self._home.token(company, **(said if company else {**said, **product}))
        return self._tokens[company]
