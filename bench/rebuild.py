"""How fast `carnet index rebuild` is on OpenSearch, beside a bare `parallel_bulk` of the same documents in the same run; and
how fast `carnet index reconcile` compares all of it with the records, beside the rebuild.

    python -m bench.rebuild [REGION]

On PostgreSQL and OpenSearch as the tests have them (tests/services), every region unless one is named. Companies come from
the file that CARNET_BENCH_COMPANIES names; without it from the bundled sample, which is small, and the table says so.
Both commands run as processes of their own, so that their peak memory is theirs alone. "Bare" is opensearch-py's
parallel_bulk (it repeats nothing that was refused) over documents that were rendered beforehand, into as many new indices.
CARNET_BENCH_IMPORT=records leaves the index out of the import: the first rebuild makes it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bench.heap import HeapWatch
from carnet.demo import sample
from directory.records import Records
from directory.records.tables import companies
from indexer.backfill import page_of_region
from indexer.engines.opensearch_bulk import batches
from indexer.engines.opensearch_query import index_body
from indexer.sync import to_item
from tests.services import addresses
from tests.services.own import own_database, own_prefix

ROUNDS = int(os.environ.get("CARNET_BENCH_ROUNDS", "3"))
THREADS, CHUNK = 2, 500  # more at once trips the breaker of a node of 512 MB, and parallel_bulk then ends with an error
RECORDS_ONLY = os.environ.get("CARNET_BENCH_IMPORT") == "records"
RESULTS = Path(__file__).parent / "results"


@dataclass
class Ran:
    """One process: seconds on the clock, and its peak memory in MB."""

    seconds: float
    peak_mb: int


def main(only: str | None) -> None:
    given = os.environ.get("CARNET_BENCH_COMPANIES")
    path = Path(given).resolve() if given else sample()
    found = addresses()
    console = Console()
    with (
        own_database(found.database_url) as database,
        own_prefix(found.search_url) as prefix,
        tempfile.TemporaryDirectory() as folder,
        HeapWatch(found.search_url) as heap,
    ):
        place = {
            "CARNET_HOME": folder,
            "CARNET_DATABASE_URL": database,
            "CARNET_SEARCH_URL": f"{found.search_url}#{prefix}",
            "CARNET_JOURNAL": f"{folder}/journal",
            "CARNET_SECRET": "a secret for benches only, longer than 32 bytes",
        }
        _carnet(place, "migrate")
        imported = _carnet(place, "import", str(path), *(("--no-index",) if RECORDS_ONLY else ()), expected=(0, 3))
        console.print(f"Imported{'' if RECORDS_ONLY else ' and indexed'}: {imported}")
        records = Records(database)
        documents = Path(folder) / "documents.jsonl"
        counts = {region: _render(records, region, documents) for region in _regions(records, only)}
        total = sum(counts.values())
        bare = OpenSearch(found.search_url, pool_maxsize=8, timeout=60)
        rebuilds, bares, reconciles = [], [], []
        for turn in range(ROUNDS):
            rebuilds.append(_carnet(place, "index", "rebuild", *(("--region", only) if only else ())))
            reconciles.append(_carnet(place, "index", "reconcile", *(("--region", only) if only else ())))
            bares.append(_bare(bare, f"{prefix}bare-", documents, list(counts)))
            console.print(
                f"round {turn + 1}: rebuild {rebuilds[-1].seconds:.1f} s, reconcile {reconciles[-1].seconds:.1f} s, "
                f"bare {bares[-1]:.1f} s"
            )
        records.close()
    _report(console, path, total, len(counts), imported, rebuilds, reconciles, bares, heap)


def _carnet(place: dict[str, str], *arguments: str, expected: tuple[int, ...] = (0,)) -> Ran:
    started = time.perf_counter()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "carnet", *arguments], env={**kept, **place}, cwd=place["CARNET_HOME"]
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expected:
        raise SystemExit(f"carnet {' '.join(arguments)} ended with {process.returncode}")
    return Ran(time.perf_counter() - started, usage.ru_maxrss // 1024)


def _regions(records: Records, only: str | None) -> list[str]:
    with records.reading() as connection:
        found = connection.execute(select(companies.c.region).distinct().order_by(companies.c.region)).scalars().all()
    return [region for region in found if only in (None, region)]


def _render(records: Records, region: str, path: Path) -> int:
    """Append the region's documents to a file; how many. Rendered before the clock runs: bare is bare."""
    after, count = "", 0
    with path.open("a") as file:
        while rows := page_of_region(records, region, after):
            for lines in (line for batch in batches([to_item(row) for row in rows]) for line in batch):
                action, source = lines.splitlines()
                company = json.loads(action)["index"]["_id"]
                file.write(f'{{"_index":"{region}","_id":{json.dumps(company)},"_source":{source.decode()}}}\n')
                count += 1
            after = rows[-1].id
    return count


