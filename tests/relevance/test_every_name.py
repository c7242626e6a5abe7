"""What holds for every name, on both engines: 500 names of the bundled sample, all 21,750 in `make torture`.

Some of the companies in their index are hidden.
"""

import random
import sys
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.tuning.corpus import REGION, Corpus, built
from carnet.tuning.styles import Named
from directory.lookup import MOST_SUGGESTIONS
from directory.matching import best_match
from directory.ports import Near, Reach
from indexer.engines.port import Tombstone
from mappings.folding import fold
from mappings.reading import read
from tests.relevance.readings import STYLES, is_meant, reading, spellings, words
from tests.torture import TORTURE, many

pytestmark = pytest.mark.torture
SEED = 20_26
NOT_TOLD = {
    "HF Company SA",  # without its legal form nothing is left but another legal form: hf.
    "CEL-SCI Corporation",  # there is a CEL SCI CORP, too
}


class Names:
    """The names in the index, and which of them a text fits: those that go on with its letters from any of their words on."""

    def __init__(self, corpus: Corpus, hidden: dict[str, Named]) -> None:
        self.corpus, self.hidden = corpus, hidden
        self.found = [company for company in corpus.companies.values() if company.id not in hidden]

    def chosen(self) -> list[Named]:
        return self.found if TORTURE else random.Random(SEED).sample(self.found, 500)

    @cached_property
    def starts(self) -> list[tuple[str, str]]:
        return sorted(
            (start, company.id)
            for company in self.found
            for name in (company.name, *company.other_names)
            for written in [words(name)]
            for first in range(len(written))
            for start in spellings(" ".join(written[first:]))
        )

    def few_fitting(self, text: str) -> set[str]:
        """Ids of the companies that a text fits, where an answer holds them all; none where they are more."""
        found = set[str]()
        for start in spellings(text):
            at = bisect_left(self.starts, (start,))
            while at < len(self.starts) and self.starts[at][0].startswith(start) and len(found) <= MOST_SUGGESTIONS:
                found.add(self.starts[at][1])
                at += 1
        return found if len(found) <= MOST_SUGGESTIONS else set()

    def more_fit_better(self, company: Named, text: str) -> bool:
        """Whether the text has as many companies in better tiers, where each of its words starts one, as an answer holds."""
        typed = read(text)
        tiers = {one.id: best_match((one.name, *one.other_names), typed) for one in (company, *self.found)}
        own = tiers[company.id]
        return own is not None and sum(one.tier < own.tier for one in tiers.values() if one) >= MOST_SUGGESTIONS


@pytest.fixture(scope="module")
def names(corpus: Corpus) -> Iterator[Names]:
    """Some are hidden meanwhile."""
    hidden = random.Random(SEED).sample(list(corpus.companies.values()), many(30, 400))
    live = corpus.engine.serving(REGION) or ""
    corpus.engine.write(live, [Tombstone(company.id, 9) for company in hidden], refresh=True)
    yield Names(corpus, {company.id: company for company in hidden})
    corpus.write(live, hidden, version=10, refresh=True)


@pytest.mark.parametrize("style", STYLES)
def test_every_name_is_found_first_in_every_way_of_writing_it(names: Names, style: str) -> None:
    missed = []
    for company in names.chosen():
        text = STYLES[style](company.name)
        found = names.corpus.suggestions(text)
        if (
            company.name not in NOT_TOLD
            and reading(company.name)
            and not (found and is_meant(found[0].match.name, company.name, text))
        ):
            missed.append((company.name, text, [(one.match.name, one.match.tier.name) for one in found[:2]]))
    assert not missed, "\n".join(map(str, missed))


def test_once_no_more_than_eight_names_fit_further_letters_never_lose_the_one_meant(names: Names) -> None:
    lost = []
    for number, company in enumerate(names.chosen()):
        text = list(STYLES.values())[number % len(STYLES)](company.name)
        alone = next(
            (at for at in range(1, len(text) + 1) if company.id in names.few_fitting(text[:at])), len(text) + 1
        )
        for letters in sorted({*range(alone, len(text) + 1, many(3, 1)), *range(alone, min(alone + 3, len(text) + 1))}):
            found = [one.company_id for one in names.corpus.suggestions(text[:letters])]
            if company.id not in found and not names.more_fit_better(company, text[:letters]):
                lost.append((company.name, text[:letters]))
    assert not lost, "\n".join(map(str, lost))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("d&da", "D&D Automation Inc."),  # d and da: many names have one word that begins with both
        ("a&br", "A & B RAIL SERVICES LTD."),
        ("john'sd", "JOHN'S DATA MANIPULATION CORP."),  # sd may become Sdn., but not behind an apostrophe
    ],
)
def test_a_name_typed_without_spaces_is_found_at_the_first_letter_behind_its_signs(
    names: Names, text: str, name: str
) -> None:
    assert name in [one.match.name for one in names.corpus.suggestions(text)]


def test_a_hidden_company_is_found_by_nothing(names: Names) -> None:
    for company in names.hidden.values():
        for style in STYLES.values():
            typed = read(style(company.name))
            for reach in Reach:
                assert company.id not in names.corpus.engine.propose(REGION, typed, Near(), 25, reach=reach), company


ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=70)  # lone surrogates included


@given(text=ANY_TEXT)
@settings(max_examples=many(300, 20_000), deadline=None)
def test_no_text_in_all_of_unicode_makes_a_look_up_fail(names: Names, text: str) -> None:
    assert len(names.corpus.suggestions(text)) <= MOST_SUGGESTIONS


def test_no_character_makes_a_look_up_fail_alone_or_after_a_letter(names: Names) -> None:
    step = many(9_973, 1)
    for point in range(0, sys.maxunicode + 1, step):
        for text in (chr(point), f"a{chr(point)}b"):
            assert len(names.corpus.suggestions(text)) <= MOST_SUGGESTIONS


def test_a_name_in_any_script_is_found_by_itself(names: Names) -> None:
    """Names of letters, digits, marks and signs drawn from all of Unicode."""
    drawn = random.Random(SEED)
    points = [chr(point) for point in range(sys.maxunicode + 1) if chr(point).isprintable()]
    texts = {"".join(drawn.choices(points, k=drawn.randint(2, 20))) for _ in range(many(200, 5_000))}
    made = [Named(f"any:{number}", text) for number, text in enumerate(sorted(texts)) if fold(text).words]
    with built(made, names.corpus.engine, region="zy") as corpus:
        for company in made:
            found = corpus.suggestions(company.name)
            assert fold(found[0].match.name).core == fold(company.name).core, ascii(company.name)
