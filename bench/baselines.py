"""What users would pick instead, each as its own documentation shows it, over the same names in the same run.

Each is a context that yields a question: text → ids of companies, the best first.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk

from carnet.tuning.styles import Named

Ask = Callable[[str], list[str]]
_FOUND = 10
_CHUNK = 500


def _fill(client: OpenSearch, index: str, properties: dict[str, Any], rows: Iterator[dict[str, Any]]) -> None:
    body = {"settings": {"number_of_shards": 1, "number_of_replicas": 0}, "mappings": {"properties": properties}}
    client.indices.create(index=index, body=body)
    bulk(client, ({"_index": index, **row} for row in rows), chunk_size=_CHUNK, max_retries=8, initial_backoff=1)
    client.indices.refresh(index=index)


@contextmanager
def search_as_you_type(client: OpenSearch, index: str, companies: Sequence[Named]) -> Iterator[Ask]:
    """`search_as_you_type` asked with `multi_match`, type `bool_prefix`."""
    _fill(
        client,
        index,
        {"name": {"type": "search_as_you_type"}},
        ({"_id": company.id, "name": [company.name, *company.other_names]} for company in companies),
    )

    def ask(text: str) -> list[str]:
        return [hit["_id"] for hit in client.search(index=index, body=as_documented(text))["hits"]["hits"]]

    yield ask
    client.indices.delete(index=index)


def as_documented(text: str) -> dict[str, Any]:
    fields = ["name", "name._2gram", "name._3gram"]
    return {"size": _FOUND, "query": {"multi_match": {"query": text, "type": "bool_prefix", "fields": fields}}}


@contextmanager
def completion(client: OpenSearch, index: str, companies: Sequence[Named]) -> Iterator[Ask]:
    """The completion suggester, fuzzy."""
    _fill(
        client,
        index,
        {"name": {"type": "completion"}},
        ({"_id": company.id, "name": {"input": [company.name, *company.other_names]}} for company in companies),
    )

    def ask(text: str) -> list[str]:
        wanted = {"field": "name", "size": _FOUND, "skip_duplicates": True, "fuzzy": {"fuzziness": "AUTO"}}
        body = {"_source": False, "suggest": {"name": {"prefix": text, "completion": wanted}}}
        return [option["_id"] for option in client.search(index=index, body=body)["suggest"]["name"][0]["options"]]

    yield ask
    client.indices.delete(index=index)


@contextmanager
def trigrams(url: str, companies: Sequence[Named]) -> Iterator[Ask]:
    """PostgreSQL's pg_trgm, by word similarity, with its GiST index; unaccent is not assumed."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE TABLE names (id text NOT NULL, name text NOT NULL)")
        with connection.cursor().copy("COPY names (id, name) FROM STDIN") as copy:
            for company in companies:
                for name in (company.name, *company.other_names):
                    copy.write_row((company.id, name))
        connection.execute("CREATE INDEX ON names USING gist (name gist_trgm_ops(siglen=64))")
        connection.execute("ANALYZE names")

        def ask(text: str) -> list[str]:
            rows = connection.execute(
                "SELECT id FROM names ORDER BY %s <<-> name LIMIT %s", (text, _FOUND), prepare=True
            )
            return [row[0] for row in rows]

        yield ask
