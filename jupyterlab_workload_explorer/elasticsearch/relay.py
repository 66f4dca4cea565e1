"""Passing requests on to the gateway of the whole center, which runs as a service of JupyterHub.

The user's own server asks in the user's name, with the token that JupyterHub gave it; the browser
never sees that token, and never speaks with the service. Nor does it see the service's handles:
those hold for the owner of the server, and others may use the same server.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from typing import Any
from urllib.parse import quote

from .bodies import dump
from .client import missing_client
from .connections import DEFAULT_TIME_LIMIT, Connection
from .credentials import ConnectionProblem
from .direct import Found, Opened
from .errors import refusal_for
from .refusal import Refusal
from .streams import PIECE, Answer, aside, outgoing, read_whole, receive

TOKEN_VARIABLE = "JUPYTERHUB_API_TOKEN"

#: Seconds for the list of connections, which the panel waits for.
LIST_LIMIT = 10.0

#: Seconds until the service has taken a connection.
CONNECT_LIMIT = 10.0

#: Seconds on top of a connection's time limit, at which the service ends requests itself: for the
#: way there and back, and for waiting until the service has a place for the user.
MARGIN = 30.0

_REASONS = frozenset(
    (
        "busy", "denied", "error", "invalid", "lost", "mapping", "not-found", "partial",
        "product", "refused", "timeout", "too-large", "too-many-buckets", "unauthorized",
        "unreachable",
    )
)  # fmt: skip


class Relays:
    """The way to the services of a center."""

    def __init__(self) -> None:
        self._session: Any = None
        #: Seconds that the services allow a request, by connection.
        self._time_limits: dict[Connection, float] = {}

    async def describe(self, connection: Connection) -> dict[str, Any]:
        """What the service says of a connection. Raises Refusal and ConnectionProblem."""
        answer = await read_whole(await self.request(connection, "GET", "", limit=LIST_LIMIT))
        entries = _object(answer).get("connections", ())
        for entry in entries:
            if entry.get("name") == connection.service_connection:
                self._time_limits[connection] = _seconds(entry.get("time_limit"))
                known = {key: entry[key] for key in _DESCRIBED if key in entry}
                return known | (
                    {"description": connection.description} if connection.description else {}
                )
        raise Refusal(
            403,
            "denied",
            f'The service of the center does not offer you "{connection.service_connection}". '
            "Ask the center to take you into the group.",
        )

    async def longest(self, connection: Connection) -> float:
        """Seconds after which the service has answered, or does not answer at all.

        Raises Refusal and ConnectionProblem.
        """
        if connection not in self._time_limits:
            await self.describe(connection)
        return self._time_limits[connection] + MARGIN

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def request(
        self,
        connection: Connection,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        limit: float,
    ) -> Answer:
        """The service's answer to one request, which begins within ``limit`` seconds.

        Raises Refusal and ConnectionProblem.
        """
        problem = missing_client()
        if problem is not None:
            raise ConnectionProblem(problem)
        token = os.environ.get(TOKEN_VARIABLE)
        if not token:
            raise ConnectionProblem(
                f'The connection "{connection.name}" works on servers that JupyterHub has started. '
                "Start yours from the Hub."
            )
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession()
        address = f"{(connection.service or '').rstrip('/')}/elasticsearch{path}"
        sending = self._send(
            self._session,
            method,
            address,
            body,
            {
                "Authorization": f"token {token}",
                "Content-Type": "application/json",
                # Both run on the center's machines; the way to the browser is compressed.
                "Accept-Encoding": "identity",
            },
            limit,
        )
        try:
            status, answer = await asyncio.wait_for(sending, limit)
        # Of which a connection that nobody takes in time is one.
        except aiohttp.ClientError:
            raise Refusal(
                502,
                "unreachable",
                "The service of the center does not answer. Try again; if that does not help, ask "
                "the center.",
            ) from None
        except asyncio.TimeoutError:
            # It may allow more by now.
            self._time_limits.pop(connection, None)
            raise refusal_for("timeout") from None
        if 200 <= status < 300:
            return answer
        raise _refusal(status, answer)

    async def _send(
        self,
        session: Any,
        method: str,
        address: str,
        body: bytes | None,
        headers: dict[str, str],
        limit: float,
    ) -> tuple[int, Any]:
        import aiohttp

        response = await session.request(
            method,
            address,
            data=outgoing(body),
            headers=headers,
            # A token goes nowhere but to the address in the connection.
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_LIMIT, sock_read=limit),
            read_bufsize=PIECE,
        )
        return response.status, await receive(response)


class Relayed:
    """A connection of the service, asked as ``Direct`` asks Elasticsearch."""

    def __init__(self, relays: Relays, connection: Connection, size: int) -> None:
        self._relays = relays
        self._connection = connection
        self._size = size

    async def indices(self) -> Answer:
        """Server, indices, aliases and data streams."""
        return await self._pass_on("GET", "indices")

    async def fields(self, body: dict[str, Any]) -> Answer:
        """Field capabilities."""
        return await self._pass_on("POST", "fields", body)

    async def open(self, body: dict[str, Any]) -> Opened:
        """Open a point in time; its id is the service's handle."""
        answer = _object(await read_whole(await self._pass_on("POST", "pit", body)))
        id_ = answer.pop("id", None)
        if not isinstance(id_, str) or not _HANDLE.fullmatch(id_):
            raise _no_service()
        return Opened(id_, answer)

    async def search(self, id_: str, body: dict[str, Any]) -> Found:
        """A search of a checked body in a point in time."""
        return Found(await self._pass_on("POST", "search", {**body, "pit": {"id": id_}}))

    async def count(self, body: dict[str, Any]) -> Answer:
        """Number of documents."""
        return await self._pass_on("POST", "count", body)

    async def esql(self, body: dict[str, Any]) -> Answer:
        """Documents by values of fields."""
        return await self._pass_on("POST", "esql", body)

    async def close(self, id_: str) -> None:
        """Close a point in time."""
        await read_whole(await self._pass_on("DELETE", f"pit/{id_}"))

    async def _pass_on(
        self, method: str, operation: str, body: dict[str, Any] | None = None
    ) -> Answer:
        path = f"/{quote(self._connection.service_connection or '', safe='')}/{operation}"
        sent = None if body is None else await aside(self._size, dump, body)
        limit = await self._relays.longest(self._connection)
        return await self._relays.request(self._connection, method, path, sent, limit=limit)


#: A handle of the service; nothing else becomes a part of an address.
_HANDLE = re.compile(r"[A-Za-z0-9_-]{10,100}")

_DESCRIBED = ("description", "available", "problem", "indices", "page_size", "time_limit")


def _seconds(time_limit: Any) -> float:
    is_known = isinstance(time_limit, int | float) and time_limit > 0
    return float(time_limit) if is_known else DEFAULT_TIME_LIMIT


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def _refusal(status: int, content: bytes) -> Refusal:
    """What the service has refused, in its own words, which are ours: it runs the same code."""
    answer = _object(content)
    message, reason, type = (  # noqa: A001
        answer.get("message"), answer.get("reason"), answer.get("type"),
    )  # fmt: skip
    if isinstance(message, str) and reason in _REASONS:
        known = type if isinstance(type, str) else None
        # A 401 of ours would tell JupyterLab that its own login is gone.
        return Refusal(502 if status == 401 else status, reason, message[:2000], known)
    return _no_service()


def _no_service() -> Refusal:
    return Refusal(
        502,
        "unreachable",
        "What answers at the address of the center's service is not the service. "
        "Ask the center to correct the connection.",
    )
