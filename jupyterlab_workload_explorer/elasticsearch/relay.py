"""Passing requests on to the gateway of the whole center, which runs as a service of JupyterHub.

The user's own server asks in the user's name, with the token that JupyterHub gave it; the browser
never sees that token, and never speaks with the service.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any
from urllib.parse import quote

from .client import missing_client
from .connections import Connection
from .credentials import ConnectionProblem
from .errors import refusal_for
from .refusal import Refusal

TOKEN_VARIABLE = "JUPYTERHUB_API_TOKEN"

#: Seconds for the list of connections, which the panel waits for.
LIST_LIMIT = 10.0

#: Seconds on top of the longest time limit that a service may set. It ends requests itself.
LONGEST_LIMIT = 3600.0

_REASONS = frozenset(
    (
        "busy", "denied", "error", "invalid", "lost", "mapping", "not-found", "partial",
        "product", "refused", "timeout", "too-many-buckets", "unauthorized", "unreachable",
    )
)  # fmt: skip


class Relays:
    """The way to the services of a center."""

    def __init__(self) -> None:
        self._session: Any = None

    async def describe(self, connection: Connection) -> dict[str, Any]:
        """What the service says of a connection. Raises Refusal and ConnectionProblem."""
        answer = await self._request(connection, "GET", "", None, LIST_LIMIT)
        entries = _object(answer).get("connections", ())
        for entry in entries:
            if entry.get("name") == connection.service_connection:
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

    async def pass_on(
        self,
        connection: Connection,
        method: str,
        operation: str,
        body: dict[str, Any] | None = None,
    ) -> bytes:
        """The service's answer to one request. Raises Refusal and ConnectionProblem."""
        path = f"/{quote(connection.service_connection or '', safe='')}/{operation}"
        return await self._request(connection, method, path, body, LONGEST_LIMIT)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _request(
        self,
        connection: Connection,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        limit: float,
    ) -> bytes:
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
        try:
            async with self._session.request(
                method,
                address,
                data=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
                headers={
                    "Authorization": f"token {token}",
                    "Content-Type": "application/json",
                    # Both run on the center's machines; the way to the browser is compressed.
                    "Accept-Encoding": "identity",
                },
                # A token goes nowhere but to the address in the connection.
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=limit),
            ) as response:
                content = await response.read()
                if 200 <= response.status < 300:
                    return content
                raise _refusal(response.status, content)
        except asyncio.TimeoutError:
            raise refusal_for("timeout") from None
        except aiohttp.ClientError:
            raise Refusal(
                502,
                "unreachable",
                "The service of the center does not answer. Try again; if that does not help, ask "
                "the center.",
            ) from None


_DESCRIBED = ("description", "available", "problem", "indices", "page_size", "time_limit")


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
    return Refusal(
        502,
        "unreachable",
        "What answers at the address of the center's service is not the service. "
        "Ask the center to correct the connection.",
    )
