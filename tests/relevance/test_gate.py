"""The gate: no change may make finding worse. The bundled judgement list is typed into both engines, and each tag has
floors of its own (mappings/judgements/floors.json), so that a good mean hides nothing.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from carnet.tuning import sessions
from carnet.tuning.corpus import Corpus
from carnet.tuning.scoring import KEYS, Played, Score, play_all, score
from carnet.tuning.styles import reading
from directory.matching import Tier
from mappings.data import load

FLOORS = load("judgements/floors.json")
EVERY = {"embedded": 2, "opensearch": 4}  # of the list's sessions: both see a part, neither the same


@pytest.fixture(scope="module")
def played(corpus: Corpus, kind: str) -> list[Played]:
    listed = list(sessions.read(Path(sessions.bundled())))
    by_tag = defaultdict(list)
    for session in listed:
        by_tag[session.tag].append(session)
    chosen = [one for found in by_tag.values() for one in found[:: EVERY[kind]]]
    return list(play_all(corpus.search, chosen))


@pytest.fixture(scope="module")
def scores(played: list[Played]) -> dict[str, Score]:
    return {row.tag: row for row in score(played)}


@pytest.mark.parametrize("tag", FLOORS)
def test_no_tag_falls_below_its_floor(scores: dict[str, Score], tag: str) -> None:
    row = scores[tag]
    reached = {str(keys): row.success[5][KEYS.index(keys)] for keys in (4, 8, 24)} | {"first": row.success[1][-1]}
    # A part of the list is a small sample: one session may fall either way.
    below = {at: value for at, value in reached.items() if value + 1.5 / row.sessions < FLOORS[tag][at]}
    assert not below, f"{tag}: {below}, floors {FLOORS[tag]}"


def test_no_typo_ever_stands_above_what_was_typed(corpus: Corpus, played: list[Played]) -> None:
    """Tiers are strict: along each answer they only get worse."""
    for one in played:
        text = one.session.text[:8]
        tiers = [found.match.tier for found in corpus.suggestions(text)]
        assert tiers == sorted(tiers), (text, tiers)


def test_a_company_that_is_not_there_is_seldom_made_up(corpus: Corpus, played: list[Played]) -> None:
    """What is offered in its place mostly shows openly that it is something else: it has a part of the text, and no more."""
    texts = [one.session.text for one in played if one.session.tag == sessions.ABSENT]
    best = [found[0].match.tier for text in texts if (found := corpus.suggestions(text))]
    assert sum(tier < Tier.PARTLY for tier in best) <= 0.4 * len(texts)
    assert len(best) <= 0.85 * len(texts)


def test_names_of_one_or_two_letters_are_found_by_typing_them(corpus: Corpus) -> None:
    short = [one for one in corpus.companies.values() if 1 <= len(reading(one.name).replace(" ", "")) <= 2]
    assert short
    for company in short:
        first = corpus.suggestions(company.name)[0]
        assert first.match.tier is Tier.EXACT, company.name
