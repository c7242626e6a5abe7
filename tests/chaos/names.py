"""Companies for a run: each has a word of its own in its name, by which it is found and recognised."""

import csv
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

REGIONS = ("ca", "us")
ASKERS = {region: f"asker-{region}" for region in REGIONS}
_SYLLABLES = [a + b for a, b in product("bdfgklmnprstvz", "aiou")]
_TRADES = ("Métal inc.", "Transport ltée", "Foods Ltd.", "et Filles", "Machine & Tool Co.", "Imports")
_CITIES = {"ca": ("Laval", "QC"), "us": ("Buffalo", "NY")}


@dataclass(frozen=True)
class Names:
    """`words`: company id → the word that no other name has."""

    words: Mapping[str, str]
    regions: Mapping[str, str]

    def in_text(self, text: str) -> list[str]:
        """The ids of companies whose word stands in this text, as often as it does."""
        return [self._by_word[word] for word in _WORD.findall(text) if word in self._by_word]

    @cached_property
    def _by_word(self) -> dict[str, str]:
        return {word: company for company, word in self.words.items()}

    def card(self, company: str, region: str, edition: int = 0) -> dict[str, str]:
        trade = _TRADES[(sum(company.encode()) + edition) % len(_TRADES)]
        city, province = _CITIES[region]
        return {"name": f"{self.words[company]} {trade}", "city": city, "province": province}


_WORD = re.compile(r"(?<![\w-])[A-Z][a-z]{7}(?![\w-])")


def make_names(seed: int, number: int) -> Names:
    rng = random.Random(seed)
    words: dict[str, None] = {}
    while len(words) < number:
        words["".join(rng.choices(_SYLLABLES, k=4)).capitalize()] = None
    ids = [f"c{at:05}" for at in range(number)]
    return Names(dict(zip(ids, words, strict=True)), {c: REGIONS[at % 4 == 3] for at, c in enumerate(ids)})


def write_file(
    path: Path, names: Names, edition: int = 0, *, city: str = "", regions: Mapping[str, str] | None = None
) -> None:
    """All companies as a file to import, every one of them visible, and one in each region who asks."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("id", "region", "name", "city", "province", "visible"))
        writer.writeheader()
        for region, asker in ASKERS.items():
            writer.writerow({"id": asker, "region": region, "name": f"Asker of {region}", "visible": "true"})
        for company, region in (regions or names.regions).items():
            card = names.card(company, region, edition)
            card |= {"city": city} if city else {}
            writer.writerow({"id": company, "region": region, "visible": "true", **card})
