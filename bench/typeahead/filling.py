"""Companies into records, indices and tables: written as fast as each takes them, since only asking is measured here."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import psycopg
from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk

from carnet.tuning.styles import Named
from directory.card import folded_name
from directory.records import Records

REGION = "ca"
_COMPANY = {
    "region": REGION,
    "kind": "business",
    "plan": "essentials",
    "status": "active",
    "visible": True,
    "visible_since": 0,
    "card_version": 1,
    "published_version": 1,
    "index_version": 1,
    "erased": False,
    "created_at": 0,
    "changed_at": 0,
}
_CARD = {
    "version": 1,
    "email": "",
    "phone": "",
    "website": "",
    "street": "",
    "postal_code": "",
    "country": "CA",
    "created_by": "bench",
    "created_at": 0,
}
_OWN_COMPANY = ("id", "popularity", "folded_name")
_OWN_CARD = ("company_id", "name", "other_names", "city", "province", "folded_name")
_BATCH = 20_000
_Row = TypeVar("_Row")
Progress = Callable[[int], None]


def fill_records(records: Records, companies: Iterable[Named], progress: Progress) -> None:
    """Rows as an import would write them, but for the outbox: the index is built from them afterwards."""
    for batch in _batches(companies):
        rows = [(one.id, one.popularity, folded_name(one.name), *_COMPANY.values()) for one in batch]
        cards = [
            (
                *(one.id, one.name, json.dumps(one.other_names), one.city, one.province, folded_name(one.name)),
                *_CARD.values(),
            )
            for one in batch
        ]
        with records.writing() as connection:
            driver = connection.connection.driver_connection
            _write(driver, "companies", (*_OWN_COMPANY, *_COMPANY), rows)
            _write(driver, "card_versions", (*_OWN_CARD, *_CARD), cards)
        progress(len(batch))
    with records.writing() as connection:
        connection.exec_driver_sql("ANALYZE")


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _write(driver: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    if isinstance(driver, psycopg.Connection):
        with driver.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" for _ in columns)
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - constants


def fill_index(
    client: OpenSearch, index: str, field: dict[str, Any], rows: Iterator[dict[str, Any]], progress: Progress
) -> None:
    """An index with one field `name`, on the settings that Carnet's has: one shard, no cache, a refresh a second."""
    settings = {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "refresh_interval": "1s",
        "requests.cache.enable": False,
        "queries.cache.enabled": False,
    }
    client.indices.create(
        index=index, body={"settings": {"index": settings}, "mappings": {"properties": {"name": field}}}
    )
    for batch in _batches(rows):
        bulk(client, ({"_index": index, **row} for row in batch), chunk_size=1_000, max_retries=8, initial_backoff=1)
        progress(len(batch))
    client.indices.refresh(index=index)


def fill_trigrams(url: str, companies: Iterable[Named], progress: Progress) -> None:
    """A table of names with pg_trgm's GiST index."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE TABLE names (id text PRIMARY KEY, name text NOT NULL)")
        for batch in _batches(companies):
            with connection.cursor().copy("COPY names (id, name) FROM STDIN") as copy:
                for company in batch:
                    copy.write_row((company.id, company.name))
            progress(len(batch))
        connection.execute("CREATE INDEX ON names USING gist (name gist_trgm_ops(siglen=64))")
        connection.execute("ANALYZE names")
