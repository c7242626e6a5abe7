"""A service as a process of ours: unprivileged, gone with us, and its log shown where it does not come up."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.services import NotToBeHad
from tests.services.waiting import until

_STOP_WITHIN_S = 20
_SHOWN_LINES = 30
NOBODY = ("--reuid=nobody", "--regid=nogroup", "--clear-groups")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def unprivileged(command: Sequence[str | Path], end_with: signal.Signals | None = None) -> list[str]:
    """The command as nobody where we are root; ended by a signal if the thread that starts it ends."""
    who = NOBODY if os.geteuid() == 0 else ()
    linked = ("--pdeathsig", end_with.name.removeprefix("SIG")) if end_with else ()
    before = ["setpriv", *who, *linked] if (who or linked) and shutil.which("setpriv") else []
    return [*before, *map(str, command)]


def own_folder(path: Path) -> Path:
    """A new folder that the unprivileged process may write to, and nobody else may read."""
    path.mkdir(mode=0o700, parents=True)
    if os.geteuid() == 0:
        shutil.chown(path, "nobody", "nogroup")
    return path


class Process:
    """Runs until the block ends, then is stopped by its own id; its folder goes too."""

    def __init__(
        self,
        name: str,
        address: str,
        command: Sequence[str | Path],
        folder: Path,
        *,
        answers: Callable[[str], bool],
        within: float,
        environment: Mapping[str, str] | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self.address, self.folder, self._stop_with = name, address, folder, stop_with
        self.log = folder.with_suffix(".log")
        self._command, self._answers, self._within = command, answers, within
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            **(environment or {}),
        }
        self.start()

    def start(self) -> None:
        """Start it, again after `kill`, on what it left in its folder. Returns once it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                unprivileged(self._command, self._stop_with),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        try:
            until(
                lambda: self._answers(self.address), self._within, self.name, lives=lambda: self._process.poll() is None
            )
        except BaseException as error:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-_SHOWN_LINES:])
            self.stop()
            if isinstance(error, NotToBeHad):
                raise NotToBeHad(f"{error} The end of its log:\n{tail}") from None
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: it finishes nothing and says nothing."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._process.send_signal(self._stop_with)
        try:
            self._process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.log.unlink(missing_ok=True)

    def __enter__(self) -> "Process":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.stop()
