"""What the gateway does at an Elasticsearch, one question at a time.

Nothing here knows users or handles. Each method raises Refusal, and takes a body of which nothing
has been checked, unless it says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from . import esql
from .answers import check_esql, check_whole, parse, take_point_in_time
from .bodies import check_query, check_request, dump
from .catalog import read_catalog, read_version
from .connections import Connection
from .errors import from_exception, refusal_for
from .refusal import Refusal, refused
from .resolve import resolve_indices
from .streams import Answer, aside, read_whole


@dataclass(frozen=True)
class Opened:
    """A point in time that was opened: its id, and what to answer beside the handle.

    With ``problem`` it is to be closed again.
    """

    id: str
    answer: dict[str, Any]
    problem: Refusal | None = None


@dataclass(frozen=True)
class Found:
    """An answer to a search; ``id`` is the newest one of its point in time, where it was told.

    With ``problem`` the answer lacks records.
    """

    answer: Answer
    id: str | None = None
    problem: Refusal | None = None


class Direct:
    """A connection's Elasticsearch, asked through its client.

    ``keep_alive`` is of points in time, in seconds. ``size`` is the number of bytes of the
    question: the work on large ones is done in threads.
    """

    def __init__(self, client: Any, connection: Connection, keep_alive: float, size: int) -> None:
        self._client = client
        self._connection = connection
        self._keep_alive = f"{math.ceil(keep_alive * 1000)}ms"
        self._time_limit = f"{math.ceil(connection.time_limit * 1000)}ms"
        self._size = size

    async def indices(self) -> dict[str, Any]:
        """Server, indices, aliases and data streams."""
        return await read_catalog(self._ask, self._connection)

    async def fields(self, body: dict[str, Any]) -> bytes:
        """Field capabilities."""
        check_request(body, "indices")
        found = await resolve_indices(self._client, self._connection, body.get("indices"))
        path = f"/{_quoted(found.expression)}/_field_caps"
        # Indices without a field are named: its sub-fields may differ between indices.
        params = {"fields": "*", "include_unmapped": "true", "ignore_unavailable": "false"}
        answer = await read_whole(await self._perform("POST", path, params))
        if b'"failures"' in answer and (await aside(len(answer), parse, answer)).get(
            "failed_indices"
        ):
            raise refusal_for("partial")
        return answer

    async def open(self, body: dict[str, Any]) -> Opened:
        """Open a point in time."""
        check_request(body, "indices")
        found = await resolve_indices(self._client, self._connection, body.get("indices"))
        version = await read_version(self._ask)
        path = f"/{_quoted(found.expression)}/_pit"
        params = {"keep_alive": self._keep_alive}
        opened = parse(await read_whole(await self._perform("POST", path, params)))
        problem = None
        try:
            check_whole(opened)
        except Refusal as refusal:
            problem = refusal
        answer = {
            "indices": list(found.indices),
            "server": version,
            "page_size": self._connection.page_size,
        }
        return Opened(str(opened.get("id", "")), answer, problem)

    async def search(self, id_: str, body: dict[str, Any]) -> Found:
        """A search of a checked body in the point in time of an id."""
        sent = {
            **body,
            "pit": {"id": id_, "keep_alive": self._keep_alive},
            "timeout": self._time_limit,
        }
        # Shards that cannot match are left out: they may hold a field as another type, which
        # not even a search without matches could read.
        params = {"allow_partial_search_results": "false", "pre_filter_shard_size": "1"}
        newest, answer, problem = await take_point_in_time(
            await self._perform("POST", "/_search", params, sent)
        )
        return Found(answer, newest, problem)

    async def count(self, body: dict[str, Any]) -> dict[str, int]:
        """Number of documents."""
        check_request(body, "indices", "query")
        query = body.get("query", {"match_all": {}})
        await aside(self._size, check_query, query)
        found = await resolve_indices(self._client, self._connection, body.get("indices"))
        # A search, because Elasticsearch does not end a count that nobody waits for.
        path = f"/{_quoted(found.expression)}/_search"
        asked = {
            "query": query,
            "size": 0,
            "track_total_hits": True,
            "timeout": self._time_limit,
        }
        params = {"allow_partial_search_results": "false"}
        answer = parse(await read_whole(await self._perform("POST", path, params, asked)))
        return {"count": check_whole(answer)["hits"]["total"]["value"]}

    async def esql(self, body: dict[str, Any]) -> Answer:
        """Documents by values of fields."""
        check_request(body, "indices", "by", "filter", "limit")
        query = body.get("filter", {"match_all": {}})
        await aside(self._size, check_query, query)
        # Wrong parts are refused before anything is asked.
        esql.count_by("checked", body.get("by"), body.get("limit"))
        found = await resolve_indices(self._client, self._connection, body.get("indices"))
        if found.names is None:
            raise refused(
                "ES|QL is asked about indices by their own names, of which these have none."
            )
        text = esql.count_by(found.names, body.get("by"), body.get("limit"))
        asked = {"query": text, "filter": query}
        return await check_esql(await self._perform("POST", "/_query", None, asked))

    async def close(self, id_: str) -> None:
        """Close the point in time of an id."""
        await read_whole(await self._perform("DELETE", "/_pit", None, {"id": id_}))

    async def _ask(
        self,
        method: str,
        path: list[str],
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Ask for something small, and parse it."""
        where = "/" + "/".join(_quoted(part) for part in path)
        whole = await read_whole(await self._perform(method, where, params, body))
        return check_whole(await aside(len(whole), parse, whole))

    async def _perform(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Answer:
        headers = {"accept": "application/json"}
        sent = None
        if body is not None:
            headers["content-type"] = "application/json"
            sent = await aside(self._size, dump, body)
        try:
            response = await self._client.perform_request(
                method, path, params=params, headers=headers, body=sent
            )
        except Exception as error:
            raise from_exception(error) from None
        return response.body


def _quoted(part: str) -> str:
    return quote(part, safe=",*")
