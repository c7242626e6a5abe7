"""What the simulator found in the protocol, each as short as it can be told; and each mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from directory import outbox
from directory.ports import Near
from directory.product.enrolment import enrol
from directory.records import Records
from directory.regions import Regions
from indexer.builds import State, family
from indexer.drain import drain
from indexer.engines.port import Engine
from indexer.janitor import tidy
from indexer.rebuild import rebuild_region
from mappings.reading import read
from tests.contract.conftest import document
from tests.model.home import Home, home_on
from tests.simulator.actors import row


@pytest.fixture
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Home]:
    with home_on("memory", tmp_path, request) as make:
        made = make(tmp_path)
        yield made
        made.close()


class Lost:
    """The job is lost: only the outbox knows."""

    def publish(self, company_ids: object, *, within: float) -> bool:
        return False


def moves(home: Home, company_id: str, region: str) -> None:
    enrol(home.records, Lost(), Regions(), "books", [row(company_id, region, "Acer")])


def proposed(engine: Engine, region: str) -> list[str]:
    return engine.propose(region, read("maple"), Near(), 10)


def waiting(records: Records) -> int:
    with records.reading() as connection:
        return outbox.depth(connection)[0]


def begin(home: Home) -> None:
    for company_id, region in {"mover": "ca", "noise": "ca"}.items():
        moves(home, company_id, region)
    drain(home.records, home.engine)


def test_what_was_written_before_a_company_left_and_comes_late_is_stopped_in_builds_made_since(home: Home) -> None:
    begin(home)
    late = document("mover", "Maple Acer Ltd.", 1)
    moves(home, "mover", "us")
    drain(home.records, home.engine)
    build = str(rebuild_region(home.records, home.engine, "ca", allow_shrink=True))
    home.engine.write(build, [late], refresh=True)
    assert proposed(home.engine, "ca") == ["noise"]
    assert proposed(home.engine, "us") == ["mover"]


def test_the_first_build_of_the_region_that_it_entered_forgets_no_work_that_the_one_it_left_waits_for(
    home: Home,
) -> None:
    begin(home)
    moves(home, "mover", "us")
    rebuild_region(home.records, home.engine, "us")
    assert waiting(home.records) == 1
    drain(home.records, home.engine)
    assert proposed(home.engine, "ca") == ["noise"]


def test_a_way_back_that_took_place_and_was_not_heard_of_is_noted_within_a_minute_and_not_at_the_next_rebuild(
    home: Home,
) -> None:
    begin(home)
    before = home.engine.serving("ca")
    after = str(rebuild_region(home.records, home.engine, "ca"))
    home.engine.serve(
        "ca", str(before), instead_of=after
    )  # and whoever asked for it died, or could not ask what is read
    tidy(home.records, home.engine)
    with home.records.reading() as connection:
        states = {build.name: build.state for build in family(connection, ["ca"])}
    assert states == {before: State.LIVE, after: State.RETIRING}
