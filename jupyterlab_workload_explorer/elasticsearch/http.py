"""What both shells of the gateway share: from requests to calls, from answers to bytes."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError

from .gateway import Gateway
from .refusal import Refusal
from .streams import PIECE, Answer, BrokenStream, Stream

#: Seconds within which a reader has to take something; the answer holds memory elsewhere.
STALLED = 120.0

#: Below this, compression costs more than it saves.
SMALL = 1024


class GatewayHandler(web.RequestHandler):
    """Runs one call of the gateway, ends it when the browser is gone, and writes its answer."""

    _gateway: Gateway
    _work: asyncio.Task[None] | None = None

    def gateway_user(self) -> str:
        """Whose request it is; points in time hold for this one."""
        raise NotImplementedError

    def on_connection_close(self) -> None:
        # Nobody waits for the answer: the request to Elasticsearch is closed, and its work ends.
        if self._work is not None:
            self._work.cancel()
        super().on_connection_close()

    async def run(self, call: Callable[[Gateway, str], Awaitable[Any]]) -> None:
        """Write what a call gives: an object, bytes of JSON, or nothing (204)."""
        if self.request.connection.stream.closed():  # type: ignore[attr-defined]
            return  # gone while it was found out who asks
        self._work = asyncio.ensure_future(self._run(call))
        try:
            await self._work
        except asyncio.CancelledError:
            if not self.request.connection.stream.closed():  # type: ignore[attr-defined]
                raise  # the server stops

    async def _run(self, call: Callable[[Gateway, str], Awaitable[Any]]) -> None:
        user = self.gateway_user()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json")
        self.set_header("X-Content-Type-Options", "nosniff")
        try:
            async with self._gateway.slot(user):
                answer = await call(self._gateway, user)
                if answer is None:
                    self.set_status(204)
                    self.clear_header("Content-Type")
                    await self.finish()
                    return
                try:
                    await self._send(answer if isinstance(answer, Answer) else _json(answer))
                except (StreamClosedError, asyncio.CancelledError):
                    self._gateway.undelivered(answer)
                    raise
        except Refusal as refusal:
            self.set_status(refusal.status)
            await self.finish(_json(refusal.as_json()))
        except StreamClosedError:
            return

    async def _send(self, answer: Answer) -> None:
        """Write an answer as fast as it is read, and no faster."""
        self.set_header("Vary", "Accept-Encoding")
        pieces = _pieces(answer)
        packs = _takes_gzip(self.request.headers.get("Accept-Encoding", ""))
        if packs and (isinstance(answer, Stream) or len(answer) >= SMALL):
            self.set_header("Content-Encoding", "gzip")
            pieces = _compressed(pieces)
        try:
            async for piece in pieces:
                self.write(piece)
                # Waits until a slow reader has taken it.
                await asyncio.wait_for(self.flush(), STALLED)
        except (BrokenStream, asyncio.TimeoutError):
            # An end that looks like one would make the answer look whole.
            self.request.connection.stream.close()  # type: ignore[attr-defined]
            return
        finally:
            if isinstance(answer, Stream):
                answer.close()
        await self.finish()


def _json(answer: Any) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _takes_gzip(header: str) -> bool:
    for entry in header.split(","):
        name, _, quality = entry.strip().partition(";")
        if name.strip().lower() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def _pieces(answer: Answer) -> AsyncIterator[bytes]:
    """An answer in pieces of ``PIECE`` bytes at most, so that none waits for a large one."""
    if isinstance(answer, Stream):
        async for arrived in answer.pieces():
            for start in range(0, len(arrived), PIECE):
                yield arrived[start : start + PIECE]
    else:
        for start in range(0, len(answer), PIECE):
            yield answer[start : start + PIECE]


async def _compressed(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    # The fastest level: records are so alike that the others gain little.
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    loop = asyncio.get_running_loop()
    async for piece in pieces:
        # In a thread, so that other requests are served meanwhile.
        packed = await loop.run_in_executor(None, packer.compress, piece)
        if packed:
            yield packed
    yield packer.flush()
