"""What is built for one size and kept between calls: records twice, an index in each engine, and what stands beside it.

On the services of the tests (tests/services), under names of the bench's own; SQLite and Tantivy in a folder. Where the
services are started for one run only, what was built goes with them.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from opensearchpy import OpenSearch
from psycopg import sql
from sqlalchemy import make_url

from carnet.tuning.styles import Named
from tests.services import PREFIX, addresses
from tests.services.given import plain
from tests.services.own import index_names

SERVICES, EMBEDDED, BARE, COMPLETION, TRIGRAM = "services", "embedded", "bare", "completion", "pg_trgm"  # what is built
KEY = "a key for benches only, longer than 32 bytes"


@dataclass(frozen=True)
class Place:
    size: int
    folder: Path

    @property
    def prefix(self) -> str:
        return f"{PREFIX}-typeahead-{self.size}-"

    @property
    def database(self) -> str:
        return self.prefix.replace("-", "_").rstrip("_")

    @cached_property
    def client(self) -> OpenSearch:
        return OpenSearch(addresses().search_url, timeout=120)

    @property
    def database_url(self) -> str:
        return make_url(addresses().database_url).set(database=self.database).render_as_string(hide_password=False)

    @property
    def begun(self) -> bool:
        return (self.folder / "names.jsonl").exists()

    def done(self) -> list[str]:
        """The steps of building that need not be done again."""
        kept = self.folder / "done.json"
        return list(json.loads(kept.read_text())) if kept.exists() else []

    def note_done(self, step: str) -> None:
        (self.folder / "done.json").write_text(json.dumps([*self.done(), step]))

    @property
    def _members(self) -> Path:
        return self.folder / "members.json"

    def keep_names(self, names: Iterable[Named]) -> None:
        written = self.folder / "names.new"
        with written.open("w") as file:
            file.writelines(json.dumps(_values(one)) + "\n" for one in names)
        written.rename(self.folder / "names.jsonl")

    def names(self) -> Iterator[Named]:
        with (self.folder / "names.jsonl").open() as file:
            yield from (_named(json.loads(line)) for line in file)

    def keep_members(self, members: list[Named], pool: list[Named]) -> None:
        """Who types, and companies to be typed."""
        self._members.write_text(json.dumps([[_values(one) for one in members], [_values(one) for one in pool]]))

    def members_and_pool(self) -> tuple[list[Named], list[Named]]:
        """As they were kept."""
        members, pool = json.loads(self._members.read_text())
        return [_named(one) for one in members], [_named(one) for one in pool]

    def on_services(self) -> dict[str, str]:
        """Settings of a server on PostgreSQL and OpenSearch; where its Redis is, is added by who starts it."""
        found = addresses()
        return {
            **self._common("services"),
            "CARNET_DATABASE_URL": self.database_url,
            "CARNET_SEARCH_URL": f"{found.search_url}#{self.prefix}",
        }

    def embedded(self) -> dict[str, str]:
        """Settings of a server on SQLite and Tantivy."""
        return self._common("embedded")

    def _common(self, kind: str) -> dict[str, str]:
        return {
            "CARNET_HOME": str(self.folder / kind),
            "CARNET_JOURNAL": str(self.folder / kind / "journal"),
            "CARNET_SECRET": "a secret for benches only, longer than 32 bytes",
            "CARNET_JWT_KEY": KEY,
            # Counted as always, and never reached: a bench types faster than a person.
            "CARNET_LIMIT_LOOKUPS": "100000/minute;1000000/day",
        }

    def make(self) -> None:
        self.drop()
        self.folder.mkdir(parents=True)
        with psycopg.connect(plain(addresses().database_url), autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in index_names(addresses().search_url, self.prefix):
            self.client.indices.delete(index=name)
        with psycopg.connect(plain(addresses().database_url), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database)))

    def indices(self) -> dict[str, str]:
        """What stands in the cluster: bare, completion and Carnet's own, by these words."""
        names = index_names(addresses().search_url, self.prefix)
        return {_kind(name.removeprefix(self.prefix)): name for name in names}

    def trigrams(self) -> "closing[psycopg.Connection[Any]]":
        return closing(psycopg.connect(plain(self.database_url), autocommit=True))


def _kind(name: str) -> str:
    return name if name in (BARE, COMPLETION) else "carnet"


def _values(one: Named) -> list[Any]:
    return [one.id, one.name, list(one.other_names), one.city, one.province, one.popularity]


def _named(fields: list[Any]) -> Named:
    company_id, name, others, city, province, popularity = fields
    return Named(company_id, name, tuple(others), city, province, popularity)
