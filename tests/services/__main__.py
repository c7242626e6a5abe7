"""python -m tests.services            start all three, print their addresses as environment lines, stop at Ctrl-C
python -m tests.services install    fetch and install what starting them will need, and say so
"""

import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Never

from tests.services import PREFIX, NotToBeHad
from tests.services.keeper import keep
from tests.services.start import install, started


def main(arguments: list[str]) -> None:
    match arguments:
        case []:
            _run_until_told()
        case ["install"]:
            install()
        case ["keep", folder]:
            keep(Path(folder))
        case _:
            sys.exit(__doc__)


def _run_until_told() -> None:
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}-") as folder:
        Path(folder).chmod(0o711)
        with started(Path(folder)) as found:
            for name, address in found.environment().items():
                print(f"{name}={address}", flush=True)  # noqa: T201
            signal.pause()


def _stop(_signal: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        main(sys.argv[1:])
    except NotToBeHad as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(0)
