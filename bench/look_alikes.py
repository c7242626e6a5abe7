"""What a card edit costs for a company with many links, with and without look-alikes among the vendors of those linked.

    python -m bench.look_alikes [LINKS]

On a SQLite file, and on PostgreSQL as the tests have it (tests/services). The edit is the rule itself, in one transaction;
"held" are contacts that keep the old values. The median of five edits, but one where contacts are held.
"""

import json
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.rebuild import RESULTS
from directory import standing
from directory.companies import lock_company
from directory.importing import CompanyRow, store
from directory.records import Records
from directory.records.schema import migrate
from directory.records.sqlite import create_sqlite_file
from directory.records.tables import contacts
from directory.values import Card, Kind, Plan
from tests.services import addresses
from tests.services.own import own_database


@dataclass
class Edit:
    database: str
    case: str
    links: int
    look_alikes: int
    held: int
    ms: float


def main(links: int) -> None:
    edits = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        create_sqlite_file(folder / "carnet.db")
        urls = {
            "SQLite": f"sqlite:///{folder / 'carnet.db'}",
            "PostgreSQL": stack.enter_context(own_database(addresses().database_url)),
        }
        for database, url in urls.items():
            records = Records(url)
            stack.callback(records.close)
            migrate(records)
            _fill(records, links)
            edits += _edits(records, database, links)
    table = Table(title=f"A card edit of a company with {links:,} links")
    for heading in ("database", "edit", "look-alikes", "held", "ms"):
        table.add_column(heading, justify="left" if heading in ("database", "edit") else "right")
    for edit in edits:
        table.add_row(edit.database, edit.case, f"{edit.look_alikes:,}", f"{edit.held:,}", f"{edit.ms:,.1f}")
    Console().print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "look_alikes.json").write_text(json.dumps([asdict(edit) for edit in edits], indent=2))


def _fill(records: Records, links: int) -> None:
    """`editor`, linked by everybody; `one`, `tenth` and `all`, each linked as a vendor by as many as its name says."""
    names = ["editor", "one", "tenth", "all", *(f"c{n:06}" for n in range(links))]
    for start in range(0, len(names), 1_000):
        with records.writing() as connection:
            store(
                connection,
                [
                    CompanyRow(name, "ca", Kind.BUSINESS, Plan.PLUS, Card(f"Enterprise {name}"), True)
                    for name in names[start : start + 1_000]
                ],
            )
    vendors = {"one": 1, "tenth": links // 10, "all": links}
    rows = [_contact(n, "editor", "customer") for n in range(links)]
    rows += [_contact(n, vendor, "vendor") for vendor, many in vendors.items() for n in range(many)]
    for start in range(0, len(rows), 5_000):
        with records.writing() as connection:
            connection.execute(contacts.insert(), rows[start : start + 5_000])
    if not records.is_sqlite:  # where a server does it by itself
        with records.writing() as connection:
            connection.exec_driver_sql("ANALYZE")


def _contact(number: int, linked: str, relation: str) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "company_id": f"c{number:06}",
        "relation": relation,
        "linked_company_id": linked,
        "linked_version": 1,
        "linked_publication": 0,
        "own_fields": {},
        "folded_name": "",
        "email_domain": "",
        "version": 1,
        "created_by": "bench",
        "created_at": 0,
        "changed_at": 0,
    }


def _edits(records: Records, database: str, links: int) -> list[Edit]:
    def edit(card: Card) -> float:
        started = time.perf_counter()
        with records.writing() as connection:
            standing.change(connection, lock_company(connection, "editor"), {}, card, by="bench")
        return (time.perf_counter() - started) * 1_000

    def held() -> int:
        with records.reading() as connection:
            found: int = connection.exec_driver_sql(
                "SELECT count(*) FROM contact_edits WHERE field = 'name'"
            ).scalar_one()
        return found

    phones = median(edit(Card("Enterprise editor", phone=f"+1514555010{n}")) for n in range(5))
    names = median(edit(Card(f"Name nobody has {n}")) for n in range(5))
    done = [Edit(database, "phone", links, 0, 0, phones), Edit(database, "name", links, 0, 0, names)]
    for vendor, many in (("one", 1), ("tenth", links // 10), ("all", links)):
        before = held()
        took = edit(Card(f"Enterprise {vendor}"))
        done.append(Edit(database, "name of a vendor", links, many, held() - before, took))
    return done


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
