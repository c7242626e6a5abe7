"""Rebuilding several regions: what stands when it is interrupted, or when one of them fails."""

from typing import Any

import pytest

import indexer.rebuild
from directory.errors import Unavailable
from indexer.builds import State, family
from indexer.rebuild import rebuild_region, rebuild_regions

REGIONS = ["be", "ca", "fr"]


@pytest.fixture
def regions(network: Any) -> Any:
    more = {
        f"{region}-{n}": {"name": f"Atelier {n} {region.upper()}", "region": region}
        for region in REGIONS
        for n in range(3)
    }
    network.load(**more)
    return network


def builds(network: Any) -> dict[str, str]:
    """The one build of each region, by region: fails where there is one more, or one that is not live."""
    with network.records.reading() as connection:
        found = [build for build in family(connection, REGIONS) if build.state is not State.RETIRING]
    assert all(build.state is State.LIVE for build in found)
    assert len(found) == len(REGIONS)
    return {build.region: build.name for build in found}


def test_several_regions_side_by_side_are_each_replaced_and_counted_once(regions: Any) -> None:
    before = builds(regions)
    counted: list[int] = []
    rebuild_regions(regions.records, regions.engine, REGIONS, 3, counted.append)
    after = builds(regions)
    assert not set(before.values()) & set(after.values())
    with regions.records.reading() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM companies WHERE region IN ('be', 'ca', 'fr')").scalar()
    assert sum(counted) == held


def test_an_interrupted_rebuild_leaves_every_live_index_in_its_place_and_nothing_half_done(regions: Any) -> None:
    before = builds(regions)

    def interrupt(_companies: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_regions(regions.records, regions.engine, REGIONS, 2, interrupt)
    assert builds(regions) == before
    rebuild_regions(regions.records, regions.engine, REGIONS, 2)
    assert set(builds(regions)) == set(before)


def test_a_region_that_cannot_be_built_is_said_and_keeps_its_live_index(
    regions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = builds(regions)
    verify = indexer.rebuild.verify

    def fails_for_france(records: Any, engine: Any, lease: Any, name: str, **more: Any) -> None:
        if name.startswith("companies-fr-"):
            raise Unavailable("search", "3 companies are missing")
        verify(records, engine, lease, name, **more)

    monkeypatch.setattr(indexer.rebuild, "verify", fails_for_france)
    with pytest.raises(Unavailable) as caught:
        rebuild_regions(regions.records, regions.engine, ["fr", "be", "ca"], 1)
    assert caught.value.reason == "3 companies are missing"
    assert builds(regions)["fr"] == before["fr"]


def test_companies_that_come_into_a_region_while_its_build_is_compared_do_not_stop_the_rebuild(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written to it as to every build, so that in the end it holds more than was seen in comparing."""
    real, came = type(network.engine).scan, []

    def scan(engine: Any, build: str) -> Any:
        yield from real(engine, build)
        if not came:
            came.append(build)
            network.load(late="Tardif et fils")

    monkeypatch.setattr(type(network.engine), "scan", scan)
    name = str(rebuild_region(network.records, network.engine, "ca"))
    assert came == [name]
    assert network.engine.serving("ca") == name
    assert network.member("tremblay").finds("tardif") == ["Tardif et fils"]
