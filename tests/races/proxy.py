"""A line to a service that can be cut and joined again, or held still: the service itself goes on for everybody else."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """Forwards a port of its own to `host`:`port`. While it is cut, connections are refused and open ones are closed;
    while it is frozen they are accepted and nothing comes through, as with a process that was stopped. `lose` is a part of
    a request whose answer is lost: the service does what it says, the connection breaks before anybody hears of it.
    `delay_s` holds up everything, each way."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._flows = threading.Event()
        self._flows.set()
        self.lose: bytes | None = None
        self.lost = 0
        self.delay_s = 0.0
        self._muted: set[socket.socket] = set()
        self.port = 0
        self.join()

    def join(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        listener, self._listener = self._listener, None
        if listener:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                try:
                    far = socket.create_connection(self._target)
                except OSError:
                    near.close()
                    continue
                for source, sink in ((near, far), (far, near)):
                    self._open.add(source)
                    threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._flows.wait()
                if self.delay_s:
                    time.sleep(self.delay_s)
                if source in self._muted:
                    self.lost += 1
                    break
                if self.lose and self.lose in data:
                    self._muted.add(sink)
                sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()


@contextmanager
def line_to(host: str, port: int) -> Iterator[Line]:
    line = Line(host, port)
    try:
        yield line
    finally:
        line.thaw()
        line.cut()
