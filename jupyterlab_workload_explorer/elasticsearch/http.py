"""What both shells of the gateway share: from requests to calls, from answers to bytes."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError

from .bodies import parse_body
from .gateway import Gateway
from .refusal import Refusal

#: Bytes that are compressed and written at a time.
PIECE = 256 * 1024

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
                body = answer if isinstance(answer, bytes) else _json(answer)
                del answer
                await self._send(body)
        except Refusal as refusal:
            self.set_status(refusal.status)
            await self.finish(_json(refusal.as_json()))
        except StreamClosedError:
            return

    def body(self) -> dict[str, Any]:
        """The request's JSON object. Raises Refusal."""
        return parse_body(self.request.body)

    async def _send(self, body: bytes) -> None:
        self.set_header("Vary", "Accept-Encoding")
        if len(body) < SMALL or not _takes_gzip(self.request.headers.get("Accept-Encoding", "")):
            for start in range(0, len(body), PIECE):
                self.write(body[start : start + PIECE])
                # Waits until a slow reader has taken it.
                await self.flush()
        else:
            self.set_header("Content-Encoding", "gzip")
            async for piece in _compressed(body):
                self.write(piece)
                await self.flush()
        await self.finish()


def _json(answer: Any) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _takes_gzip(header: str) -> bool:
    for entry in header.split(","):
        name, _, quality = entry.strip().partition(";")
        if name.strip().lower() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def _compressed(body: bytes) -> AsyncIterator[bytes]:
    # The fastest level: records are so alike that the others gain little.
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    loop = asyncio.get_running_loop()
    view = memoryview(body)
    for start in range(0, len(body), PIECE):
        # In a thread, so that other requests are served meanwhile.
        piece = await loop.run_in_executor(None, packer.compress, view[start : start + PIECE])
        if piece:
            yield piece
    yield packer.flush()
