"""The server: gunicorn, and in its workers the API, its pages and what runs beside them.

gunicorn's parent process takes the embedded index for itself before anything else, so that a second server is refused at
once; its one worker holds the same lock, opens the rest after the fork, and is started again if it dies. With OpenSearch
there may be any number of workers, here and on other machines.
"""

import gc
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from carnet.bodies import Bodies
from carnet.logs import configure_logging
from carnet.running import THREADS, Running, open_app
from carnet.settings import SHORTEST_SECRET, Settings
from carnet.starting import check_at_start
from carnet.stores import open_records, own_index
from carnet.wiring import check_wiring
from directory.errors import Message, Refused
from indexer.engines.ownership import Ownership
from indexer.render import fingerprint

FAILED = 1
SILENCE_S = 10  # in the middle of a request, after which its connection is given up
OWNED = "The search index is in use by another Carnet server: one at a time can own an embedded index."


def serve(
    settings: Settings, host: str, port: int, *, workers: int = 1, on_ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until told to stop. Raises Refused where another server owns the index or the records were restored and not
    brought up to the journal, Unavailable for the records, Unfit for a part that cannot keep the promise, BadSetting for a
    setting that cannot be meant.
    """
    check_wiring(settings)  # refuse here, in words, rather than in a worker that dies again and again
    ownership = own_index(settings, refusal=OWNED)
    if ownership and workers > 1:
        raise Refused(
            Message("An embedded index belongs to one process: more workers need CARNET_SEARCH_URL=http(s)://….")
        )
    records = open_records(settings)
    check_at_start(settings, records)
    records.close()
    configure_logging()
    parent = os.getpid()
    try:
        _Server(settings, ownership, host, port, workers, on_ready).run()
    except SystemExit as ended:
        # A worker's own status tells gunicorn why it ended; gunicorn's 3 and 4 mean something else than ours.
        if os.getpid() == parent and ended.code:
            sys.exit(FAILED)
        raise


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(
        self,
        settings: Settings,
        ownership: Ownership | None,
        host: str,
        port: int,
        workers: int,
        on_ready: Callable[[], None],
    ) -> None:
        self._settings, self._ownership, self._on_ready = settings, ownership, on_ready
        self._bind, self._workers = f"{host}:{port}", workers
        self._running: Running | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._bind,
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": 75,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "logger_class": _Log,
            "control_socket_disable": True,
            "forwarder_headers": "",  # by default a proxy's client may send SCRIPT_NAME, and is answered with gunicorn's own 500
            "proc_name": "carnet",
            "when_ready": self._ready,
            "worker_exit": lambda _server, _worker: self._close(),
        }.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        if self._ownership:
            _OfOneWorker(self).run()
        else:
            super().run()

    def load(self) -> Any:
        """Runs in the worker, after the fork."""
        structlog.get_logger().info("started", fingerprint=fingerprint())
        if self._settings.jwt_key and len(self._settings.jwt_key.encode()) < SHORTEST_SECRET:
            structlog.get_logger().warning("short_key", setting="CARNET_JWT_KEY")
        app, self._running = open_app(self._settings, self._ownership)
        gc.freeze()  # what is open by now stays: look-ups waited while it was looked through
        return Bodies(app)

    def _ready(self, server: Any) -> None:
        for listener in server.LISTENERS:
            # Whoever connects has it from there: gunicorn itself would wait for the rest of a request for ever.
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_S, 0))
        self._on_ready()

    def _close(self) -> None:
        if self._running:
            self._running.close()


class _Log(Logger):  # type: ignore[misc]
    """gunicorn's own, which quotes requests that it cannot read or answer: with them tokens, and what was typed."""

    def warning(self, msg: str, *args: object, **options: Any) -> None:
        if msg.startswith("Invalid request"):
            super().warning("Invalid request: %s", type(sys.exception()).__name__, **options)
        else:
            super().warning(msg, *args, **options)

    def exception(self, msg: str, *_asked: object, **options: Any) -> None:
        if isinstance(sys.exception(), BlockingIOError):
            structlog.get_logger().warning("request_stayed_away", silence_s=SILENCE_S)
            return
        super().exception(msg.partition(" %s")[0], **options)


class _OfOneWorker(Arbiter):  # type: ignore[misc]
    """An embedded index has one owner: there is never a second worker, not for the moment of a change either."""

    def handle_ttin(self) -> None:
        structlog.get_logger().warning("one_worker_only")

    def handle_hup(self) -> None:
        """The next one is started when this one has ended."""
        self.kill_workers(signal.SIGTERM)
