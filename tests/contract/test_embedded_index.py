"""What is true of the embedded engine alone: how its index is cut, and what waits for that."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from indexer.engines import segments
from indexer.engines.embedded import EmbeddedEngine
from indexer.engines.port import Engine, Tombstone
from tests.contract.conftest import document, new_build, open_engine

MANY = 16_000  # more than one part
SOME = 1_000  # a merge of so many is waited for


def filled(engine: Engine, region: str, companies: int) -> str:
    build = new_build(engine, region, expected=companies)
    named = [document(f"c{number}", f"N{number}") for number in range(companies)]
    for at in range(0, companies, 2_000):
        engine.write(build, named[at : at + 2_000], refresh=False)
    return build


@pytest.fixture
def engine(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine("embedded", tmp_path / "index", request) as opened:
        yield opened


def test_a_long_backfill_ends_as_one_segment(engine: EmbeddedEngine) -> None:
    build = filled(engine, "ca", MANY)
    engine.finish(build)
    assert segments.sizes(engine.path / build) == [MANY]
    assert engine.count(build).visible == MANY


def test_a_company_can_opt_out_while_a_backfill_waits_for_its_segments(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, build = new_build(engine), filled(engine, "us", SOME)
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
    build = filled(engine, "ca", SOME)
    monkeypatch.setattr(segments, "merge_is_due", lambda _build: True)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.finish(build, stop)
    engine.drop(build)
    assert engine.names() == []
    assert engine.write(new_build(engine), [document("c", "Seen Ltd.")], refresh=True)


def test_a_merge_that_never_ends_holds_up_no_rebuild(engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    build = filled(engine, "ca", SOME)
    monkeypatch.setattr(segments, "merge_is_due", lambda _build: True)
    engine.finish(build)
    assert engine.count(build).visible == SOME
