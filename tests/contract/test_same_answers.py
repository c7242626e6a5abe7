"""The same typed texts over the same companies: both engines give the same answer, company by company.

Asked as a form asks: through the rules, with real records, which confirm what an engine proposes and put it in order.
"""

import csv
import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Any

import pytest

from directory.importing import store
from directory.lookup import Lookup, typeahead
from directory.matching import Tier
from directory.records import Records
from directory.records.schema import migrate
from directory.records.sqlite import create_sqlite_file
from directory.regions import Regions
from directory.rows import parse_row
from directory.values import Asker, Kind, Plan, Role, Status
from indexer.build_names import alias
from indexer.engines.port import Engine
from indexer.rebuild import rebuild_region
from tests.contract.conftest import open_engine
from tests.services import ROOT

TEXTS = [
    "g",
    "ca",
    "groupe",
    "les entreprises",
    "molson coors canada inc.",  # whole names
    "Équipement et outillage Jet",
    "c.a.r. automotive",
    "gold corp",  # later words, together and apart
    "gold & silver",
    "services inc",
    "canada holdings",
    "transport inc couet",
    "quebec dev",
    "blue rus",  # joined and split
    "petro shale",
    "k and k inv",
    "laurentien bank",  # one typo
    "pararmount res",
    "rogres communic",
    "9344 8330",
    "agb",  # first letters
    "dominoin watre",  # two typos
    "vevonian",  # a wrong first letter
    "molson coors brewery toronto",  # more than the name says
    "automotive parts of laurentian",
    "brewery molson coors canada",  # a name behind other words
]
Both = tuple[Records, dict[str, Engine]]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Both]:
    """Records with 300 companies of the sample, and an index of them in each engine."""
    folder = tmp_path_factory.mktemp("same")
    create_sqlite_file(folder / "carnet.db")
    with ExitStack() as opened:
        records = Records(f"sqlite:///{folder / 'carnet.db'}")
        opened.callback(records.close)
        migrate(records)
        with records.writing() as connection:
            store(connection, [parse_row(row, Regions()) for row in islice(sample("ca"), 0, 9_000, 30)])
        engines = {
            kind: opened.enter_context(open_engine(kind, folder / kind, request)) for kind in ("embedded", "opensearch")
        }
        for engine in engines.values():
            rebuild_region(records, engine, "ca")
        merge_segments(engines["opensearch"])
        yield records, engines


def merge_segments(engine: Any) -> None:
    """Of more companies alike than there is room for, those of the oldest segment come first there, and how many segments a
    build has is not said (docs/adr/0012).
    """
    engine._client.ask("POST", f"{engine._at(alias('ca'))}/_forcemerge", {"max_num_segments": 1}, within=60)
    engine.refresh(engine.serving("ca"))  # until then look-ups read the segments that were merged


def sample(region: str) -> Iterator[dict[str, str]]:
    with gzip.open(ROOT / "carnet" / "sample" / "companies.csv.gz", "rt", encoding="utf-8") as file:
        yield from (row for row in csv.DictReader(file) if row["region"] == region)


def asker(city: str, province: str) -> Asker:
    return Asker(
        subject="somebody",
        role=Role.PRIMARY_ADMIN,
        company_id="asker",
        company_name="Asker",
        region="ca",
        kind=Kind.BUSINESS,
        plan=Plan.PLUS,
        status=Status.ACTIVE,
        visible=True,
        city=city,
        province=province,
    )


@pytest.mark.parametrize("place", [("", ""), ("Toronto", "ON"), ("Nowhere", "QC")])
@pytest.mark.parametrize("text", TEXTS)
def test_both_engines_give_the_same_companies_in_the_same_order(both: Both, text: str, place: tuple[str, str]) -> None:
    records, engines = both
    answers: dict[str, Lookup] = {
        kind: typeahead(records, engine, asker(*place), text) for kind, engine in engines.items()
    }
    assert answers["opensearch"].suggestions == answers["embedded"].suggestions
    assert not answers["opensearch"].dropped


def test_the_texts_find_companies_in_every_way(both: Both) -> None:
    """Guards the test above: equal empty answers would prove nothing."""
    records, engines = both
    found = [typeahead(records, engines["opensearch"], asker("", ""), text).suggestions for text in TEXTS]
    assert {one.match.tier for answer in found for one in answer} == set(Tier)
    assert all(found)


def test_every_company_is_found_by_its_own_name_on_both(both: Both) -> None:
    records, engines = both
    for row in islice(sample("ca"), 0, 9_000, 300):
        for kind, engine in engines.items():
            answer = typeahead(records, engine, asker("", ""), row["name"])
            assert row["id"] in [one.company_id for one in answer.suggestions], (kind, row["name"])