def _bare(client: OpenSearch, prefix: str, documents: Path, regions: list[str]) -> float:
    """Seconds for the documents of every region, each into a new index of its own, until all can be found."""
    started = time.perf_counter()
    for region in regions:
        client.indices.create(index=prefix + region, body=index_body())
    with documents.open() as file:
        actions = _actions(file, prefix)
        for ok, _ in parallel_bulk(client, actions, thread_count=THREADS, chunk_size=CHUNK):
            assert ok
    for region in regions:
        client.indices.refresh(index=prefix + region)
    seconds = time.perf_counter() - started
    for region in regions:
        client.indices.delete(index=prefix + region)
    return seconds


def _actions(lines: Iterator[str], prefix: str) -> Iterator[dict[str, Any]]:
    for line in lines:
        action = json.loads(line)
        action["_index"] = prefix + action["_index"]
        yield action


def _report(
    console: Console,
    path: Path,
    total: int,
    regions: int,
    imported: Ran,
    rebuilds: list[Ran],
    reconciles: list[Ran],
    bares: list[float],
    heap: HeapWatch,
) -> None:
    ratios = [bare / rebuild.seconds for rebuild, bare in zip(rebuilds, bares, strict=True)]
    table = Table(title=f"{total:,} companies in {regions} regions ({path.name}), {ROUNDS} rounds in turn")
    for heading in ("", "documents/s, median", "seconds", "peak memory, MB"):
        table.add_column(heading)
    table.add_row(
        "carnet index rebuild, whole process",
        f"{total / median(ran.seconds for ran in rebuilds):,.0f}",
        ", ".join(f"{ran.seconds:.1f}" for ran in rebuilds),
        str(max(ran.peak_mb for ran in rebuilds)),
    )
    table.add_row(
        "carnet index reconcile, whole process",
        f"{total / median(ran.seconds for ran in reconciles):,.0f}",
        ", ".join(f"{ran.seconds:.1f}" for ran in reconciles),
        str(max(ran.peak_mb for ran in reconciles)),
    )
    table.add_row("bare parallel_bulk", f"{total / median(bares):,.0f}", ", ".join(f"{one:.1f}" for one in bares), "")
    table.add_row(
        "carnet import, records and index",
        f"{total / imported.seconds:,.0f}" if regions > 1 else "",
        f"{imported.seconds:.1f}",
        str(imported.peak_mb),
    )
    console.print(table)
    console.print(f"Rebuild against bare: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}). {heap}")
    shares = [one.seconds / rebuild.seconds for rebuild, one in zip(rebuilds, reconciles, strict=True)]
    console.print(
        f"Reconcile took {median(shares):.2f} of the time of the rebuild ({min(shares):.2f} to {max(shares):.2f})."
    )
    RESULTS.mkdir(exist_ok=True)
    result = {
        "companies": total,
        "regions": regions,
        "import": asdict(imported),
        "rebuilds": [asdict(ran) for ran in rebuilds],
        "reconciles": [asdict(ran) for ran in reconciles],
        "bare_s": bares,
        "heap_percent_max": heap.most,
        "breakers_tripped": heap.tripped,
    }
    (RESULTS / "rebuild.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
