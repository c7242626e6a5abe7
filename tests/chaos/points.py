"""Stops or kills a process at a named point of `launch`, and waits until it is there."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Points:
    folder: Path

    def arm(self, point: str, sent: signal.Signals) -> None:
        """The next process that passes sends itself this signal."""
        unseen = self.folder / f"{point}.unseen"
        unseen.write_text(sent.name)
        unseen.rename(self.folder / point)

    def disarm(self, point: str) -> None:
        (self.folder / point).unlink(missing_ok=True)

    def reached(self, point: str, within: float) -> int | None:
        """The process that has been stopped or killed there; None where none came by in time."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for taken in self.folder.glob(f"{point}.[0-9]*"):
                pid = int(taken.suffix[1:])
                if _halted(pid):
                    taken.unlink()
                    return pid
            time.sleep(0.01)
        return None

    @contextmanager
    def stopped_at(self, point: str, within: float) -> Iterator[int | None]:
        """Stop the next process that passes, for as long as the block takes."""
        self.arm(point, signal.SIGSTOP)
        pid = self.reached(point, within)
        try:
            yield pid
        finally:
            self.disarm(point)
            pid = pid or self.reached(point, 0.05)
            if pid:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    @contextmanager
    def standing(self, name: str) -> Iterator[None]:
        """As long as the block takes, the file of this name stands: see `launch`."""
        (self.folder / name).touch()
        try:
            yield
        finally:
            (self.folder / name).unlink()


def _halted(pid: int) -> bool:
    """Stopped, a zombie, or gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "TZ"
    except (FileNotFoundError, ProcessLookupError):
        return True
