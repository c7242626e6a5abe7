"""Starts the real command in a process that can be stopped at named points, and in which a fault can be planted.

    python -m tests.chaos.launch serve …        as `carnet serve …`

A point does nothing until a file of its name stands in the folder CHAOS_POINTS; whoever takes that file away sends itself
the signal that is written in it. So a process stops, or dies, between two exact lines and nowhere else, without a sleep.
CHAOS_PLANTED names faults of `plants`; CHAOS_AHEAD_S puts this process's clock ahead. None of it is in what is installed.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Files: while they stand, drains do nothing (`serve.held`: those of servers); what is to be published at once is forgotten.
HELD, LOST = "held", "lost"


def pass_point(folder: Path, point: str) -> None:
    with suppress(FileNotFoundError):  # not armed, or another process has taken it
        mine = (folder / point).rename(folder / f"{point}.{os.getpid()}")
        os.kill(os.getpid(), signal.Signals[mine.read_text()])


def _wrap(owner: Any, name: str, *, before: Callable[[], bool | None] | None = None, after: Any = None) -> None:
    """`before` may say True: then the call is left out, and None is what it returns."""
    real = getattr(owner, name)

    @wraps(real)
    def wrapped(*args: Any, **more: Any) -> Any:
        if before and before():
            return None
        result = real(*args, **more)
        if after:
            after()
        return result

    setattr(owner, name, wrapped)


def _be_patient() -> None:
    """gunicorn kills a process that has been silent for 30 s. Here it is stopped, and is to go on, however long that takes."""
    from gunicorn.config import Timeout

    Timeout.default = 600


def install_points(folder: Path, role: str) -> None:
    import directory.visibility
    import indexer.backfill
    import indexer.builds
    import indexer.rebuild
    import indexer.swap
    import indexer.sweep
    import indexer.sync
    import indexer.worker
    from directory.journal import FileJournal
    from indexer.engines.opensearch import OpenSearchEngine
    from indexer.publisher import DirectPublisher

    def point(name: str) -> Callable[[], None]:
        return lambda: pass_point(folder, f"{role}.{name}")

    def standing(name: str) -> Callable[[], bool]:
        return (folder / name).exists

    # The switch's transaction: nothing of it is done; all of it is, and the company's row locked, but for the commit.
    _wrap(directory.visibility, "_write", before=point("begun"), after=point("changed"))
    _wrap(FileJournal, "append", before=point("committed"), after=point("journaled"))
    _wrap(DirectPublisher, "_sync", before=standing(LOST))
    for module in (indexer.sweep, indexer.worker):
        _wrap(module, "drain", before=lambda: standing(HELD)() or standing(f"{role}.{HELD}")())
    asked = SimpleNamespace(family=indexer.builds.family)  # by `sync` alone: others look at the family, too
    _wrap(asked, "family", before=point("rows"), after=point("family"))
    indexer.sync.builds = asked  # type: ignore[assignment]
    _wrap(indexer.sync, "_write", before=point("read"), after=point("written"))
    _wrap(indexer.rebuild, "mend_region", before=point("begun"))
    _wrap(OpenSearchEngine, "create", before=point("noted"), after=point("created"))
    _wrap(indexer.backfill, "page_of_region", after=point("page"))
    _wrap(OpenSearchEngine, "finish", before=point("filled"), after=point("finished"))
    _wrap(indexer.swap, "make_live", before=point("swapped"))
    _wrap(indexer.rebuild, "swap", before=point("verified"), after=point("done"))


def _put_clock_ahead(seconds: float) -> None:
    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + int(seconds * 1e9)


def main() -> None:
    if ahead := float(os.environ.get("CHAOS_AHEAD_S", "0")):
        _put_clock_ahead(ahead)
    role = next((word for word in sys.argv[1:] if word in ("serve", "worker", "rebuild")), "other")
    install_points(Path(os.environ["CHAOS_POINTS"]), role)
    if planted := os.environ.get("CHAOS_PLANTED"):
        from tests.chaos.plants import PLANTS

        for name in planted.split():
            PLANTS[name]()
    _be_patient()
    sys.argv[0] = "carnet"
    from carnet.entry import main as run

    run()


if __name__ == "__main__":
    main()
