"""Long answers pass through the server without being held there, and break where they break."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from jupyterlab_workload_explorer.elasticsearch import streams

from .conftest import Ask, Open
from .questions import raw_request

HEAD = (
    b'{"pit_id":"newest==","took":1,"timed_out":false,'
    b'"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"hits":['
)
#: As a server might write it that we do not know: the state stands at the end.
LATE = b'],"pit_id":"newest==","timed_out":false,"_shards":{"total":1,"failed":%d}}'

PIECE = b'"%s",' % (b"x" * 65_531)


class Talker:
    """Says that it is Elasticsearch, and answers searches with as much as it is told to.

    ``pieces`` of 64 KiB follow on ``head``, then ``tail``; without a tail the connection is cut.
    """

    def __init__(self) -> None:
        self.head, self.pieces, self.tail = HEAD, 0, b"null]}}"
        self.written = 0
        self.searches = 0
        self.gave_up = asyncio.Event()
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers = {"X-Elastic-Product": "Elasticsearch"}
        known: dict[tuple[str, str], Any] = {
            ("GET", "/"): {"version": {"number": "8.19.0"}},
            ("GET", "/_resolve/index/gw-records-1"): {
                "indices": [{"name": "gw-records-1", "attributes": ["open"]}],
                "aliases": [],
                "data_streams": [],
            },
            ("POST", "/gw-records-1/_pit"): {"id": "first=="},
            ("DELETE", "/_pit"): {"succeeded": True},
        }
        found = known.get((request.method, request.path))
        if found is not None:
            return web.json_response(found, headers=headers)
        if request.path == "/gw-records-1/_field_caps":
            return web.Response(
                body=b'{"fields":{},"x":[' + PIECE * self.pieces + b"null]}",
                content_type="application/json",
                headers=headers,
            )
        self.searches += 1
        response = web.StreamResponse(headers={**headers, "Content-Type": "application/json"})
        await response.prepare(request)
        try:
            await self._write(response, self.head)
            for _ in range(self.pieces):
                await self._write(response, PIECE)
            if not self.tail:
                assert request.transport is not None
                request.transport.close()
            else:
                await self._write(response, self.tail)
        except (ConnectionError, asyncio.CancelledError):
            self.gave_up.set()
            raise
        return response

    async def _write(self, response: web.StreamResponse, piece: bytes) -> None:
        await response.write(piece)
        self.written += len(piece)


@asynccontextmanager
async def talking(talker: Talker) -> AsyncIterator[Talker]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", talker.answer)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    talker.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield talker
    finally:
        await runner.cleanup()


@pytest.fixture
def talker(jp_asyncio_loop: Any) -> Any:
    async def start() -> tuple[Any, Talker]:
        context = talking(Talker())
        return context, await context.__aenter__()

    context, talker = jp_asyncio_loop.run_until_complete(start())
    yield talker
    jp_asyncio_loop.run_until_complete(context.__aexit__(None, None, None))


@pytest.fixture
def connections(talker: Talker) -> list[dict[str, Any]]:
    return [{"name": "records", "urls": [talker.url], "indices": ["gw-*"]}]


def search(handle: str) -> dict[str, Any]:
    return {"size": 1, "pit": {"id": handle}}


async def test_is_passed_on_as_it_arrives(
    talker: Talker, open_point: Open, jp_serverapp: Any, jp_base_url: str
) -> None:
    """An answer without end is read in part; who sends it is never far ahead of who reads it."""
    talker.pieces = 1 << 40
    handle = await open_point("gw-records-1")
    reader, writer = await raw_request(
        f"http://127.0.0.1:{jp_serverapp.port}",
        jp_serverapp.identity_provider.token,
        f"{jp_base_url}workload-explorer/elasticsearch/records/search",
        search(handle),
    )
    assert b" 200 " in await reader.readline()
    read = 0
    while read < 48 << 20:
        read += len(await reader.readexactly(1 << 20))
        for _ in range(200):
            # Time for whoever would send more; what may be ahead are buffers of connections.
            await asyncio.sleep(0)
        assert talker.written - read < 24 << 20
    writer.close()
    await writer.wait_closed()
    # Nobody reads any more: the connection to Elasticsearch is closed.
    await talker.gave_up.wait()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_arrives_whole(talker: Talker, ask: Ask, open_point: Open, encoding: str) -> None:
    talker.pieces = 80
    handle = await open_point("gw-records-1")
    answer = await ask("/records/search", search(handle), headers={"Accept-Encoding": encoding})
    raw = zlib.decompress(answer.raw, 31) if encoding == "gzip" else answer.raw
    assert raw == HEAD.replace(b'"pit_id":"newest==",', b"") + PIECE * 80 + b"null]}}"


async def test_a_broken_answer_is_no_answer(
    talker: Talker, ask: Ask, open_point: Open, jp_serverapp: Any, jp_base_url: str
) -> None:
    handle = await open_point("gw-records-1")
    talker.tail = b""
    # While nothing was passed on, it is asked for again, and then refused.
    talker.pieces = 3
    answer = await ask("/records/search", search(handle))
    assert (answer.status, answer.reason) == (502, "unreachable")
    assert talker.searches == 4
    # Otherwise the way to the browser breaks, too; nothing there looks like an end.
    talker.pieces = 64
    reader, writer = await raw_request(
        f"http://127.0.0.1:{jp_serverapp.port}",
        jp_serverapp.identity_provider.token,
        f"{jp_base_url}workload-explorer/elasticsearch/records/search",
        search(handle),
    )
    raw = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert len(raw) > 1 << 20
    assert not raw.endswith(b"0\r\n\r\n")


async def test_what_is_not_recognized_is_looked_at_as_a_whole(
    talker: Talker, ask: Ask, open_point: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = await open_point("gw-records-1")
    talker.head, talker.pieces, talker.tail = b'{"hits":[', 40, b"null" + LATE % 0
    answer = await ask("/records/search", search(handle))
    assert answer.status == 200
    assert b"pit_id" not in answer.raw
    assert len(json.loads(answer.raw)["hits"]) == 41
    talker.tail = b"null" + LATE % 1
    answer = await ask("/records/search", search(handle))
    assert (answer.status, answer.reason) == (502, "partial")
    # There is a limit to that.
    monkeypatch.setattr(streams, "LARGEST_WHOLE", 2 << 20)
    answer = await ask("/records/search", search(handle))
    assert (answer.status, answer.reason) == (400, "too-large")
    answer = await ask("/records/fields", {"indices": "gw-records-1"})
    assert (answer.status, answer.reason) == (400, "too-large")


async def test_a_timed_out_answer_is_refused_in_its_front(
    talker: Talker, ask: Ask, open_point: Open
) -> None:
    handle = await open_point("gw-records-1")
    talker.head, talker.pieces = HEAD.replace(b":false", b":true"), 40
    answer = await ask("/records/search", search(handle))
    assert (answer.status, answer.reason) == (504, "timeout")
