"""Answers of a bounded length: what is longer is not read, and has to be asked for in pieces.

How many bytes documents take is known only when they arrive. So an answer is read piece by piece,
and no further than to its bound; then it counts as an answer of status 413, which servers give to
what is too large.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from elastic_transport import Urllib3HttpNode

#: Bytes of an answer, or of those to what is asked in pieces, unpacked, that are read at most.
LARGEST = 8 * 1024 * 1024

#: Status of an answer that is too large.
TOO_LARGE = 413

_PIECE = 256 * 1024

_local = threading.local()


def received() -> int:
    """Bytes of the answers that this thread has got since they were bounded, unpacked."""
    return getattr(_local, "received", 0)


@contextlib.contextmanager
def bounded(limit: int | None = LARGEST) -> Iterator[None]:
    """Meanwhile this thread reads answers up to a bound, of all of them together."""
    before = getattr(_local, "limit", None)
    _local.limit = limit
    _local.received = 0
    try:
        yield
    finally:
        _local.limit = before


class BoundedNode(Urllib3HttpNode):
    """A node of the official client whose answers are bounded."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.pool: Any = _Pool(self.pool)


class _Answer:
    """What the client reads of a response."""

    def __init__(self, status: int, headers: Any, data: bytes) -> None:
        self.status = status
        self.headers = headers
        self.data = data


class _Pool:
    """A pool of connections that reads answers by and by."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    def urlopen(self, method: str, target: str, **options: Any) -> _Answer:
        """A request and its answer, read up to the bound."""
        limit = getattr(_local, "limit", None)
        response = self._pool.urlopen(method, target, preload_content=False, **options)
        pieces: list[bytes] = []
        length = received()
        try:
            for piece in response.stream(_PIECE, decode_content=True):
                length += len(piece)
                if limit is not None and length > limit:
                    pieces.clear()
                    # The rest is not wanted, so the connection cannot serve again.
                    response.close()
                    return _Answer(TOO_LARGE, response.headers, b"{}")
                pieces.append(piece)
        except BaseException:
            response.close()
            raise
        finally:
            response.release_conn()
        _local.received = length
        return _Answer(response.status, response.headers, b"".join(pieces))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
