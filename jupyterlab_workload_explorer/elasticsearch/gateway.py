"""The gateway to Elasticsearch: everything that the panel may ask, and nothing else.

It knows neither Tornado nor Jupyter. The Jupyter server and the JupyterHub service are two thin
shells around it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from . import esql
from .answers import check_esql, check_whole, parse, take_point_in_time
from .bodies import check_query, check_request, check_search
from .catalog import Ask, read_catalog, read_version
from .client import Clients, missing_client
from .connections import Connection, Connections
from .credentials import ConnectionProblem, UnknownConnection
from .errors import from_exception, refusal_for
from .points_in_time import PointInTime, PointsInTime, is_handle
from .refusal import Refusal, refused
from .relay import Relays
from .resolve import Resolved, resolve_indices
from .slots import Slots

#: Seconds that a point in time lives after its last use.
KEEP_ALIVE = 300.0

#: Seconds that closing may take when the server stops.
CLOSING = 5.0


class Gateway:
    """All that users ask of Elasticsearch goes through one of these.

    ``read`` gives the connections in force. ``keep_alive`` is in seconds. Every method raises
    Refusal, and only that. Cancelling the task that runs a method closes the connection to
    Elasticsearch, which then ends what it was doing.
    """

    def __init__(
        self,
        read: Callable[[], Connections],
        log: logging.Logger | logging.LoggerAdapter,
        keep_alive: float = KEEP_ALIVE,
    ) -> None:
        self._read = read
        self._log = log
        self._keep_alive = keep_alive
        self._clients = Clients()
        self._relays = Relays()
        self._points = PointsInTime(keep_alive, self._drop)
        self._slots: dict[str, Slots] = {}
        self._unsettled: set[asyncio.Future[Any]] = set()

    @asynccontextmanager
    async def slot(self, user: str) -> AsyncIterator[None]:
        """One of a user's places for requests, from the question to the last byte of the answer."""
        slots = self._slots.setdefault(user, Slots())
        try:
            async with slots.take():
                yield
        finally:
            if slots.idle and self._slots.get(user) is slots:
                del self._slots[user]

    async def connections(self, user: str) -> dict[str, Any]:
        """All connections by name, each with what is wrong with it."""
        known = self._read()
        if known.connections:
            # Importing the client takes long the first time; others are served meanwhile.
            await asyncio.get_running_loop().run_in_executor(None, missing_client)

        async def describe(connection: Connection) -> dict[str, Any]:
            entry: dict[str, Any] = {
                "name": connection.name,
                "description": connection.description,
                "available": True,
                "problem": None,
                "indices": list(connection.indices),
                "origin": connection.origin,
                "page_size": connection.page_size,
                "time_limit": connection.time_limit,
            }
            try:
                async with self._guarded():
                    if connection.service is not None:
                        entry |= await self._relays.describe(connection)
                    else:
                        self._clients.get(connection)
            except Refusal as refusal:
                entry |= {"available": False, "problem": refusal.message}
            return entry

        described = await asyncio.gather(*(describe(one) for one in known.connections))
        return {"connections": described, "errors": list(known.errors)}

    async def indices(self, user: str, name: str) -> dict[str, Any] | bytes:
        """Server, indices, aliases and data streams of a connection."""
        async with self._guarded():
            connection = self._connection(name)
            if connection.service is not None:
                return await self._relays.pass_on(connection, "GET", "indices")
            ask = self._asker(self._clients.get(connection), connection)
            return await self._in_time(connection, read_catalog(ask, connection))

    async def ask(self, user: str, name: str, operation: str, body: dict[str, Any]) -> Any:
        """An operation of ``OPERATIONS`` with a parsed body; gives bytes, or an object."""
        async with self._guarded():
            connection = self._connection(name)
            if operation not in OPERATIONS:
                raise refusal_for("not-found")
            if connection.service is not None:
                return await self._relays.pass_on(connection, "POST", operation, body)
            client = self._clients.get(connection)
            work = OPERATIONS[operation](self, user, client, connection, body)
            return await self._in_time(connection, work)

    async def close_point_in_time(self, user: str, name: str, handle: str) -> None:
        """Close what a handle stands for."""
        async with self._guarded():
            connection = self._connection(name)
            if connection.service is not None:
                # Nothing else becomes a part of an address.
                if not is_handle(handle):
                    raise refusal_for("lost")
                await self._relays.pass_on(connection, "DELETE", f"pit/{handle}")
                return
            # Closed also when nobody waits for it any more.
            self._drop(self._points.take(user, name, handle))

    async def close(self) -> None:
        """Close all points in time and all connections; nothing may be asked after that."""
        for point in self._points.take_all():
            self._drop(point)
        try:
            await asyncio.wait_for(self._settle(), CLOSING)
        except asyncio.TimeoutError:
            self._log.warning("Points in time of Elasticsearch are left to run out by themselves.")
        await self._relays.close()
        await self._clients.close()

    async def _settle(self) -> None:
        """Wait until nothing is opened or closed any more; what was opened may want closing."""
        while self._unsettled:
            await asyncio.gather(*self._unsettled, return_exceptions=True)

    # What the operations do; each has a body that nothing has been checked of.

    def _asker(self, client: Any, connection: Connection) -> Ask:
        """Asks for small things, and gives them parsed."""

        async def ask(
            method: str,
            path: list[str],
            params: dict[str, str] | None = None,
            body: dict[str, Any] | None = None,
        ) -> Any:
            where = "/" + "/".join(_quoted(part) for part in path)
            return check_whole(
                parse(await self._perform(client, connection, method, where, params, body))
            )

        return ask

    async def _fields(
        self, user: str, client: Any, connection: Connection, body: dict[str, Any]
    ) -> bytes:
        check_request(body, "indices")
        found = await resolve_indices(client, connection, body.get("indices"))
        path = f"/{_quoted(found.expression)}/_field_caps"
        # Indices without a field are named: its sub-fields may differ between indices.
        params = {"fields": "*", "include_unmapped": "true", "ignore_unavailable": "false"}
        answer = await self._perform(client, connection, "POST", path, params)
        if b'"failures"' in answer:
            problem = parse(answer).get("failed_indices")
            if problem:
                raise refusal_for("partial")
        return answer

    async def _open(
        self, user: str, client: Any, connection: Connection, body: dict[str, Any]
    ) -> dict[str, Any]:
        check_request(body, "indices")
        found = await resolve_indices(client, connection, body.get("indices"))
        version = await read_version(self._asker(client, connection))
        point = await self._open_point(user, client, connection, found)
        self._points.add(point)
        return {
            "id": point.handle,
            "indices": list(found.indices),
            "server": version,
            "page_size": connection.page_size,
        }

    async def _open_point(
        self, user: str, client: Any, connection: Connection, found: Resolved
    ) -> PointInTime:
        # Not called off once it is sent: a point in time that nobody knows could not be closed.
        opening = asyncio.ensure_future(
            self._perform(
                client,
                connection,
                "POST",
                f"/{_quoted(found.expression)}/_pit",
                {"keep_alive": self._milliseconds()},
            )
        )
        self._track(opening)
        try:
            answer = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(lambda task: self._drop_opened(task, user, connection, found))
            raise
        opened = parse(answer)
        point = PointInTime(user, connection, found.indices, str(opened.get("id", "")))
        try:
            check_whole(opened)
        except Refusal:
            self._drop(point)
            raise
        return point

    async def _search(
        self, user: str, client: Any, connection: Connection, body: dict[str, Any]
    ) -> bytes:
        handle = check_search(body)
        with self._points.use(user, connection.name, handle) as point:
            if point.connection != connection:
                # Its settings have changed; they may allow less now.
                self._points.lost(point)
                self._drop(point)
                raise refusal_for("lost")
            sent = {
                **body,
                "pit": {"id": point.id, "keep_alive": self._milliseconds()},
                "timeout": f"{math.ceil(connection.time_limit * 1000)}ms",
            }
            # Shards that cannot match are left out: they may hold a field as another type, which
            # not even a search without matches could read.
            params = {"allow_partial_search_results": "false", "pre_filter_shard_size": "1"}
            try:
                answer = await self._perform(client, connection, "POST", "/_search", params, sent)
                newest, answer, problem = take_point_in_time(answer)
                if newest is not None:
                    point.id = newest
                if problem is not None:
                    raise problem
            except Refusal as refusal:
                if refusal.reason == "lost":
                    self._points.lost(point)
                raise
            return answer

    async def _count(
        self, user: str, client: Any, connection: Connection, body: dict[str, Any]
    ) -> dict[str, int]:
        check_request(body, "indices", "query")
        query = body.get("query", {"match_all": {}})
        check_query(query)
        found = await resolve_indices(client, connection, body.get("indices"))
        # A search, because Elasticsearch does not end a count that nobody waits for.
        path = f"/{_quoted(found.expression)}/_search"
        params = {"allow_partial_search_results": "false"}
        asked = {
            "query": query,
            "size": 0,
            "track_total_hits": True,
            "timeout": f"{math.ceil(connection.time_limit * 1000)}ms",
        }
        answer = await self._perform(client, connection, "POST", path, params, asked)
        return {"count": check_whole(parse(answer))["hits"]["total"]["value"]}

    async def _esql(
        self, user: str, client: Any, connection: Connection, body: dict[str, Any]
    ) -> bytes:
        check_request(body, "indices", "by", "filter", "limit")
        query = body.get("filter", {"match_all": {}})
        check_query(query)
        # Wrong parts are refused before anything is asked.
        esql.count_by("checked", body.get("by"), body.get("limit"))
        found = await resolve_indices(client, connection, body.get("indices"))
        if found.names is None:
            raise refused(
                "ES|QL is asked about indices by their own names, of which these have none."
            )
        text = esql.count_by(found.names, body.get("by"), body.get("limit"))
        answer = await self._perform(
            client, connection, "POST", "/_query", None, {"query": text, "filter": query}
        )
        return check_esql(answer)

    def _connection(self, name: str) -> Connection:
        return self._read().find(name)

    def _milliseconds(self) -> str:
        return f"{math.ceil(self._keep_alive * 1000)}ms"

    async def _perform(
        self,
        client: Any,
        connection: Connection,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Any:
        """One request; gives the bytes of the answer. Raises Refusal."""
        headers = {"accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        try:
            response = await client.perform_request(
                method, path, params=params, headers=headers, body=body
            )
        except Exception as error:
            raise from_exception(error) from None
        return response.body

    async def _in_time(self, connection: Connection, work: Awaitable[Any]) -> Any:
        # With all further nodes that are tried.
        return await asyncio.wait_for(work, connection.time_limit)

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        """Turn what may go wrong into refusals whose texts are ours."""
        try:
            yield
        except (Refusal, asyncio.CancelledError):
            raise
        except UnknownConnection as problem:
            raise Refusal(404, "not-found", str(problem)) from None
        except ConnectionProblem as problem:
            # A secret, a certificate or a package is missing: to try again would not help.
            raise Refusal(502, "unauthorized", str(problem)) from None
        except asyncio.TimeoutError:
            raise refusal_for("timeout") from None
        except Exception as error:
            # Neither its text nor the values in it: who knows what they hold.
            self._log.error(
                "The gateway to Elasticsearch met %s at:\n%s",
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            raise Refusal(
                500,
                "error",
                "The gateway to Elasticsearch has met a mistake of its own. "
                "Look into the log of the server, and report it.",
            ) from None

    def _drop(self, point: PointInTime) -> None:
        """Close a point in time that nobody waits for."""
        self._track(asyncio.ensure_future(self._close(point)))

    def _track(self, task: asyncio.Future[Any]) -> None:
        self._unsettled.add(task)
        task.add_done_callback(self._unsettled.discard)

    def _drop_opened(
        self, task: asyncio.Future[Any], user: str, connection: Connection, found: Resolved
    ) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        id_ = parse(task.result()).get("id")
        if isinstance(id_, str):
            self._drop(PointInTime(user, connection, found.indices, id_))

    async def _close(self, point: PointInTime) -> None:
        try:
            client = self._clients.get(point.connection)
            await self._perform(client, point.connection, "DELETE", "/_pit", None, {"id": point.id})
        except Exception as error:
            # It runs out by itself.
            self._log.debug("A point in time was not closed: %s", type(error).__name__)


#: What ``POST elasticsearch/<connection>/<operation>`` does.
OPERATIONS: dict[str, Callable[..., Awaitable[Any]]] = {
    "fields": Gateway._fields,
    "pit": Gateway._open,
    "search": Gateway._search,
    "count": Gateway._count,
    "esql": Gateway._esql,
}


def _quoted(part: str) -> str:
    return quote(part, safe=",*")
