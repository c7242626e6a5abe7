"""Where the command starts: before anything is imported, sees that the rooms are Carnet's own (docs/adr/0001)."""

import sys
from importlib.util import find_spec
from pathlib import Path

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
    from carnet.cli import main as run

    run()
