"""What is true of the embedded engine alone: how its index is cut, and what waits for that."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from directory.errors import Unavailable
from indexer.engines import embedded, segments
from indexer.engines.embedded import EmbeddedEngine
from indexer.engines.port import Document, Engine, Tombstone
from tests.contract.conftest import document, new_build, open_engine

MANY = 12_000  # more than one part
FEW = 3_000
PAGE = 1_000


@pytest.fixture
def engine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine("embedded", tmp_path / "index", request) as opened:
        yield opened


def companies(count: int) -> Iterator[list[Document]]:
    """With names of many letters that no two share, which take much memory."""
    for at in range(0, count, PAGE):
        yield [
            document(f"c{number}", f"{number:05}{number * 7919:08} {number * 104_729:010} {number * 31:06} Holding")
            for number in range(at, min(at + PAGE, count))
        ]


def filled(engine: Engine, region: str, count: int, *, expected: int) -> str:
    build = new_build(engine, region, expected=expected)
    for page in companies(count):
        engine.write(build, page, refresh=False)
    return build


def sizes(engine: EmbeddedEngine, build: str) -> list[int]:
    return [segment.documents for segment in segments.committed(engine.path / build)]


def test_a_long_backfill_ends_as_one_segment_which_it_does_not_by_itself(engine: EmbeddedEngine) -> None:
    told, untold = (filled(engine, region, MANY, expected=many) for region, many in (("ca", MANY), ("us", 0)))
    for build in (told, untold):
        engine.finish(build)
        assert engine.count(build).visible == MANY
    assert sizes(engine, told) == [MANY]
    assert len(sizes(engine, untold)) > 1


def test_writes_to_other_regions_do_not_cut_a_backfill_short(engine: EmbeddedEngine) -> None:
    others = [new_build(engine, region) for region in ("us", "mx", "fr")]
    build = new_build(engine, "ca", expected=FEW)
    for page in companies(FEW):
        engine.write(build, page, refresh=False)
        for other in others:
            engine.write(other, [Tombstone("c", 1)], refresh=True)
    engine.finish(build)
    assert sizes(engine, build) == [FEW]


@pytest.mark.parametrize("expected", [1, 3])
def test_more_companies_than_were_expected_cost_no_more_than_others(engine: EmbeddedEngine, expected: int) -> None:
    build = filled(engine, "ca", FEW, expected=expected)
    assert sizes(engine, build) == []  # nothing was committed for their sake
    engine.finish(build)
    assert engine.count(build).visible == FEW


def test_a_build_that_is_lost_under_its_writer_keeps_nobody_else_from_writing(engine: EmbeddedEngine) -> None:
    lost, second = new_build(engine, "ca"), new_build(engine, "us")
    for build in (lost, second):
        engine.write(build, [document("c", "Seen Ltd.")], refresh=True)
    shutil.rmtree(engine.path / lost)
    for region in ("mx", "fr", "de"):
        engine.write(new_build(engine, region), [document("c", "Seen Ltd.")], refresh=True)
    engine.write(second, [Tombstone("c", 2)], refresh=True)
    with pytest.raises(Unavailable):
        engine.write(lost, [Tombstone("c", 2)], refresh=True)


def test_a_company_can_opt_out_while_a_backfill_waits_for_its_segments(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, build = new_build(engine), filled(engine, "us", 1, expected=MANY)
    engine.write(live, [document("c", "Seen Ltd.")], refresh=True)
    due = iter([True, False])
    monkeypatch.setattr(segments, "merge_is_due", lambda _build: next(due))

    def opt_out() -> None:
        write = Thread(target=engine.write, args=(live, [Tombstone("c", 2)]), kwargs={"refresh": True}, daemon=True)
        write.start()
        write.join(20)

    engine.finish(build, opt_out)
    assert not engine.held(live, ["c"])["c"].visible


def test_what_stops_a_rebuild_stops_it_while_it_waits_for_segments(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = filled(engine, "ca", 1, expected=MANY)
    monkeypatch.setattr(segments, "merge_is_due", lambda _build: True)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.finish(build, stop)
    engine.drop(build)
    assert engine.names() == []
    assert engine.write(new_build(engine), [document("c", "Seen Ltd.")], refresh=True)


def test_a_merge_that_never_ends_holds_up_no_rebuild(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    build = filled(engine, "ca", 1, expected=MANY)
    monkeypatch.setattr(segments, "merge_is_due", lambda _build: True)
    monkeypatch.setattr(embedded, "_STALLED_S", 0.5)
    engine.finish(build)
    assert engine.count(build).visible == 1
