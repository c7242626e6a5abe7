"""Relevance is judged on the engines that people use: names by the thousand are not for the cluster in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from carnet.demo import sample
from carnet.tuning import sessions
from carnet.tuning.corpus import Corpus, built, read_companies
from carnet.tuning.styles import reading
from tests.contract.conftest import open_engine
from tests.services.fixtures import services

__all__ = ["services"]


@pytest.fixture(scope="session", params=["embedded", "opensearch"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def corpus(kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Corpus]:
    """The bundled sample without those who must be absent, all regions in one index, which is the hardest case, in everyday
    use: written to after it was built."""
    gone = {reading(one.name) for one in sessions.read(Path(sessions.bundled())) if one.tag == sessions.ABSENT}
    companies = [company for company in read_companies(sample()) if reading(company.name) not in gone]
    folder = tmp_path_factory.mktemp("corpus") / "index"
    with open_engine(kind, folder, request) as engine, built(companies, engine, updates=20) as made:
        yield made
