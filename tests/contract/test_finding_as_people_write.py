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
    "Rôtisserie St-Hubert",
    "Pharmacie Dr St-Jean",
    "LES ENTREPRISES R M S E N C",
    "Motel Hôtel Val-d'Or",
    "Location Rent-A-Car",
    "Fort Qu'Appelle Seeds",
    "Camping Presqu'Île",
    "Smith & J. Roy",
    "SARL Transport Canots",
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
        ("台積電股", "台積電股份有限公司", Tier.START),
        ("台積電股份有限公", "台積電股份有限公司", Tier.START),
        ("sthubert", "Rôtisserie St-Hubert", Tier.JOINED),
        ("sainthub", "Rôtisserie St-Hubert", Tier.JOINED),
        ("stjean pharmacie", "Pharmacie Dr St-Jean", Tier.JOINED),
        ("entreprises rm", "LES ENTREPRISES R M S E N C", Tier.JOINED),
        ("hotel valdor", "Motel Hôtel Val-d'Or", Tier.JOINED),
        ("dor motel", "Motel Hôtel Val-d'Or", Tier.JOINED),
        ("rentacar", "Location Rent-A-Car", Tier.JOINED),
        ("quappelle", "Fort Qu'Appelle Seeds", Tier.JOINED),
        ("presquile", "Camping Presqu'Île", Tier.JOINED),
        ("jroy", "Smith & J. Roy", Tier.JOINED),
        ("transportcan", "SARL Transport Canots", Tier.JOINED),
        ("sarltransportcan", "SARL Transport Canots", Tier.JOINED),
        ("transprotcanots", "SARL Transport Canots", Tier.TYPO),
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


@pytest.mark.parametrize("text", ["daoust", "entreprises daoust"])
def test_near_names_that_are_written_apart_do_not_take_the_place_of_one_that_has_the_word(
    engine: Engine, text: str
) -> None:
    near = {"city": "Laval", "province": "QC"}
    apart = [document(f"apart{n}", f"Les Entreprises {chr(65 + n)}z D'Aoust", **near) for n in range(26)]
    word = document("word", "Les Entreprises Zz Daoust", city="Toronto", province="ON")
    serve_companies(engine, "ca", [*apart, word])
    found = engine.propose("ca", read(text), Near("laval", "qc"), candidates(Reach.NEAR))
    assert "word" in found
    assert len(found) == candidates(Reach.NEAR)


def test_what_is_written_apart_is_proposed_by_what_people_write_as_one_alone(found_in: Engine) -> None:
    assert found_in.propose("ca", read("dan"), Near(), 25) == ["Danton Construction", "Boulangerie d'Antan"]
    assert found_in.propose("ca", read("antan"), Near(), 25)[0] == "Boulangerie d'Antan"
