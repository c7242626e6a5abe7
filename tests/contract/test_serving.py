"""Which build look-ups read, and that no region ever reads another's."""

import threading

import pytest

from directory.errors import Unavailable
from directory.ports import Near
from indexer.engines.port import Engine
from mappings.reading import read
from tests.contract.conftest import document, new_build, serve_companies


def finds(engine: Engine, text: str, region: str = "ca") -> list[str]:
    return engine.propose(region, read(text), Near(), 10)


def test_a_region_without_an_index_is_an_error_and_not_an_empty_answer(engine: Engine) -> None:
    assert engine.serving("ca") is None
    with pytest.raises(Unavailable):
        finds(engine, "anything")


def test_what_is_served_is_what_the_engine_says(engine: Engine) -> None:
    build = new_build(engine)
    assert engine.serving("ca") is None
    engine.serve("ca", build, instead_of=None)
    assert engine.serving("ca") == build


def test_serving_another_build_changes_what_is_found(engine: Engine) -> None:
    old = serve_companies(engine, "ca", [document("c", "Old Ltd.")])
    new = new_build(engine)
    engine.write(new, [document("c", "New Ltd.", 2)], refresh=True)
    engine.serve("ca", new, instead_of=old)
    assert engine.serving("ca") == new
    assert (finds(engine, "old"), finds(engine, "new")) == ([], ["c"])


def test_a_swap_is_refused_where_another_build_is_read_by_now(engine: Engine) -> None:
    old = serve_companies(engine, "ca", [])
    quick, slow = new_build(engine), new_build(engine)
    engine.serve("ca", quick, instead_of=old)
    with pytest.raises(Unavailable):
        engine.serve("ca", slow, instead_of=old)
    with pytest.raises(Unavailable):
        engine.serve("ca", slow, instead_of=None)
    with pytest.raises(Unavailable):
        engine.serve("ca", slow, instead_of=slow)
    assert engine.serving("ca") == quick


def test_a_swap_is_refused_where_nothing_is_read_yet(engine: Engine) -> None:
    one, other = new_build(engine), new_build(engine)
    with pytest.raises(Unavailable):
        engine.serve("ca", one, instead_of=other)
    assert engine.serving("ca") is None


def test_serving_the_same_build_again_is_done(engine: Engine) -> None:
    build = serve_companies(engine, "ca", [document("c", "Here Ltd.")])
    engine.serve("ca", build, instead_of=build)
    assert engine.serving("ca") == build
    assert finds(engine, "here") == ["c"]


def test_of_two_swaps_at_the_same_moment_at_most_one_succeeds(engine: Engine) -> None:
    for _ in range(5):
        old = engine.serving("ca")
        builds = [new_build(engine), new_build(engine)]
        barrier, succeeded = threading.Barrier(2), []

        def swap(
            build: str, barrier: threading.Barrier = barrier, old: str | None = old, ok: list[str] = succeeded
        ) -> None:
            barrier.wait()
            try:
                engine.serve("ca", build, instead_of=old)
            except Unavailable:
                return
            ok.append(build)

        threads = [threading.Thread(target=swap, args=(build,)) for build in builds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(succeeded) <= 1
        assert engine.serving("ca") == (succeeded[0] if succeeded else old)


def test_regions_are_walled_off_from_each_other(engine: Engine) -> None:
    serve_companies(engine, "us", [document("american", "Maple Syrup Company")])
    serve_companies(engine, "ca", [document("canadian", "Maple Syrup Company")])
    assert finds(engine, "maple", "ca") == ["canadian"]
    assert finds(engine, "maple", "us") == ["american"]


def test_look_ups_never_fail_while_builds_are_swapped(engine: Engine) -> None:
    live = serve_companies(engine, "ca", [document("c", "Steady Ltd.")])
    finished, wrong = threading.Event(), []

    def look_up() -> None:
        while not finished.is_set():
            if (found := finds(engine, "steady")) != ["c"]:
                wrong.append(found)

    thread = threading.Thread(target=look_up)
    thread.start()
    for _ in range(5):
        new = new_build(engine)
        engine.write(new, [document("c", "Steady Ltd.")], refresh=True)
        engine.serve("ca", new, instead_of=live)
        live = new
    finished.set()
    thread.join()
    assert wrong == []
