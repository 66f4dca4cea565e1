"""The gateway in a Jupyter server."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..info_handler import AUTH_RESOURCE
from .gateway import Gateway
from .http import GatewayHandler


class _Handler(GatewayHandler, APIHandler):
    auth_resource = AUTH_RESOURCE

    def initialize(self, gateway: Gateway) -> None:
        super().initialize()
        self._gateway = gateway

    def compute_etag(self) -> str | None:
        return None  # answers are not kept

    def gateway_user(self) -> str:
        # With a token or a password everybody is the same person, with a name by chance.
        if type(self.identity_provider) in (IdentityProvider, PasswordIdentityProvider):
            return ""
        user = self.current_user
        return str(getattr(user, "username", user))


class ConnectionsHandler(_Handler):
    """``GET workload-explorer/elasticsearch``"""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """All connections, by name."""
        await self.run(lambda gateway, user: gateway.connections(user))


class IndicesHandler(_Handler):
    """``GET workload-explorer/elasticsearch/<connection>/indices``"""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """What a connection offers."""
        await self.run(lambda gateway, user: gateway.indices(user, name))


class OperationHandler(_Handler):
    """``POST workload-explorer/elasticsearch/<connection>/<operation>``"""

    # Everything here reads; it is POST because questions are long.
    @web.authenticated
    @authorized("read")
    async def post(self, name: str, operation: str) -> None:
        """Fields, a point in time, a search, a count, or a count by ES|QL."""

        async def call(gateway: Gateway, user: str) -> Any:
            return await gateway.ask(user, name, operation, self.request.body)

        await self.run(call)


class PointInTimeHandler(_Handler):
    """``DELETE workload-explorer/elasticsearch/<connection>/pit/<handle>``"""

    @web.authenticated
    @authorized("read")
    async def delete(self, name: str, handle: str) -> None:
        """Close a point in time."""
        await self.run(lambda gateway, user: gateway.close_point_in_time(user, name, handle))


#: Patterns below ``workload-explorer/``, and their handlers.
ROUTES: list[tuple[str, type[_Handler]]] = [
    ("elasticsearch", ConnectionsHandler),
    ("elasticsearch/([^/]+)/indices", IndicesHandler),
    ("elasticsearch/([^/]+)/(fields|pit|search|count|esql)", OperationHandler),
    ("elasticsearch/([^/]+)/pit/([^/]+)", PointInTimeHandler),
]
