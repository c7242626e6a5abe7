"""Any sequence of what can happen to a directory, beside a model of a few lines.

No look-up ever contradicts the model; after quiet, look-ups, and the index by itself, say exactly what the model says.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from directory.companies import edit_own_card, read_own_card
from directory.erasure.erase import erase
from directory.errors import NotFound, Refused
from directory.lookup import typeahead
from directory.ports import Near
from directory.product.enrolment import enrol
from directory.regions import Regions
from directory.visibility import set_visibility
from indexer.builds import State, family
from indexer.compare import compare
from indexer.drain import drain
from indexer.janitor import tidy
from indexer.rebuild import rebuild_region
from indexer.reconcile import reconcile_region
from indexer.rollback import rollback_region
from indexer.sync import sync_companies
from mappings.reading import read
from tests.model.home import Home, home_on
from tests.model.model import Model
from tests.services.fixtures import services
from tests.simulator.actors import REGIONS, asker, row
from tests.torture import many

assert services

pytestmark = pytest.mark.torture
EXAMPLES = {"embedded": 10, "memory": 25, "opensearch": 3}
COMPANIES = ("a", "b", "c", "d")
WORDS = ("Acer", "Beech", "Cedar")

company_ids, regions, words = st.sampled_from(COMPANIES), st.sampled_from(REGIONS), st.sampled_from(WORDS)
# A job that is done at once, twice, or lost: then only the outbox knows.
jobs = st.sampled_from([1, 2, 0])


class Jobs:
    """The publisher: does the work so many times."""

    def __init__(self, home: Home, times: int) -> None:
        self._home, self._times = home, times

    def publish(self, company_ids: Sequence[str], *, within: float) -> bool:
        for _ in range(self._times):
            sync_companies(self._home.records, self._home.engine, company_ids)
        return False


class Anything(RuleBasedStateMachine):
    new_home: Callable[[], Home]

    def __init__(self) -> None:
        super().__init__()
        self.home, self.model = self.new_home(), Model()
        self.backup: Model | None = None
        self.since = False  # whether something stands in the journal that the backup lacks

    @initialize()
    def begins(self) -> None:
        self.imports_all("Acer", 1)
        drain(self.home.records, self.home.engine)

    @rule(company_id=company_ids, visible=st.booleans(), times=jobs)
    def switches(self, company_id: str, visible: bool, times: int) -> None:
        try:
            who = asker(company_id, self.model[company_id].region)
            set_visibility(self.home.records, self.home.journal, Jobs(self.home, times), who, visible)
        except NotFound:
            assert self.model[company_id].erased
        else:
            self.since |= self.model[company_id].visible != visible
            self.model.change(company_id, visible=visible)

    @rule(company_id=company_ids, word=words, times=jobs)
    def edits(self, company_id: str, word: str, times: int) -> None:
        name = f"Maple {word} Ltd."
        try:
            card = read_own_card(self.home.records, company_id)
        except NotFound:
            assert self.model[company_id].erased
            return
        fields = {**card.card.fields(), "name": name}
        who = asker(company_id, self.model[company_id].region)
        edit_own_card(self.home.records, Jobs(self.home, times), who, fields, card.version)
        self.model.change(company_id, name=name)

    @rule(company_id=company_ids, region=regions, word=words, times=jobs)
    def moves(self, company_id: str, region: str, word: str, times: int) -> None:
        self._enrols([row(company_id, region, word)], times)

    @rule(word=words, times=jobs)
    def imports_all(self, word: str, times: int) -> None:
        self._enrols([row(company_id, REGIONS[n % 2], word) for n, company_id in enumerate(COMPANIES)], times)

    def _enrols(self, rows: list[dict[str, Any]], times: int) -> None:
        """What the company edited by itself stays, unless the source has changed: so the name is asked for, the rest known."""
        enrol(self.home.records, Jobs(self.home, times), Regions(), "books", rows)
        for one in rows:
            self.model.imports(one["id"], one["region"], one["name"])
            if not self.model[one["id"]].erased:
                self.model.change(one["id"], name=read_own_card(self.home.records, one["id"]).card.name)

    @rule(company_id=company_ids, times=jobs)
    def erases(self, company_id: str, times: int) -> None:
        erase(self.home.records, self.home.journal, Jobs(self.home, times), "books", company_id)
        self.since |= not self.model[company_id].erased
        self.model.change(company_id, erased=True)

    @rule(region=regions)
    def rebuilds(self, region: str) -> None:
        # With four companies one that goes is far fewer than before: that it is refused then has tests of its own.
        rebuild_region(self.home.records, self.home.engine, region, allow_shrink=True)

    @rule(region=regions)
    def rolls_back(self, region: str) -> None:
        with suppress(Refused):  # there is no earlier index
            rollback_region(self.home.records, self.home.engine, region)

    @rule()
    def drains_twice(self) -> None:
        for _ in range(2):
            drain(self.home.records, self.home.engine)

    @rule(region=regions)
    def keeps_up(self, region: str) -> None:
        tidy(self.home.records, self.home.engine)
        reconcile_region(self.home.records, self.home.engine, region)

    @rule()
    def restarts(self) -> None:
        self.home.restarts()

    @rule()
    def backs_up(self) -> None:
        self.home.backs_up()
        self.backup, self.since = Model(self.model), False

    @precondition(lambda self: self.backup is not None and self.since)
    @rule()
    def is_put_back(self) -> None:
        assert self.backup
        self.home.is_put_back()
        self.model.restored(self.backup)
        self.backup = None

    @rule(region=regions)
    def looks_up(self, region: str) -> None:
        """What is late may be missing; what is shown is true."""
        assert self._found(region).items() <= self.model.shown(region).items()

    @rule()
    def is_quiet(self) -> None:
        drain(self.home.records, self.home.engine)
        for region in REGIONS:
            shown = self.model.shown(region)
            assert self._found(region) == shown
            assert set(self.home.engine.propose(region, read("maple"), Near(), 50)) == set(shown)
        with self.home.records.reading() as connection:
            builds = [build for build in family(connection) if build.state in (State.LIVE, State.RETIRING)]
        for build in builds:
            self.home.engine.refresh(build.name)
            assert [page.suspects for page in compare(self.home.records, self.home.engine, build.name)] == [[]]

    def _found(self, region: str) -> dict[str, str]:
        answer = typeahead(self.home.records, self.home.engine, asker("asker", region), "maple")
        return {one.company_id: one.name for one in answer.suggestions}

    def teardown(self) -> None:
        self.is_quiet()
        self.home.close()


@pytest.fixture(params=list(EXAMPLES))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def new_home(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], Home]]:
    numbers = count()
    with home_on(kind, tmp_path, request) as make:

        def made() -> Home:
            place = tmp_path / str(next(numbers))
            place.mkdir()
            return make(place)

        yield made


def test_whatever_happens_no_look_up_contradicts_the_model(kind: str, new_home: Callable[[], Home]) -> None:
    class OnThis(Anything):
        pass

    OnThis.new_home = staticmethod(new_home)
    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=many(EXAMPLES[kind], 100 * EXAMPLES[kind]),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
