"""Words that people write as one, and first letters as people say them: proposed by each engine, and found by their names."""

from collections.abc import Iterator
from typing import Any

import pytest

from directory.lookup import candidates
from directory.matching import Tier, best_match
from directory.ports import Near, Reach
from indexer.engines.port import Engine
from mappings.reading import read
from tests.contract.conftest import document, open_engine, serve_companies

NAMES = [
    "Boulangerie d'Antan",
    "Les Entreprises D'Aoust inc.",
    "Chez l'ami",
    "Hypothèques Multi-Prêts",
    "Plomberie A B C",
    "Garage J.-P. Roy ltée",
    "AT&T Canada",
    "H&M Hennes & Mauritz",
    "R&D Business Systems",
    "Société de transport de Montréal",
    "Société des alcools du Québec",
    "Banque Royale du Canada",
    "Daoust Électrique",
    "Danton Construction",
    "株式会社トヨタ",
    "台積電股份有限公司",
]
COMPANIES = {name: {"name": name} for name in NAMES}


@pytest.fixture(scope="module")
def found_in(kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(kind, tmp_path_factory.mktemp("index") / "index", request) as opened:
        serve_companies(opened, "ca", [document(name, **row) for name, row in COMPANIES.items()])
        yield opened


@pytest.mark.parametrize(
    ("text", "name", "tier"),
    [
        ("dantan", "Boulangerie d'Antan", Tier.JOINED),
        ("boulangerie danta", "Boulangerie d'Antan", Tier.JOINED),
        ("dantan boulangerie", "Boulangerie d'Antan", Tier.JOINED),
        ("daoust", "Les Entreprises D'Aoust inc.", Tier.JOINED),
        ("entreprises daoust", "Les Entreprises D'Aoust inc.", Tier.JOINED),
        ("lami", "Chez l'ami", Tier.JOINED),
        ("multiprets", "Hypothèques Multi-Prêts", Tier.JOINED),
        ("abc", "Plomberie A B C", Tier.JOINED),
        ("jp roy", "Garage J.-P. Roy ltée", Tier.JOINED),
        ("jproy", "Garage J.-P. Roy ltée", Tier.JOINED),
        ("garage jp", "Garage J.-P. Roy ltée", Tier.JOINED),
        ("att", "AT&T Canada", Tier.JOINED),
        ("att can", "AT&T Canada", Tier.JOINED),
        ("hm", "H&M Hennes & Mauritz", Tier.JOINED),
        ("rd business", "R&D Business Systems", Tier.JOINED),
        ("stm", "Société de transport de Montréal", Tier.ACRONYM),
        ("sdtdm", "Société de transport de Montréal", Tier.ACRONYM),
        ("saq", "Société des alcools du Québec", Tier.ACRONYM),
        ("brc", "Banque Royale du Canada", Tier.ACRONYM),
        ("トヨタ", "株式会社トヨタ", Tier.EXACT),
        ("トヨタ株式会社", "株式会社トヨタ", Tier.EXACT),
        ("株式会社ト", "株式会社トヨタ", Tier.START),
        ("台積電", "台積電股份有限公司", Tier.EXACT),
    ],
)
def test_a_name_is_found_as_people_write_it_or_say_it(found_in: Engine, text: str, name: str, tier: Tier) -> None:
    typed = read(text)
    assert name in found_in.propose("ca", typed, Near(), candidates(Reach.NEAR))
    match: Any = best_match([name], typed)
    assert match
    assert match.tier is tier


def test_what_begins_so_stands_above_what_is_written_apart(found_in: Engine) -> None:
    typed = read("daoust")
    tiers = [best_match([name], typed) for name in ("Daoust Électrique", "Garage Daoust", "Les Entreprises D'Aoust")]
    assert [one.tier for one in tiers if one] == [Tier.START, Tier.WORDS, Tier.JOINED]
    assert found_in.propose("ca", typed, Near(), 1) == ["Daoust Électrique"]
