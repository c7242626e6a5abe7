"""Whoever is found with more letters was proposed for fewer, where those can only lose companies: on each engine, by chance."""

import random
from collections.abc import Iterator
from functools import cache

import pytest

from directory.lookup import candidates
from directory.matching import Tier, best_match
from directory.ports import Near, Reach
from indexer.engines.port import Engine
from mappings.narrowing import narrows
from mappings.reading import read
from tests.contract.conftest import document, open_engine, serve_companies
from tests.torture import many

FIRST = [
    "Roy",
    "Gagnon",
    "Dion",
    "Smith",
    "ABC",
    "J.-P.",
    "Mont",
    "St-Jean",
    "Québec",
    "L'Or",
    "9123-4567",
    "SARL",
    "Ltée",
]
JOINS = ["&", "et", "and", "und", "St", "Ste", "Saint", "d'"]
LAST = ["Fils", "Frères", "Soeurs", "Cie", "Pierre", "Anne", "Associés", "Limited", "Bell", "Québec"]
FORMS = ["", " inc.", " ltée", " S.E.N.C.R.L.", " & Co"]
ROOM = candidates(Reach.NEAR)
FURTHER = 5  # letters


def a_name(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(JOINS)} {rng.choice(LAST)}{rng.choice(FORMS)}"


NAMES = sorted({a_name(random.Random(number)) for number in range(60)} | {"Société des alcools du Québec et fils"})


def a_text(rng: random.Random) -> str:
    """What somebody may type of a name: its words in order or not, apart or not, with other conjunctions, and a typo."""
    words = [rng.choice(JOINS) if word in JOINS and rng.random() < 0.5 else word for word in rng.choice(NAMES).split()]
    if rng.random() < 0.2:
        rng.shuffle(words)
    text = rng.choice([" ", " ", "-", ""]).join(words)
    at = rng.randrange(1, 6)
    return rng.choice([text, text[:at] + text[at + 1 :], text[:at] + text[at : at + 2][::-1] + text[at + 2 :]])


@pytest.fixture(scope="module")
def found_in(kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(kind, tmp_path_factory.mktemp("index") / "index", request) as opened:
        serve_companies(opened, "ca", [document(name, name) for name in NAMES])
        yield opened


@pytest.mark.torture
def test_whoever_fits_a_text_was_proposed_for_the_letters_that_it_narrows(found_in: Engine) -> None:
    @cache
    def proposed(text: str) -> list[str]:
        return found_in.propose("ca", read(text), Near(), ROOM)

    @cache
    def fitting(text: str) -> set[str]:
        typed = read(text)
        matches = {name: best_match([name], typed) for name in NAMES}
        return {name for name, match in matches.items() if match and match.tier <= Tier.TYPO}

    looked_at = 0
    for number in range(many(60, 3_000)):
        text = a_text(random.Random(number))
        for keys in range(2, len(text) + 1):
            for fewer in range(max(1, keys - FURTHER), keys):
                earlier = text[:fewer]
                if narrows(read(text[:keys]), read(earlier)) and found_in.were_all(len(proposed(earlier)), ROOM):
                    assert fitting(text[:keys]) <= set(proposed(earlier)), (earlier, text[:keys])
                    looked_at += len(fitting(text[:keys]))
    assert looked_at > 500
