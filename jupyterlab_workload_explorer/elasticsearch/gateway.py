"""The gateway to Elasticsearch: everything that the panel may ask, and nothing else.

It knows neither Tornado nor Jupyter. The Jupyter server and the JupyterHub service are two thin
shells around it.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from .bodies import check_search, parse_body
from .client import Clients, missing_client
from .connections import Connection, Connections
from .credentials import ConnectionProblem, UnknownConnection
from .direct import Direct, Opened
from .errors import refusal_for
from .points_in_time import PointInTime, PointsInTime
from .refusal import Refusal
from .relay import Relayed, Relays
from .slots import Slots
from .streams import aside

#: What ``POST elasticsearch/<connection>/<operation>`` does.
OPERATIONS = ("fields", "pit", "search", "count", "esql")

#: Seconds that a point in time lives after its last use.
KEEP_ALIVE = 300.0

#: Seconds that closing may take when the server stops.
CLOSING = 5.0


class Gateway:
    """All that users ask of Elasticsearch goes through one of these.

    ``read`` gives the connections in force. ``keep_alive`` is in seconds. Users of a ``shared``
    gateway are not told where it takes its secrets from. Every method raises Refusal, and only
    that. Cancelling the task that runs a method closes the connection to Elasticsearch, which then
    ends what it was doing.
    """

    def __init__(
        self,
        read: Callable[[], Connections],
        log: logging.Logger | logging.LoggerAdapter,
        keep_alive: float = KEEP_ALIVE,
        *,
        shared: bool = False,
    ) -> None:
        self._read = read
        self._log = log
        self._keep_alive = keep_alive
        self._shared = shared
        self._logged: dict[str, str] = {}
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
                        self._client(connection)
            except Refusal as refusal:
                entry |= {"available": False, "problem": refusal.message}
            return entry

        described = await asyncio.gather(*(describe(one) for one in known.connections))
        return {"connections": described, "errors": list(known.errors)}

    async def indices(self, user: str, name: str) -> Any:
        """Server, indices, aliases and data streams of a connection."""
        async with self._guarded():
            connection = self._connection(name)
            return await self._in_time(connection, self._reach(connection).indices())

    async def ask(self, user: str, name: str, operation: str, body: dict[str, Any] | bytes) -> Any:
        """An operation of ``OPERATIONS`` with a body, as JSON or parsed; gives an object, bytes of
        JSON, or a ``Stream`` of it, which has to be closed."""
        async with self._guarded():
            connection = self._connection(name)
            if operation not in OPERATIONS:
                raise refusal_for("not-found")
            size = len(body) if isinstance(body, bytes) else 0
            parsed = await aside(size, parse_body, body) if isinstance(body, bytes) else body
            server = self._reach(connection, size)
            work: Awaitable[Any]
            if operation == "pit":
                work = self._open(user, connection, server, parsed)
            elif operation == "search":
                work = self._search(user, connection, server, parsed, size)
            else:
                work = getattr(server, operation)(parsed)
            return await self._in_time(connection, work)

    async def close_point_in_time(self, user: str, name: str, handle: str) -> None:
        """Close what a handle stands for."""
        async with self._guarded():
            # Closed also when nobody waits for it any more.
            self._drop(self._points.take(user, self._connection(name).name, handle))

    def undelivered(self, answer: Any) -> None:
        """An answer did not reach who asked: a point in time that it told of is closed."""
        if isinstance(answer, dict) and (point := self._points.known(answer.get("id"))):
            self._points.lost(point)
            self._drop(point)

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

    def _reach(self, connection: Connection, size: int = 0) -> Direct | Relayed:
        """The way to what a connection names, for a question of some bytes."""
        if connection.service is not None:
            return Relayed(self._relays, connection, size)
        return Direct(self._client(connection), connection, self._keep_alive, size)

    def _client(self, connection: Connection) -> Any:
        try:
            return self._clients.get(connection)
        except ConnectionProblem as problem:
            theirs = connection.origin == "user" or problem.is_about_home
            if problem.place is None or (theirs and not self._shared):
                raise
            told = f'The connection "{connection.name}" cannot be used: {problem}'
            if self._logged.get(connection.name) != told:
                self._logged[connection.name] = told
                self._log.warning("%s", told)
            raise ConnectionProblem(
                f'What the connection "{connection.name}" logs in with cannot be read. Tell those '
                "who look after it; the log of the server says more."
            ) from None

    async def _open(
        self, user: str, connection: Connection, server: Direct | Relayed, body: dict[str, Any]
    ) -> dict[str, Any]:
        # Not called off once it is sent: a point in time that nobody knows could not be closed.
        opening = asyncio.ensure_future(server.open(body))
        self._track(opening)

        def point(opened: Opened) -> PointInTime:
            return PointInTime(user, connection, opened.id)

        def drop(task: asyncio.Future[Opened]) -> None:
            if not task.cancelled() and task.exception() is None:
                self._drop(point(task.result()))

        try:
            opened = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(drop)
            raise
        ours = point(opened)
        if opened.problem is not None:
            self._drop(ours)
            raise opened.problem
        self._points.add(ours)
        return {"id": ours.handle, **opened.answer}

    async def _search(
        self,
        user: str,
        connection: Connection,
        server: Direct | Relayed,
        body: dict[str, Any],
        size: int,
    ) -> Any:
        # The service of a center has limits of its own.
        page_size = None if connection.service is not None else connection.page_size
        handle = await aside(size, check_search, body, page_size)
        with self._points.use(user, connection.name, handle) as point:
            if point.connection != connection:
                # Its settings have changed; they may allow less now.
                self._points.lost(point)
                self._drop(point)
                raise refusal_for("lost")
            try:
                found = await server.search(point.id, body)
                if found.id is not None:
                    point.id = found.id
                if found.problem is not None:
                    raise found.problem
            except Refusal as refusal:
                if refusal.reason == "lost":
                    self._points.lost(point)
                raise
            return found.answer

    def _connection(self, name: str) -> Connection:
        return self._read().find(name)

    async def _in_time(self, connection: Connection, work: Awaitable[Any]) -> Any:
        if connection.service is not None:
            return await work  # it has a time limit of its own
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

    async def _close(self, point: PointInTime) -> None:
        try:
            await self._reach(point.connection).close(point.id)
        except Exception as error:
            # It runs out by itself.
            self._log.debug("A point in time was not closed: %s", type(error).__name__)
