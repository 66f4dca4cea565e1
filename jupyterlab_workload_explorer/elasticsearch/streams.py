"""Long answers on their way through: a front that is looked at, and the rest as it arrives.

No more of an answer is in memory than its front and what the reader has not taken yet.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

from .errors import refusal_for

#: Bytes of an answer that are read before it is passed on. What is shorter is passed on as a whole,
#: and asked for again when it does not arrive.
FRONT = 1 << 20

#: Bytes that are taken from a connection at a time.
PIECE = 256 * 1024

#: Bytes of an answer that is needed as a whole, because its state stands at its end or is not
#: where it is looked for.
LARGEST_WHOLE = 64 << 20

#: Bytes of JSON that may hold up other requests while they are looked at: milliseconds.
SMALL = 64 * 1024


class BrokenStream(Exception):
    """An answer ended in the middle. Who has begun to pass it on has to break it off, too."""


class Stream:
    """An answer of which ``front`` was read, and the rest is to come.

    To be closed, also where it was read to the end.
    """

    def __init__(self, front: bytes, response: Any) -> None:
        self.front = front
        self._response = response

    async def pieces(self) -> AsyncIterator[bytes]:
        """The answer from its beginning, no faster than it is taken. Raises BrokenStream."""
        import aiohttp

        yield self.front
        self.front = b""
        try:
            while piece := await self._response.content.readany():
                yield piece
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            raise BrokenStream from None

    def close(self) -> None:
        """Close the connection, unless all was read; whoever answers then ends what it does."""
        self._response.close()


#: An answer, whole or on its way.
Answer = bytes | Stream


def outgoing(body: bytes | None) -> Any:
    """A body for ``aiohttp``, which sends long ones in pieces when they are files."""
    return io.BytesIO(body) if body is not None and len(body) > SMALL else body


async def receive(response: Any) -> Answer:
    """The body of an answer of ``aiohttp``, which is closed where reading fails.

    Errors of servers are cut off where they are long.
    """
    front = bytearray()
    try:
        while piece := await response.content.readany():
            front += piece
            if len(front) > FRONT:
                if 200 <= response.status < 300:
                    return Stream(bytes(front), response)
                response.close()
                break
    except BaseException:
        response.close()
        raise
    return bytes(front)


async def read_whole(answer: Any) -> Any:
    """All of an answer. Raises Refusal where it is too large for that, or ends in the middle."""
    if not isinstance(answer, Stream):
        return answer
    whole = bytearray()
    try:
        async for piece in answer.pieces():
            whole += piece
            if len(whole) > LARGEST_WHOLE:
                raise refusal_for("too-large")
    except BrokenStream:
        raise refusal_for("unreachable") from None
    finally:
        answer.close()
    return bytes(whole)


async def aside(size: int, work: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives; in a thread where ``size`` bytes would hold up other requests."""
    if size <= SMALL:
        return work(*arguments)
    return await asyncio.to_thread(work, *arguments)
