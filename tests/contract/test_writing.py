"""What an index holds after writes that come late, twice, out of order, or by the thousand."""

import pytest

from directory.errors import Unavailable
from directory.ports import Near
from indexer.engines import opensearch
from indexer.engines.port import Counts, Engine, Held, Tombstone, Written
from mappings.reading import read
from tests.contract.conftest import document, new_build, serve_companies

NEAR = Near()


def finds(engine: Engine, text: str, region: str = "ca") -> list[str]:
    return engine.propose(region, read(text), NEAR, 10)


def test_a_newer_version_takes_the_place_of_an_older_one(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "Before Ltd.", 1)])
    assert engine.write(build, [document("c", "After Ltd.", 2)], refresh=True) == [Written.DONE]
    assert (finds(engine, "before"), finds(engine, "after")) == ([], ["c"])
    assert engine.versions(build, ["c"]) == {"c": 2}


def test_an_older_version_is_superseded_and_changes_nothing(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "After Ltd.", 2)])
    assert engine.write(build, [document("c", "Before Ltd.", 1)], refresh=True) == [Written.SUPERSEDED]
    assert (finds(engine, "before"), finds(engine, "after")) == ([], ["c"])
    assert engine.versions(build, ["c"]) == {"c": 2}


def test_the_same_version_again_is_done(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "Same Ltd.", 3)])
    assert engine.write(build, [document("c", "Same Ltd.", 3)], refresh=True) == [Written.DONE]
    assert finds(engine, "same") == ["c"]
    assert engine.count(build) == Counts(visible=1, hidden=0)


def test_a_tombstone_takes_a_company_out_and_stops_its_older_document(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "Gone Ltd.", 1)])
    assert engine.write(build, [Tombstone("c", 3)], refresh=True) == [Written.DONE]
    assert finds(engine, "gone") == []
    assert engine.write(build, [document("c", "Gone Ltd.", 2)], refresh=True) == [Written.SUPERSEDED]
    engine.refresh(build)
    assert finds(engine, "gone") == []
    assert engine.versions(build, ["c"]) == {"c": 3}
    assert engine.count(build) == Counts(visible=0, hidden=1)


def test_a_tombstone_that_nobody_has_looked_at_yet_stops_an_older_document_too(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [])
    assert engine.write(build, [Tombstone("c", 3)], refresh=False) == [Written.DONE]
    engine.refresh(build)
    assert engine.write(build, [document("c", "Gone Ltd.", 2)], refresh=True) == [Written.SUPERSEDED]
    assert finds(engine, "gone") == []


def test_a_document_newer_than_the_tombstone_is_found_again(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [Tombstone("c", 3)])
    assert engine.write(build, [document("c", "Back Ltd.", 4)], refresh=True) == [Written.DONE]
    assert finds(engine, "back") == ["c"]


def test_an_older_tombstone_does_not_take_a_company_out(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "Here Ltd.", 4)])
    assert engine.write(build, [Tombstone("c", 3)], refresh=True) == [Written.SUPERSEDED]
    assert finds(engine, "here") == ["c"]


def test_versions_leaves_out_what_the_build_does_not_hold(engine: Engine) -> None:
    build = new_build(engine)
    assert engine.versions(build, ["a", "b"]) == {}
    engine.write(build, [document("a", "A Ltd.", 7)], refresh=True)
    assert engine.versions(build, ["a", "b"]) == {"a": 7}
    assert engine.versions(build, []) == {}


def test_a_write_to_a_build_that_is_not_served_is_not_seen(engine: Engine) -> None:
    serve_companies(engine, "ca", [document("noise", "Noise Ltd.")])
    building = new_build(engine)
    engine.write(building, [document("c", "Hammer Ltd.")], refresh=True)
    assert finds(engine, "hammer") == []
    assert engine.count(building) == Counts(visible=1, hidden=0)


