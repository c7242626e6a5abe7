"""A request whose body is read to its end, or refused: never a part of it."""

from typing import IO, cast

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream


class WholeRequest(Request):
    @cached_property
    def stream(self) -> IO[bytes]:
        """As Werkzeug's. That stops at the largest size, and takes what came until then for all, where no length was said."""
        stream = super().stream
        if self.content_length is None and isinstance(stream, LimitedStream):
            return cast(IO[bytes], _ToItsEnd(self.environ["wsgi.input"], stream.limit, is_max=True))
        return stream


class _ToItsEnd(LimitedStream):
    def readall(self) -> bytes:
        read = super().readall()
        if self.is_exhausted and self._stream.read(1):
            raise RequestEntityTooLarge
        return read
