"""Where the command starts: before anything is imported, sees that the rooms are Carnet's own (docs/adr/0001)."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

from carnet import counters

WRONG_USAGE = 2
ROOMS = ("api", "directory", "indexer", "mappings")


def misplaced_rooms() -> list[str]:
    """Top-level packages that Python would take from somewhere else than beside `carnet`."""
    home = Path(__file__).resolve().parent.parent
    found = {room: find_spec(room) for room in ROOMS}
    return [
        room for room, spec in found.items() if spec is None or Path(str(spec.origin)).resolve().parent.parent != home
    ]


def main() -> None:
    if misplaced := misplaced_rooms():
        where = ", ".join(misplaced)
        sys.exit(
            f"Another package stands in the place of Carnet's own: {where}. Install Carnet in an environment of its own."
        )
    from mappings.changed import BadData

    with counters.of_all_processes() if sys.argv[1:2] == ["serve"] else nullcontext():
        try:
            with imports():
                from carnet.cli import main as run
        except BadData as error:  # the data files are loaded by what is imported, before any setting is read
            print(error, file=sys.stderr)  # noqa: T201  # what prints in colour was not imported
            sys.exit(WRONG_USAGE)
        run()


@contextmanager
def imports() -> Iterator[None]:
    """What is imported stays. To look through it for what can be freed, while it grows and when the process ends, took a
    third of the time of a command.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
