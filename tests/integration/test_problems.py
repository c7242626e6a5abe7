"""Every error: one shape, a stable code, French and English, and nothing that a stranger should not read."""

import json
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from carnet.logs import configure_logging
from directory.errors import InvalidInput
from directory.records.tables import members
from tests.bills import INVOICE

BODIES = [
    ("POST", "/v1/reveals"),
    ("POST", "/v1/contacts"),
    ("POST", "/v1/contacts/match"),
    ("POST", "/v1/contacts/match/accept"),
    ("POST", "/v1/contacts/00000000-0000-4000-8000-000000000000/revert"),
    ("POST", "/v1/contacts/00000000-0000-4000-8000-000000000000/link"),
    ("PUT", "/v1/company/card"),
    ("PUT", "/v1/company/visibility"),
]


def check(answer: Any, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.text
    body = answer.json
    assert body["type"] == f"urn:carnet:problem:{code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    for trace in ("Traceback", "site-packages", ".py", "sqlite", "SELECT", "carnet.db", "werkzeug", "marshmallow"):
        assert trace not in answer.text


@pytest.mark.parametrize(("french", "name"), [(False, "United States"), (True, "États-Unis")])
def test_a_country_is_said_by_its_name(network: Any, french: bool, name: str) -> None:
    asker = network.member("tremblay")
    contact = {"relation": "customer", "name": "Anybody", "country": "us", "phone": "911"}
    answer = (asker.in_french() if french else asker).ask("POST", "/v1/contacts", contact)
    assert answer.json["errors"]["phone"][0].removesuffix(".").endswith(name)


def test_each_error_is_said_in_french_and_in_english_under_the_same_code(network: Any) -> None:
    asker, user = network.member("tremblay"), network.member("tremblay", "standard_user")
    requests = [
        (network.nobody(), "GET", "/v1/typeahead?q=a", None, {}),
        (network.member("firm"), "GET", "/v1/typeahead?q=a", None, {}),
        (user, "PUT", "/v1/company/visibility", {"visible": False}, {}),
        (asker, "GET", "/v1/typeahead", None, {}),
        (asker, "GET", "/v1/typeahead?q=a&limit=9", None, {}),
        (asker, "GET", "/v1/typeahead?limit=x&q=" + "a" * 257, None, {}),
        (asker, "GET", "/v1/nothing", None, {}),
        (asker, "PATCH", "/v1/company/card", {}, {}),
        (asker, "POST", "/v1/reveals", {"suggestion": "x"}, {}),
        (asker, "POST", "/v1/reveals", {}, {}),
        (asker, "POST", "/v1/reveals", {"suggestion": 5, "more": 6}, {}),
        (asker, "POST", "/v1/reveals", {"suggestion": None}, {}),
        (asker, "POST", "/v1/reveals", [], {}),
        (asker, "PUT", "/v1/company/visibility", {"visible": "x"}, {}),
        (asker, "PUT", "/v1/company/card", {"name": "A1"}, {}),
        (asker, "PUT", "/v1/company/card", {"name": "A1"}, {"If-Match": '"9"'}),
        (asker, "PUT", "/v1/company/card", {"name": "…", "email": "x", "country": "zz"}, {"If-Match": '"1"'}),
        (asker, "PUT", "/v1/company/card", {"name": "a" * 321, "phone": "12", "website": "x"}, {"If-Match": '"1"'}),
        (asker, "PUT", "/v1/company/card", {"name": "a\u202e", "phone": "911"}, {"If-Match": '"1"'}),
        (asker, "PUT", "/v1/company/card", {"name": "A", "other_names": ["…"] * 3}, {"If-Match": '"1"'}),
        (asker, "POST", "/v1/contacts", {"relation": "friend"}, {}),
        (asker, "POST", "/v1/contacts", {"relation": "vendor"}, {}),
        (asker, "POST", "/v1/contacts", {"relation": "vendor", "name": "A"}, {"Idempotency-Key": "k" * 256}),
        (asker, "GET", "/v1/contacts?after=x&limit=0&relation=x", None, {}),
    ]
    for member, method, path, body, headers in requests:
        english = member.ask(method, path, body, headers=headers)
        french = member.in_french().ask(method, path, body, headers=headers)
        assert english.status == french.status >= 400
        assert english.code == french.code
        check(english, english.status, english.code)
        assert english.json["detail"] != french.json["detail"], english.text
        for field, said in english.json.get("errors", {}).items():
            assert said != french.json["errors"][field], (field, said)


@pytest.mark.parametrize(
    ("accepted", "word"),
    [
        ("fr", "Connectez"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "Connectez"),
        ("fr-FR", "Connectez"),
        ("fr-CA,en;q=0.5", "Connectez"),
        ("en-CA,fr;q=0.1", "Sign in"),
        ("fr;q=0,en;q=0.1", "Sign in"),
        ("en-CA", "Sign in"),
        ("en;q=0.1, fr;q=0.9", "Connectez"),
        ("de", "Sign in"),
        ("", "Sign in"),
        ("*", "Sign in"),
        ("x" * 5_000, "Sign in"),
        (";;q=,,;", "Sign in"),
    ],
)
def test_an_answer_is_in_the_language_that_the_asker_prefers(still_network: Any, accepted: str, word: str) -> None:
    answer = still_network.nobody().ask("GET", "/v1/typeahead?q=a", headers={"Accept-Language": accepted})
    assert word in answer.json["detail"]


@pytest.mark.parametrize(("method", "path"), BODIES)
@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"", b"\xff\xfe", b"nul", b'{"a": }', b"{'a': 1}", b'{"a": NaN', b"\x00", b'{"a":1}}',
        b'{"suggestion": "\xed\xa0\x80"}',
    ],
    ids=repr,
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(still_network: Any, method: str, path: str, raw: bytes) -> None:
    answer = still_network.member("tremblay").ask(
        method, path, raw=raw, headers={"Content-Type": "application/json", "If-Match": '"1"'}
    )
    assert answer.status in (400, 422)
    check(answer, answer.status, "bad_json" if answer.status == 400 else "invalid")


