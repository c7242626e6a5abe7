"""Somebody who types letter by letter, and somebody who had typed nothing before, find the same."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from carnet.tuning import sessions
from carnet.tuning.corpus import Corpus
from carnet.tuning.styles import reading
from directory.lookup import MOST_SUGGESTIONS, Suggestion, answer
from directory.matching import Tier
from directory.ports import Reach
from directory.typing_on import Proposals, TypingOn
from mappings.reading import read
from tests.torture import many

EVERY = many(10, 1)  # of the sessions in the bundled list


@pytest.mark.torture
def test_who_types_on_is_shown_what_is_shown_to_who_types_it_at_once_and_the_index_is_asked_less(
    corpus: Corpus,
) -> None:
    typing_on, asked, letters, more = TypingOn(), list[Reach](), 0, 0
    for session in list(sessions.read(Path(sessions.bundled())))[::EVERY]:
        for keys in range(1, len(session.text) + 1):
            text = session.text[:keys]
            at_once, on = shown(corpus, TypingOn(), [], text), shown(corpus, typing_on, asked, text)
            assert surely(on) == surely(at_once), text
            more += is_found(session, on) - is_found(session, at_once)
            letters += not read(text).blank
    assert more >= -letters / 1_000
    assert len(asked) < letters * 0.7


def surely(found: Sequence[Suggestion]) -> list[str]:
    """Whoever fits with one typo at most. Of those that fit further from what was typed, who types on may be shown others."""
    return [one.company_id for one in found if one.match.tier <= Tier.TYPO]


def is_found(session: sessions.Session, found: Sequence[Suggestion]) -> bool:
    return reading(session.name) in [reading(one.name) for one in found]


def shown(corpus: Corpus, typing_on: TypingOn, asked: list[Reach], text: str) -> list[Suggestion]:
    """As to somebody who types on; `asked` is told each question that the index is asked."""
    typed = read(text)
    if typed.blank:
        return []
    proposals = Proposals(typing_on, corpus.engine, "somebody", corpus.region, typed, corpus.near)

    def proposed(reach: Reach, _spent_s: float) -> list[str]:
        return proposals.propose(reach, meanwhile=lambda: asked.append(reach))

    def confirmed(company_ids: Sequence[str]) -> tuple[list[Any], dict[str, int]]:
        return [corpus.companies[company_id] for company_id in company_ids], {}

    found = answer(proposed, confirmed, typed, corpus.near, "", MOST_SUGGESTIONS, fitting=proposals.fitting)
    return found.suggestions
