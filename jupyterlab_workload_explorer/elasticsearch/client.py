"""Elasticsearch's own client, which leaves answers as the bytes they are."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

from .connections import Connection, client_options
from .credentials import ConnectionProblem

INSTALL = 'pip install "jupyterlab-workload-explorer[elasticsearch]"'

#: Connections to each node.
CONNECTIONS_PER_NODE = 32

#: What comes as bytes. The last two are of proxies, and of servers that are no Elasticsearch.
MIMETYPES = (
    "application/json",
    "application/vnd.elasticsearch+json",
    "text/html",
    "text/plain",
)


def missing_client() -> str | None:
    """Why there is no client, as a sentence; ``None`` where there is one."""
    try:
        import aiohttp  # noqa: F401
        import elasticsearch  # noqa: F401
    except ImportError as error:
        return f"The Jupyter server lacks the Python package {error.name}. Install it: {INSTALL}"
    return None


def create_client(options: dict[str, Any]) -> Any:
    """An ``AsyncElasticsearch`` whose answers have bytes as their body, or a ``Stream`` where they
    are long.

    ``options`` are those of ``client_options``. Raises ConnectionProblem.
    """
    import elasticsearch

    from .node import StreamingNode

    class Bytes(elasticsearch.JsonSerializer):
        def loads(self, data: bytes) -> Any:
            return data

    # What a server wants to have said about deprecated things would end in the server's log.
    warnings.filterwarnings("ignore", category=elasticsearch.ElasticsearchWarning)
    raw = Bytes()
    try:
        return elasticsearch.AsyncElasticsearch(
            **options,
            node_class=StreamingNode,
            connections_per_node=CONNECTIONS_PER_NODE,
            serializers=dict.fromkeys(MIMETYPES, raw),
        )
    except Exception:
        # Its text may hold the address and what else was given.
        raise ConnectionProblem(
            "The client of Elasticsearch does not accept the settings of this connection. "
            "Correct its addresses, its CA certificate and its authentication."
        ) from None


class Clients:
    """A client for each connection, made anew when settings or secrets have changed."""

    def __init__(self) -> None:
        self._clients: dict[str, tuple[dict[str, Any], Any]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def get(self, connection: Connection) -> Any:
        """The client of a connection. Raises ConnectionProblem."""
        problem = missing_client()
        if problem is not None:
            raise ConnectionProblem(problem)
        options = client_options(connection)
        key = connection.name
        if key in self._clients:
            known, client = self._clients[key]
            if known == options:
                return client
            # Requests under way still use it.
            task = asyncio.ensure_future(_close_later(client, connection.time_limit))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        client = create_client(options)
        self._clients[key] = (options, client)
        return client

    async def close(self) -> None:
        """Close all connections."""
        clients = [client for _, client in self._clients.values()]
        self._clients.clear()
        for task in list(self._closing):
            task.cancel()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await asyncio.gather(*(client.close() for client in clients), return_exceptions=True)


async def _close_later(client: Any, seconds: float) -> None:
    try:
        await asyncio.sleep(seconds)
    finally:
        await client.close()
