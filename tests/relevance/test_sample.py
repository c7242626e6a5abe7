"""Finding real companies: the 21,750 names of the bundled sample, indexed once, over HTTP. test_every_name asks for more."""

import random
import re
from functools import cache
from typing import Any

import pytest

from carnet.demo import sample
from carnet.files import read_lines
from tests.relevance.readings import STYLES, plain, reading, without_form

HOW_MANY = 100


@cache
def names() -> list[tuple[str, str, str]]:
    lines = (line.fields for line in read_lines(sample()))
    return [(fields["region"], fields["id"], fields["name"]) for fields in lines if fields]


def asker(network: Any, region: str, target: str = "") -> Any:
    """Some other member of the region, which says no city that would favour anybody."""
    there = [company for at, company, _ in names() if at == region and company != target]
    network.sql("UPDATE card_versions SET city = '', province = '' WHERE company_id = :id", id=there[0])
    return network.member(there[0])


@pytest.mark.parametrize("style", STYLES)
def test_a_hundred_real_names_are_found_first(sample_network: Any, style: str) -> None:
    several = [
        region for region in sorted({region for region, _, _ in names()}) if sum(r == region for r, _, _ in names()) > 1
    ]
    chosen = random.Random(20_26).sample([one for one in names() if one[0] in several], HOW_MANY)
    missed = []
    for region, company_id, name in chosen:
        typed = STYLES[style](name)
        if len(typed) > 64 or not reading(name):
            continue
        found = asker(sample_network, region, company_id).finds(typed)
        if not found or reading(found[0]) != reading(name):
            missed.append((name, typed, found[:2]))
    assert not missed, "\n".join(map(str, missed))


@pytest.mark.parametrize(
    ("region", "q", "name"),
    [
        ("ca", "bitf", "Bitfarms Ltd."),
        ("ca", "BITFARMS LTD", "Bitfarms Ltd."),
        ("ca", "bitfarm inc", "Bitfarms Ltd."),
        ("ca", "bitframs", "Bitfarms Ltd."),
        ("ca", "valdor", "Val-d'Or Mining Corporation"),
        ("ca", "val d'or min", "Val-d'Or Mining Corporation"),
        ("ca", "val d’or", "Val-d'Or Mining Corporation"),
        ("ca", "heroux", "Héroux-Devtek Inc."),
        ("ca", "héroux dev", "Héroux-Devtek Inc."),
        ("ca", "devtek", "Héroux-Devtek Inc."),
    ],
)
def test_what_people_type_finds_whom_they_mean(sample_network: Any, region: str, q: str, name: str) -> None:
    assert name in asker(sample_network, region).finds(q)[:3]


def test_the_apostrophe_of_a_name_in_capitals_is_not_needed(network: Any) -> None:
    network.load(loreal={"name": "L'OREAL (U.K.) LIMITED", "region": "gb"}, asker={"name": "Asker", "region": "gb"})
    for q in ("oreal", "l'oreal", "loreal", "L’Oréal UK", "l oreal (u.k.)"):
        assert network.member("asker").finds(q) == ["L'OREAL (U.K.) LIMITED"], q


@pytest.mark.parametrize("form", ["inc", "inc.", "ltd", "limited", "corp", "llc", "ltée", "co"])
def test_a_legal_form_alone_decides_nothing(sample_network: Any, form: str) -> None:
    start = plain(form).strip(".")
    for name in asker(sample_network, "ca").finds(form):
        words = re.findall(r"\w+", without_form(name))
        assert any(word.startswith(start) for word in words), name


@pytest.mark.parametrize("q", ["ac", "ro", "can", "québ"])
def test_every_length_of_text_finds_something_that_starts_so(sample_network: Any, q: str) -> None:
    found = asker(sample_network, "ca").finds(q)
    assert found
    for name in found:
        words = re.findall(r"\w+", plain(name).replace(".", ""))  # A.C. is AC
        assert any(word.startswith(plain(q)) for word in words), name


def test_each_prefix_of_a_name_finds_it_once_it_tells_it_apart(sample_network: Any) -> None:
    member = asker(sample_network, "ca")
    for name in ("Bitfarms Ltd.", "Val-d'Or Mining Corporation", "Héroux-Devtek Inc."):
        alone = [reading(other) for region, _, other in names() if region == "ca" and reading(other) != reading(name)]
        for length in range(3, len(name) + 1):
            if not any(other.startswith(reading(name[:length])) for other in alone):
                assert reading(member.finds(name[:length])[0]) == reading(name), name[:length]