@pytest.mark.parametrize(("method", "path"), BODIES)
@pytest.mark.parametrize("raw", [b"[]", b"5", b'"x"', b"null", b"true", b'[{"visible": false}]'])
def test_a_body_that_is_no_object_is_refused(still_network: Any, method: str, path: str, raw: bytes) -> None:
    answer = still_network.member("tremblay").ask(method, path, raw=raw, headers={"If-Match": '"1"'})
    check(answer, 422, "invalid")


@pytest.mark.parametrize(("method", "path"), BODIES)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/xml"]
)
def test_a_body_of_another_type_is_refused(still_network: Any, method: str, path: str, kind: str) -> None:
    answer = still_network.member("tremblay").ask(
        method, path, raw=b'{"visible": false}', headers={"Content-Type": kind}
    )
    check(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("escaped", ["\\ud800", "\\udfff\\ud800", "\\u0000", "\\uffff", "a\\ud83d"])
def test_lone_surrogates_and_nothings_inside_json_text_are_refused_by_field(still_network: Any, escaped: str) -> None:
    asker = still_network.member("tremblay")
    raw = f'{{"relation": "customer", "name": "A{escaped}", "street": "B{escaped}"}}'.encode()
    answer = asker.ask("POST", "/v1/contacts", raw=raw)
    check(answer, 422, "invalid")
    assert set(answer.json["errors"]) == {"name", "street"}
    raw = f'{{"suggestion": "A{escaped}"}}'.encode()
    check(asker.ask("POST", "/v1/reveals", raw=raw), 404, "not_found")
    raw = f'{{"relation": "customer", "link": "A{escaped}"}}'.encode()
    check(asker.ask("POST", "/v1/contacts", raw=raw), 404, "not_found")
    raw = f'{{"{escaped}": 1}}'.encode()
    check(asker.ask("POST", "/v1/reveals", raw=raw), 422, "invalid")


NO_TEXTS = ["\\ud800", "\\u0000", "a\\udfff"]


@pytest.mark.parametrize("escaped", NO_TEXTS)
@pytest.mark.parametrize(
    ("path", "body", "came"),
    [
        (
            "companies",
            '{"companies": [{"id": "good", "region": "ca", "name": "Good"}, {"id": "%s"}]}',
            ["added", "invalid"],
        ),
        (
            "companies",
            '{"companies": [{"id": "good", "region": "ca", "name": "Good"}, {"%s": 1}]}',
            ["added", "invalid"],
        ),
        (
            "members",
            '{"members": [{"company": "bitfarms", "subject": "s", "role": "primary_admin"}, {"company": "%s", "subject": "s",'
            ' "role": "primary_admin"}]}',
            ["done", "not_found"],
        ),
        (
            "clients",
            '{"clients": [{"firm": "%s", "client": "bitfarms", "granted": true}]}',
            ["not_found"],
        ),
    ],
)
def test_what_is_no_text_in_one_part_of_a_batch_costs_no_other_part_its_answer(
    network: Any, path: str, body: str, came: list[str], escaped: str
) -> None:
    said = network.product().ask("POST", f"/v1/admin/{path}", raw=(body % escaped).encode())
    assert [one.get("outcome") or one["code"] for one in said.ok()["results"]] == came


@pytest.mark.services  # SQLite holds NUL like any other character
@pytest.mark.parametrize(
    ("company", "path", "status"),
    [
        ("tremblay", "/v1/bills?after=2026-01-01_%00", 422),
        ("tremblay", "/v1/invoices?after=1_%00", 422),
        ("tremblay", "/v1/contacts/duplicates?name=x&email=a@b%00", 200),
        ("tremblay", "/v1/contacts/duplicates?name=%00&relation=vendor", 200),
        ("firm", "/v1/clients?q=%00", 200),
    ],
)
def test_what_postgresql_does_not_hold_is_no_outage_of_it(
    still_network: Any, company: str, path: str, status: int
) -> None:
    assert still_network.member(company).ask("GET", path).status == status


@pytest.mark.parametrize("escaped", NO_TEXTS)
def test_a_customer_that_is_no_text_is_no_customer(still_network: Any, escaped: str) -> None:
    raw = json.dumps({**INVOICE, "customer": "?"}).replace('"?"', f'"{escaped}"').encode()
    answer = still_network.member("tremblay").ask("POST", "/v1/invoices", raw=raw)
    check(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["customer"]


def test_a_text_that_reaches_the_database_and_is_none_is_bad_input(still_network: Any) -> None:
    with pytest.raises(InvalidInput), still_network.records.reading() as connection:
        connection.execute(select(members.c.role).where(members.c.subject == "\ud800"))


def test_a_body_of_too_many_levels_or_too_many_bytes_is_refused(still_network: Any) -> None:
    asker = still_network.member("tremblay")
    deep = asker.ask("POST", "/v1/reveals", raw=b"[" * 100_000)
    check(deep, 400, "bad_json")
    check(asker.ask("POST", "/v1/reveals", raw=b'{"suggestion": "' + b"x" * 300_000 + b'"}'), 413, "too_large")
    many = asker.ask("POST", "/v1/reveals", raw=b'{"suggestion": ' + b"9" * 5_000 + b"}")
    assert many.status in (400, 422)


def test_a_field_that_does_not_exist_is_named(still_network: Any) -> None:
    answer = still_network.member("tremblay").ask(
        "POST", "/v1/contacts", {"relation": "vendor", "name": "A", "company_id": "x"}
    )
    check(answer, 422, "invalid")
    assert answer.json["errors"] == {"company_id": ["There is no such field."]}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nothing",
        "/v1",
        "/v1/typeahead/",
        "/v1//typeahead",
        "/v1//company/card",
        "/nothing",
        "/v1/contacts/x",
        "/static/../app.py",
        "/static/api.js",
        "/.env",
    ],
)
def test_an_address_that_does_not_exist_says_so(still_network: Any, path: str) -> None:
    answer = still_network.member("tremblay").ask("GET", path, headers={"Accept": "application/json"})
    assert answer.status == 404


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(("language", "says"), [("en", "There is nothing here"), ("fr-CA", "Il n’y a rien ici")])
def test_who_follows_a_wrong_link_reads_a_page_in_their_language(still_network: Any, language: str, says: str) -> None:
    answer = still_network.nobody().ask("GET", "/nothing", headers={**BROWSER, "Accept-Language": language})
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert f'<h1 tabindex="-1">{says}' in answer.text
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(("path", "status"), [("/v1/nothing", 404), ("/v1/contacts", 401), ("/v1/typeahead?q=a", 401)])
def test_the_api_speaks_json_to_a_browser_too(still_network: Any, path: str, status: int) -> None:
    answer = still_network.nobody().ask("GET", path, headers=BROWSER)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/typeahead"), ("DELETE", "/v1/company/card"), ("PUT", "/v1/contacts")]
)
def test_a_method_that_an_address_does_not_take_names_those_that_it_does(
    still_network: Any, method: str, path: str
) -> None:
    answer = still_network.member("tremblay").ask(method, path, {})
    check(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.embedded
def test_logs_hold_neither_what_was_typed_nor_names_nor_addresses(
    network: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    configure_logging()
    asker = network.member("tremblay")
    asker.picks("bitf")
    asker.types("zzsecretzz")
    asker.edits(name="Quincaillerie Neuve", email="neuve@tremblay.example")
    asker.turns(visible=False)
    new = asker.ask("POST", "/v1/contacts", {"relation": "vendor", "name": "Nomsecret", "email": "bad"})
    assert new.status == 422
    network.sql("CREATE TRIGGER t BEFORE INSERT ON contacts BEGIN SELECT RAISE(ABORT, 'no'); END")
    crash = asker.ask("POST", "/v1/contacts", {"relation": "vendor", "name": "Nomsecret"})
    check(crash, 500, "internal")
    network.sql("DROP TABLE reveals")
    check(asker.ask("POST", "/v1/reveals", {"suggestion": asker.suggestion("bitf")}), 503, "unavailable")
    said = "".join(capfd.readouterr()).lower()
    structlog.configure(**before)
    assert "crashed" in said
    assert "unavailable" in said
    for secret in ("zzsecretzz", "bitfarms", "neuve", "nomsecret", "tremblay.example"):
        assert secret not in said


def test_liveness_needs_nobodys_token_and_tells_nothing(still_network: Any) -> None:
    assert still_network.nobody().ask("GET", "/livez").json == {"status": "alive"}
    assert still_network.nobody().ask("GET", "/readyz").json == {"status": "ready"}


def test_metrics_count_outcomes_and_name_nobody(network: Any) -> None:
    asker = network.member("tremblay")
    asker.picks("bitf")
    asker.types("zzz")
    network.sql("UPDATE companies SET visible = false WHERE id = 'heroux'")
    asker.types("heroux")
    said = network.nobody().ask("GET", "/metrics").text
    assert 'carnet_confirm_dropped_total{reason="hidden"}' in said
    for secret in ("Bitfarms", "bitfarms", "tremblay", "zzz"):
        assert secret not in said
