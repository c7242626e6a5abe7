# ruff: noqa: S608 - statements are put together from constants
"""How long it takes until a saved card shows in a linked contact and in the feed, however many are linked.

    python -m bench.updates

On SQLite and on PostgreSQL (as the tests have it, tests/services), with 1, 1,000 and 100,000 companies that each have one
contact linked to the company that saves. Each round is a save and then the read of one of those companies, until it has
the new e-mail address. Beside it, in the same run and the same database, the usual design: every contact holds a copy of
the card, and saving updates all copies that are linked, in one statement on an index. Rules and records only, without HTTP.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from directory.companies import edit_own_card
from directory.contacts import read_contact
from directory.records import Records
from directory.records.schema import migrate
from directory.records.sqlite import create_sqlite_file
from directory.tokens import Tokens
from directory.updates.cursors import latest, read_changes
from directory.values import Asker, Kind, Plan, Role, Status
from tests.services import addresses
from tests.services.own import own_database

LINKS = (1, 1_000, 100_000)
ROUNDS = int(os.environ.get("CARNET_BENCH_ROUNDS", "200"))
COPYING_ROUNDS = {1: ROUNDS, 1_000: ROUNDS // 4, 100_000: max(ROUNDS // 20, 3)}
RESULTS = Path(__file__).parent / "results"
TOKENS = Tokens(["a secret for benches only, longer than 32 bytes"])
OWNER, READER = "owner", "m1"
CARD = {"name": "Company owner", "phone": "+15145550134", "country": "CA"}
COPIED = ("name", "email", "phone", "website", "street", "city", "province", "postal_code", "country")


class NoIndex:
    """An e-mail address is not in the index, so nothing is published."""

    def publish(self, company_ids: Any, *, within: float) -> bool:  # noqa: ARG002
        raise AssertionError


def main() -> None:
    console, results = Console(width=110), []
    for name, place in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        for links in LINKS:
            with place() as records:
                fill(records, links)
                found = {"records": name, "links": links, **measure(records, links)}
            results.append(found)
            console.print(found)
    console.print(table(results))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "updates.json").write_text(json.dumps(results, indent=1))


@contextmanager
def sqlite() -> Iterator[Records]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "carnet.db"
        create_sqlite_file(path)
        yield from opened(f"sqlite:///{path}")


@contextmanager
def postgresql() -> Iterator[Records]:
    with own_database(addresses().database_url) as url:
        yield from opened(url)


def opened(url: str) -> Iterator[Records]:
    records = Records(url)
    migrate(records)
    yield records
    records.close()


def fill(records: Records, links: int) -> None:
    """The owner, `links` companies with a contact each, and beside them a copy of the card for each."""
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {links}) SELECT i FROM n) n"
        if records.is_sqlite
        else f"generate_series(1, {links}) n(i)"
    )
    contact_id = "'00000000-0000-0000-0000-' || substr('000000000000' || i, length('000000000000' || i) - 11)"
    company = "'ca', 'business', 'plus', 'active', true, 0, 1, 1, 1, 0, false, 0, 0"
    columns = (
        "region, kind, plan, status, visible, visible_since, card_version, published_version, index_version, "
        "popularity, erased, created_at, changed_at"
    )
    statements = [
        f"INSERT INTO companies (id, {columns}) VALUES ('{OWNER}', {company})",
        f"INSERT INTO companies (id, {columns}) SELECT 'm' || i, {company} FROM {numbers}",
        "INSERT INTO card_versions (company_id, version, name, other_names, email, phone, website, street, city, "
        "province, postal_code, country, created_by, created_at) SELECT id, 1, 'Company ' || id, '[]', "
        "'old@owner.example', '', '', '', '', '', '', 'CA', 'bench', 0 FROM companies",
        "INSERT INTO contacts (id, company_id, relation, linked_company_id, linked_version, linked_publication, "
        f"own_fields, created_by, created_at, changed_at) SELECT {contact_id}, 'm' || i, 'vendor', '{OWNER}', 1, 0, "
        f"'{{}}', 'bench', 0, 0 FROM {numbers}",
        f"CREATE TABLE copies (id varchar(36) PRIMARY KEY, linked_company_id varchar(60), {_columns()})",
        f"INSERT INTO copies SELECT id, linked_company_id, {', '.join(repr('') for _ in COPIED)} FROM contacts",
        "CREATE INDEX ix_copies_linked_company_id ON copies (linked_company_id)",
        "ANALYZE",
    ]
    with records.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _columns() -> str:
    return ", ".join(f"{field} varchar(320)" for field in COPIED)


def measure(records: Records, links: int) -> dict[str, Any]:
    owner, reader = asker(OWNER), asker(READER)
    contact_id = "00000000-0000-0000-0000-000000000001"
    version, number = 1, 0
    place = latest(records, TOKENS, reader)

    def save() -> str:
        nonlocal version, number
        number += 1
        email = f"e{number}@owner.example"
        version = edit_own_card(records, NoIndex(), owner, {**CARD, "email": email}, version).version
        return email

    def follow() -> None:
        email = save()
        while read_contact(records, reader, contact_id).fields["email"] != email:
            pass

    def feed() -> None:
        nonlocal place
        save()
        page, place = read_changes(records, TOKENS, reader, place, 100, 90)
        assert [change.contact for change in page.changes] == [contact_id]

    def copy() -> None:
        email = save()
        assign = ", ".join(f"{field} = :{field}" for field in COPIED)
        values = {**dict.fromkeys(COPIED, ""), **CARD, "email": email, "owner": OWNER}
        with records.writing() as connection:
            connection.execute(text(f"UPDATE copies SET {assign} WHERE linked_company_id = :owner"), values)
        with records.reading() as connection:
            read = connection.execute(text("SELECT * FROM copies WHERE id = :id"), {"id": contact_id}).one()
        assert read.email == email

    _times(save, 5)  # the first statements of a connection are prepared
    following = _times(follow, ROUNDS)
    place = latest(records, TOKENS, reader)
    return {
        "follow_ms": following,
        "feed_ms": _times(feed, ROUNDS),
        "copy_ms": (copying := _times(copy, COPYING_ROUNDS[links])),
        "copy_to_follow": round(copying[0] / following[0], 1),
    }


def asker(company_id: str) -> Asker:
    return Asker(
        subject="bench",
        role=Role.PRIMARY_ADMIN,
        company_id=company_id,
        company_name="",
        region="ca",
        kind=Kind.BUSINESS,
        plan=Plan.PLUS,
        status=Status.ACTIVE,
        visible=True,
        city="",
        province="",
    )


def _times(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """p50 and p95, in milliseconds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    parts = quantiles(taken, n=20, method="inclusive")
    return round(parts[9], 2), round(parts[18], 2)


def table(results: list[dict[str, Any]]) -> Table:
    made = Table(title=f"Card saved until one linked company has it, ms: p50 / p95 of {ROUNDS} rounds")
    for heading in ("records", "links", "contact", "feed", "copies (usual design)", "copies : contact, p50"):
        made.add_column(heading, justify="left" if heading == "records" else "right")
    for one in results:
        times = ("{:.1f} / {:.1f}".format(*one[name]) for name in ("follow_ms", "feed_ms", "copy_ms"))
        made.add_row(one["records"], f"{one['links']:,}", *times, f"{one['copy_to_follow']:,.1f} ×")
    return made


if __name__ == "__main__":
    main()
