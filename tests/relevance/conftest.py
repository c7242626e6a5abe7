"""Relevance is judged on the engines that people use: names by the thousand are not for the cluster in memory."""

import pytest


@pytest.fixture(scope="session", params=["embedded", "opensearch"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param
