"""A search that takes long, and what is seen of it on the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from elasticsearch import Elasticsearch

#: Every document falls into each of 90,000 buckets, which takes long where nobody ends it.
FILTERS = {"filters": {str(index): {"match_all": {}} for index in range(300)}}
SLOW = {"outer": {"filters": FILTERS, "aggs": {"inner": {"filters": FILTERS}}}}


async def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to become true; it fails only where it does not for a long while."""
    for _ in range(1200):
        if await asyncio.get_running_loop().run_in_executor(None, holds):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not come about")


def searches(client: Elasticsearch) -> list[dict[str, Any]]:
    """The searches that run now, as Elasticsearch's task list says."""
    # The client's own method warns that this is in technical preview.
    answer = client.perform_request(
        "GET",
        "/_tasks",
        params={"actions": "indices:data/read/search"},
        headers={"accept": "application/json"},
    )
    return [task for node in answer["nodes"].values() for task in node["tasks"].values()]


def queries(client: Elasticsearch, index: str) -> tuple[int, int]:
    """Of an index of one shard: queries that run now, and those that were ended before they came
    to their end."""
    stats = client.indices.stats(index=index, metric="search")["_all"]["total"]["search"]
    return int(stats["query_current"]), int(stats["query_failure"])


async def raw_request(
    address: str, token: str, path: str, body: Any
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a request as a browser does, and hold the connection."""
    host, port = address.removeprefix("http://").split("/", 1)[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: token {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content)
    await writer.drain()
    return reader, writer