def test_every_outcome_of_five_thousand_writes_is_read(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [Tombstone(f"c{n}", 5) for n in range(0, 5_000, 7)])
    items = [document(f"c{n}", f"Number {n} Ltd.", 4 if n % 2 else 6) for n in range(5_000)]
    expected = [Written.SUPERSEDED if n % 7 == 0 and n % 2 else Written.DONE for n in range(5_000)]
    assert engine.write(build, items, refresh=True) == expected
    superseded = expected.count(Written.SUPERSEDED)
    assert engine.count(build) == Counts(visible=5_000 - superseded, hidden=superseded)
    held = engine.versions(build, [f"c{n}" for n in range(5_000)])
    assert held == {f"c{n}": 5 if n % 7 == 0 and n % 2 else 4 if n % 2 else 6 for n in range(5_000)}


def test_nothing_to_write_is_no_error(engine: Engine) -> None:
    assert engine.write(new_build(engine), [], refresh=True) == []


def test_an_index_is_made_once_and_dropped_for_good(engine: Engine) -> None:
    first, second = new_build(engine), new_build(engine, "us")
    assert engine.names() == sorted([first, second])
    with pytest.raises(Unavailable):
        engine.create(first)
    engine.drop(first)
    engine.drop(first)
    assert engine.names() == [second]


def test_what_look_ups_read_is_not_dropped(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "Here Ltd.")])
    with pytest.raises(Unavailable):
        engine.drop(build)
    assert finds(engine, "here") == ["c"]


def test_a_scan_gives_everything_once_in_the_order_of_code_points(engine: Engine) -> None:
    ids = ["B", "a", "A:1", "a-b", "ab", "_", "Z", "10", "9"]
    build = new_build(engine)
    items = [Tombstone(one, n) if n % 3 == 0 else document(one, f"{one} Ltd.", n) for n, one in enumerate(ids, 1)]
    engine.write(build, items, refresh=False)
    engine.write(build, [Tombstone("Z", 99)], refresh=False)
    engine.finish(build)
    expected = {one: Held(one, n, visible=n % 3 != 0) for n, one in enumerate(ids, 1)} | {
        "Z": Held("Z", 99, visible=False)
    }
    assert list(engine.scan(build)) == [expected[one] for one in sorted(ids)]
    assert engine.held(build, ["a", "Z", "absent"]) == {one: expected[one] for one in ("a", "Z")}
    assert list(engine.scan(new_build(engine, "us"))) == []


def test_a_scan_of_more_than_one_page_leaves_nothing_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch, "_SCANNED", 100)
    build = new_build(engine)
    engine.write(build, [Tombstone(f"c{n}", 1) for n in range(300)], refresh=True)
    assert [held.company_id for held in engine.scan(build)] == sorted(f"c{n}" for n in range(300))


def test_a_build_can_be_tried_out_before_look_ups_read_it(engine: Engine) -> None:
    serve_companies(engine, "ca", [document("old", "Hammer Ltd.")])
    build = new_build(engine)
    engine.write(build, [document("new", "Hammer Ltd."), Tombstone("gone", 1)], refresh=False)
    engine.finish(build)
    assert engine.try_out(build, read("hammer"), NEAR, 10) == ["new"]
    assert finds(engine, "hammer") == ["old"]


def test_a_late_write_to_a_dropped_index_does_not_bring_it_back(engine: Engine) -> None:
    build = new_build(engine)
    engine.drop(build)
    with pytest.raises(Unavailable):
        engine.write(build, [document("c", "Late Ltd.")], refresh=True)
    assert engine.names() == []


def test_a_company_with_the_most_names_and_the_longest_ones_is_written_and_found(engine: Engine) -> None:
    other_names = [f"{n} {'Wörd' * 40}" for n in range(20)]
    build = serve_companies(engine, "ca", [document("c", "ﷺ" * 200, other_names=other_names)])
    assert engine.count(build) == Counts(visible=1, hidden=0)
    assert finds(engine, other_names[19]) == ["c"]
    assert finds(engine, "ﷺ" * 3) == ["c"]
