"""Servers that are none, certificates that do not fit, other products, other versions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from test.services.fault_proxy import FaultProxy
from test.services.nodes import Node

from .certificates import write_certificate
from .conftest import PASSWORD, READER, Ask, Records, basic

COUNT = {"indices": "gw-records-1"}


def write(site_file: Path, *connections: dict[str, Any]) -> None:
    site_file.write_text(json.dumps({"version": 1, "connections": connections}))


@asynccontextmanager
async def canned(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that says always the same, and keeps what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


def http(status: str, body: str, kind: str = "application/json", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *headers, "Connection: close", "", body]).encode()


BASIC = basic(READER, PASSWORD)

CANNED = {
    "another product": (http("200 OK", "{}"), "product"),
    "a page": (http("200 OK", "<html>Log in</html>", "text/html"), "product"),
    "a picture": (http("200 OK", "abc", "image/png"), "unreachable"),
    "a broken answer": (b"nonsense\r\n\r\n", "unreachable"),
    "no JSON": (
        http("200 OK", "{", "application/json", "X-Elastic-Product: Elasticsearch"),
        "unreachable",
    ),
    "an error page": (http("502 Bad Gateway", "<html>502</html>", "text/html"), "unreachable"),
    "an echo": (
        http("401 No", json.dumps({"error": {"type": "x", "reason": f"Basic {BASIC} {PASSWORD}"}})),
        "unauthorized",
    ),
    "an echo as text": (http("400 No", f"Authorization: Basic {BASIC}", "text/plain"), "invalid"),
}


@pytest.mark.parametrize(("said", "reason"), CANNED.values(), ids=CANNED)
async def test_what_is_no_elasticsearch(
    ask: Ask, site_file: Path, connections: Any, said: bytes, reason: str
) -> None:
    async with canned(said) as (url, asked):
        write(site_file, {**connections[0], "urls": [url]})
        answer = await ask("/records/count", COUNT)
        assert answer.reason == reason, answer.raw
        assert answer.status in (400, 502)
        assert asked


async def test_a_redirect_takes_no_secret_along(
    ask: Ask, site_file: Path, connections: Any
) -> None:
    async with canned(http("200 OK", "{}")) as (elsewhere, got):
        moved = http("302 Found", "", "text/html", f"Location: {elsewhere}/x")
        async with canned(moved) as (url, asked):
            write(site_file, {**connections[0], "urls": [url]})
            assert (await ask("/records/count", COUNT)).status == 502
            assert any(BASIC.encode() in request for request in asked)
            assert not any(BASIC.encode() in request for request in got)


async def test_certificates(
    ask: Ask, site_file: Path, connections: Any, records: Records, tmp_path: Path
) -> None:
    ours, key = write_certificate(tmp_path / "ours")
    theirs, _ = write_certificate(tmp_path / "theirs")
    with FaultProxy(records.node.url, ours, key) as proxy:
        urls = [proxy.url.replace("127.0.0.1", "localhost")]
        write(
            site_file,
            {**connections[0], "name": "right", "urls": urls, "ca_certificate": str(ours)},
            {**connections[0], "name": "wrong", "urls": urls, "ca_certificate": str(theirs)},
            {**connections[0], "name": "none", "urls": urls},
        )
        assert (await ask("/right/count", COUNT)).status == 200
        for name in ("wrong", "none"):
            answer = await ask(f"/{name}/count", COUNT)
            assert (answer.status, answer.reason) == (502, "unreachable")
            assert "certificate" in answer.json["message"]


async def test_opensearch(ask: Ask, site_file: Path, opensearch: Node) -> None:
    write(site_file, {"name": "records", "urls": [opensearch.url], "indices": ["*"]})
    answer = await ask("/records/indices")
    assert (answer.status, answer.reason) == (502, "product")
    assert "OpenSearch" in answer.json["message"]


async def test_other_versions(ask: Ask, site_file: Path, elasticsearch_9: Node) -> None:
    """Without ES|QL, without security, and of the next major version."""
    with elasticsearch_9.client() as client:
        client.index(index="gw-nine", document={"user": {"name": "ada"}}, refresh=True)
        try:
            write(site_file, {"name": "nine", "urls": [elasticsearch_9.url], "indices": ["gw-*"]})
            answer = (await ask("/nine/indices")).json
            assert answer["server"]["version"].startswith("9.")
            assert answer["server"]["esql"] is False
            assert [entry["name"] for entry in answer["indices"]] == ["gw-nine"]
            assert answer["indices"][0]["bytes"] > 0
            opened = (await ask("/nine/pit", {"indices": "gw-nine"})).json
            body = {"size": 1, "pit": {"id": opened["id"]}, "sort": [{"_shard_doc": "asc"}]}
            answer = await ask("/nine/search", body)
            assert answer.json["hits"]["hits"][0]["_source"] == {"user": {"name": "ada"}}
            assert b"pit_id" not in answer.raw
            esql = await ask("/nine/esql", {"indices": "gw-nine", "by": ["user"], "limit": 3})
            assert esql.reason == "invalid"
        finally:
            client.indices.delete(index="gw-nine")
