"""How fast a region is rebuilt on OpenSearch, beside a bare `parallel_bulk` of the same documents in the same run.

    python -m bench.rebuild [REGION]

On PostgreSQL and OpenSearch as the tests have them (tests/services). Companies come from the file that
CARNET_BENCH_COMPANIES names; without it from the bundled sample, which is small, and the table says so.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk
from rich.console import Console
from rich.table import Table

from carnet.demo import sample
from carnet.load import load_file
from directory.records import Records
from directory.records.schema import migrate
from directory.regions import Regions
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.opensearch_bulk import batches
from indexer.engines.opensearch_query import index_body
from indexer.rebuild import page_of_region, rebuild_region
from indexer.sync import to_item
from tests.services import addresses
from tests.services.own import own_database, own_prefix

ROUNDS = 3
RESULTS = Path(__file__).parent / "results"


def main(region: str) -> None:
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    path = Path(given) if given else sample()
    found = addresses()
    with own_database(found.database_url) as database, own_prefix(found.search_url) as prefix:
        records = Records(database)
        migrate(records)
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            loaded = load_file(records, Regions(), path, Path(folder))
        imported = time.perf_counter() - started
        engine = OpenSearchEngine(found.search_url, prefix=prefix)
        bare = OpenSearch(found.search_url, pool_maxsize=8, timeout=60)
        ours, theirs, count = [], [], 0
        for turn in range(ROUNDS):
            started = time.perf_counter()
            rebuild_region(records, engine, region)
            ours.append(time.perf_counter() - started)
            index = f"{prefix}bare-{turn}"
            bare.indices.create(index=index, body=index_body())
            documents = deque(_actions(records, region, index))  # rendered beforehand: bare is bare
            count = len(documents)
            started = time.perf_counter()
            for ok, _ in parallel_bulk(bare, documents, thread_count=2, chunk_size=500):
                assert ok
            bare.indices.refresh(index=index)
            theirs.append(time.perf_counter() - started)
        engine.close()
        records.close()
    _report(region, path, loaded.rows, imported, count, ours, theirs)


def _actions(records: Records, region: str, index: str) -> Iterator[dict[str, Any]]:
    after = ""
    while rows := page_of_region(records, region, after):
        for lines in (line for batch in batches([to_item(row) for row in rows]) for line in batch):
            action, source = lines.splitlines()
            yield {"_index": index, "_id": json.loads(action)["index"]["_id"], "_source": json.loads(source)}
        after = rows[-1].id


def _report(
    region: str, path: Path, rows: int, imported: float, count: int, ours: list[float], theirs: list[float]
) -> None:
    ratios = [bare / rebuild for rebuild, bare in zip(ours, theirs, strict=True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    table = Table(title=f"Rebuild of {region}: {count:,} companies, {ROUNDS} rounds in turn ({path.name})")
    for heading in ("", "documents/s, median", "seconds"):
        table.add_column(heading)
    for name, seconds in (("carnet rebuild, whole", ours), ("bare parallel_bulk", theirs)):
        table.add_row(name, f"{count / median(seconds):,.0f}", ", ".join(f"{one:.1f}" for one in seconds))
    console = Console()
    console.print(table)
    console.print(f"Ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}).")
    console.print(
        f"Import into PostgreSQL: {rows:,} rows, {rows / imported:,.0f}/s. Peak memory of this process: {peak} MB."
    )
    RESULTS.mkdir(exist_ok=True)
    result = {
        "region": region,
        "companies": count,
        "rebuild_s": ours,
        "bare_s": theirs,
        "import_s": imported,
        "rows": rows,
    }
    (RESULTS / "rebuild.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "ca")
