"""What a connection offers: indices, aliases and data streams, with their numbers of documents."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from .connections import Connection
from .refusal import Refusal
from .resolve import matches

#: Aliases that are counted; a filter makes an alias's number another than its indices'.
MAX_COUNTED = 100
COUNTED_AT_ONCE = 4

#: Asks Elasticsearch: method, parts of the path, parameters, body. Gives the parsed answer.
Ask = Callable[..., Awaitable[Any]]


async def read_catalog(ask: Ask, connection: Connection) -> dict[str, Any]:
    """The answer to ``GET elasticsearch/<connection>/indices``.

    Read-only rights suffice; what needs more (bytes) is ``None`` without them. Numbers of documents
    are of those that the connection's user may see.
    """
    server, found = await _together(_server(ask), _resolve(ask, connection.indices))
    indices = {
        name: entry.get("data_stream", name)
        for name, entry in found["indices"].items()
        if matches(connection.indices, entry.get("data_stream", name))
    }
    for stream in found["data_streams"].values():
        indices.update(
            (name, stream["name"])
            for name in stream.get("backing_indices", ())
            if matches(connection.indices, stream["name"])
        )
    counts, sizes = await _together(
        _documents(ask, connection.indices), _bytes(ask, connection.indices)
    )
    listed = [
        _entry(name, "index", [name], counts, sizes)
        for name, owner in indices.items()
        if name == owner and "hidden" not in found["indices"][name].get("attributes", ())
    ]
    listed += [
        _entry(name, "data_stream", stream.get("backing_indices", []), counts, sizes)
        for name, stream in found["data_streams"].items()
        if matches(connection.indices, name)
    ]
    aliases = [
        _entry(name, "alias", alias.get("indices", []), {}, sizes)
        for name, alias in found["aliases"].items()
        if not name.startswith(".")
        and alias.get("indices")
        and all(member in indices for member in alias["indices"])
    ]
    await _count_aliases(ask, aliases)
    return {"server": server, "indices": sorted(listed + aliases, key=lambda one: one["name"])}


def _entry(
    name: str, kind: str, members: list[str], counts: dict[str, int] | None, sizes: dict[str, int]
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "documents": None if counts is None else sum(counts.get(member, 0) for member in members),
        "bytes": (
            sum(sizes[member] for member in members)
            if members and all(member in sizes for member in members)
            else None
        ),
        "members": [] if kind == "index" else sorted(members),
    }


async def _together(*questions: Awaitable[Any]) -> list[Any]:
    """Answers to all; when one fails, the others are called off."""
    tasks = [asyncio.ensure_future(question) for question in questions]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_version(ask: Ask) -> str | None:
    """Version of the server; ``None`` where the connection may not know it."""
    try:
        answer = await ask("GET", [])
    except Refusal as refusal:
        if refusal.reason in ("denied", "invalid", "not-found"):
            return None
        raise
    number = answer.get("version", {}).get("number")
    return number if isinstance(number, str) else None


async def _server(ask: Ask) -> dict[str, Any]:
    """Version, where the connection may know it, and whether there is ES|QL."""

    async def esql() -> bool:
        try:
            await ask("POST", ["_query"], body={"query": "ROW x = 1"})
        except Refusal as refusal:
            if refusal.reason in ("denied", "invalid", "not-found"):
                return False
            raise
        return True

    number, has_esql = await _together(read_version(ask), esql())
    return {"version": number, "esql": has_esql}


async def _resolve(ask: Ask, patterns: tuple[str, ...]) -> dict[str, dict[str, dict[str, Any]]]:
    """Indices, aliases and data streams that match patterns, and aliases of these, by name."""
    found: dict[str, dict[str, dict[str, Any]]] = {
        "indices": {},
        "aliases": {},
        "data_streams": {},
    }

    async def add(names: str) -> None:
        try:
            answer = await ask("GET", ["_resolve", "index", names])
        except Refusal as refusal:
            # One pattern that leads to nothing must not hide the others.
            if refusal.reason in ("not-found", "denied"):
                return
            raise
        for key, entries in found.items():
            entries.update((entry["name"], entry) for entry in answer.get(key, ()))

    await _together(*(add(pattern) for pattern in patterns))
    # An alias of another name may lead to allowed indices only, too.
    further = {
        alias
        for entry in (*found["indices"].values(), *found["data_streams"].values())
        for alias in entry.get("aliases", ())
    } - set(found["aliases"])
    await _together(*(add(alias) for alias in sorted(further)[:MAX_COUNTED]))
    behind = {
        member
        for alias in found["aliases"].values()
        for member in alias.get("indices", ())
        if member not in found["indices"]
    }
    streams = {
        member
        for stream in found["data_streams"].values()
        for member in stream.get("backing_indices", ())
    }
    await _together(*(add(member) for member in sorted(behind - streams)[:MAX_COUNTED]))
    return found


async def _documents(ask: Ask, patterns: tuple[str, ...]) -> dict[str, int] | None:
    """Documents of each concrete index; ``None`` where not all shards answered."""
    body = {
        "size": 0,
        "track_total_hits": False,
        "aggs": {"index": {"terms": {"field": "_index", "size": 10_000}}},
    }
    try:
        answer = await ask(
            "POST",
            [",".join(patterns), "_search"],
            params={"ignore_unavailable": "true", "allow_no_indices": "true"},
            body=body,
        )
    except Refusal as refusal:
        if refusal.reason in ("partial", "timeout", "busy", "denied", "not-found", "mapping"):
            return None
        raise
    buckets = answer.get("aggregations", {}).get("index", {}).get("buckets", ())
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


async def _bytes(ask: Ask, patterns: tuple[str, ...]) -> dict[str, int]:
    """Bytes of each concrete index, with replicas; empty where the connection may not know."""
    try:
        answer = await ask(
            "GET",
            [",".join(patterns), "_stats", "store"],
            params={
                "level": "indices",
                "ignore_unavailable": "true",
                "allow_no_indices": "true",
                "expand_wildcards": "open,hidden",
                "filter_path": "indices.*.total.store.size_in_bytes",
            },
        )
    except Refusal as refusal:
        if refusal.reason == "unreachable":
            raise
        return {}
    return {
        name: entry["total"]["store"]["size_in_bytes"]
        for name, entry in answer.get("indices", {}).items()
    }


async def _count_aliases(ask: Ask, aliases: list[dict[str, Any]]) -> None:
    """Count documents behind each alias, where its filter counts."""
    slots = asyncio.Semaphore(COUNTED_AT_ONCE)

    async def count(alias: dict[str, Any]) -> None:
        async with slots:
            try:
                alias["documents"] = (await ask("POST", [alias["name"], "_count"]))["count"]
            except Refusal as refusal:
                if refusal.reason == "unreachable":
                    raise
                alias["documents"] = None

    for alias in aliases:
        alias["documents"] = None
    await _together(*(count(alias) for alias in aliases[:MAX_COUNTED]))
