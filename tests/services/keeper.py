"""The process that keeps the services of one run, for as long as anybody is connected to its door."""

import json
import os
import selectors
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path

from tests.services import NotToBeHad
from tests.services.start import started


def keep(folder: Path) -> None:
    """Start the services, tell everybody who connects where they are, stop when the last of them has gone."""
    with socket.socket(socket.AF_UNIX) as door, ExitStack() as running:
        door.bind(str(folder / "door"))
        door.listen()
        print("open", flush=True)  # noqa: T201
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        answer: dict[str, str] = {}
        up = threading.Event()

        def tell(visitor: socket.socket) -> None:
            up.wait()
            with suppress(OSError):
                visitor.sendall(json.dumps(answer).encode() + b"\n")

        visitors = threading.Thread(target=_receive, args=(door, tell))
        visitors.start()
        try:
            answer |= asdict(running.enter_context(started(folder)))
        except NotToBeHad as reason:
            answer["error"] = str(reason)
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            up.set()
            visitors.join()
    shutil.rmtree(folder, ignore_errors=True)


def _receive(door: socket.socket, tell: Callable[[socket.socket], None]) -> None:
    """Returns when the last visitor has left."""
    with selectors.DefaultSelector() as selector:
        selector.register(door, selectors.EVENT_READ)
        present = 0
        while True:
            for key, _ in selector.select():
                if key.fileobj is door:
                    visitor = door.accept()[0]
                    selector.register(visitor, selectors.EVENT_READ)
                    present += 1
                    threading.Thread(target=tell, args=(visitor,), daemon=True).start()
                else:  # visitors say nothing: this one has gone
                    assert isinstance(key.fileobj, socket.socket)
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    present -= 1
            if not present:
                return
