"""The gateway as a service of JupyterHub, for a secret of the whole center.

Users' servers ask it in the users' names (``relay.py``), so the secret is where no user can read
it.

    python -m jupyterlab_workload_explorer elasticsearch-service --config FILE
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado import web
from tornado.httpserver import HTTPServer

from ..site_file import SiteFile
from .bodies import LARGEST_BODY
from .connections import Connection, Connections, read_connections, read_file, warn_of_http
from .gateway import OPERATIONS, Gateway
from .http import GatewayHandler
from .refusal import Refusal

LOG = "workload-elasticsearch"

#: Seconds for which JupyterHub's word on a token and its groups is believed.
BELIEVED = 60

#: What JupyterHub sets for the services that it starts; by hand for others.
NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_URL")

_TOKEN = re.compile(r"(?:token|bearer)\s+([!-~]{1,1000})", re.IGNORECASE)


def offered(connections: Connections, groups: Sequence[str]) -> tuple[Connection, ...]:
    """The connections that members of some groups may use. One that names no group is nobody's."""
    return tuple(
        one for one in connections.connections if one.urls and set(one.groups) & set(groups)
    )


class _Handler(GatewayHandler):
    def initialize(self, gateway: Gateway, hub: Any, read: Callable[[], Connections]) -> None:
        self._gateway = gateway
        self._hub = hub
        self._read = read
        self._user = ""
        self._groups: tuple[str, ...] = ()

    def check_xsrf_cookie(self) -> None:
        """There are no cookies here: the token in the header says that it is no foreign page."""

    def compute_etag(self) -> str | None:
        return None

    def set_default_headers(self) -> None:
        self.set_header("Server", "workload-elasticsearch")
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")

    def gateway_user(self) -> str:
        return self._user

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        reason = "not-found" if status_code == 404 else "error"
        self.finish({"message": f"{self._reason}.", "reason": reason, "type": None})

    async def run(self, call: Callable[[Gateway, str], Awaitable[Any]]) -> None:
        async def as_user(gateway: Gateway, _: str) -> Any:
            return await call(gateway, self._user)

        try:
            await self._identify()
        except Refusal as refusal:
            self.set_status(refusal.status)
            await self.finish(refusal.as_json())
            return
        await super().run(as_user)

    def offered(self, name: str) -> None:
        """Raises Refusal unless the user may use a connection; whether it exists is not told."""
        if not any(one.name == name for one in offered(self._read(), self._groups)):
            raise Refusal(
                403,
                "denied",
                f'The service of the center does not offer you "{name}". '
                "Ask the center to take you into the group.",
            )

    async def _identify(self) -> None:
        """Ask JupyterHub whose token it is. Only the header counts: no cookie, no address."""
        found = _TOKEN.fullmatch(self.request.headers.get("Authorization", ""))
        model = None
        if found is not None:
            try:
                model = await self._hub.user_for_token(found.group(1), sync=False)
            except web.HTTPError:
                raise Refusal(
                    502, "unreachable", "JupyterHub does not answer the service. Try again."
                ) from None
        if model is None or model.get("kind", "user") != "user":
            raise Refusal(
                401,
                "unauthorized",
                "JupyterHub does not know this token. Stop your server and start it again.",
            )
        if not self._hub.access_scopes or not self._hub.check_scopes(
            self._hub.access_scopes, model
        ):
            raise Refusal(
                403,
                "denied",
                "Your server's token may not use this service. "
                "Ask the center for the scope access:services.",
            )
        self._user = model["name"]
        self._groups = tuple(model.get("groups") or ())


class _ListHandler(_Handler):
    async def get(self) -> None:
        async def call(gateway: Gateway, user: str) -> Any:
            names = {one.name for one in offered(self._read(), self._groups)}
            answer = await gateway.connections(user)
            known = [entry for entry in answer["connections"] if entry["name"] in names]
            # What is wrong with the files is the administrators' business.
            return {"connections": known, "errors": []}

        await self.run(call)


class _IndicesHandler(_Handler):
    async def get(self, name: str) -> None:
        async def call(gateway: Gateway, user: str) -> Any:
            self.offered(name)
            return await gateway.indices(user, name)

        await self.run(call)


class _OperationHandler(_Handler):
    async def post(self, name: str, operation: str) -> None:
        async def call(gateway: Gateway, user: str) -> Any:
            self.offered(name)
            return await gateway.ask(user, name, operation, self.request.body)

        await self.run(call)


class _PointInTimeHandler(_Handler):
    async def delete(self, name: str, handle: str) -> None:
        async def call(gateway: Gateway, user: str) -> Any:
            self.offered(name)
            return await gateway.close_point_in_time(user, name, handle)

        await self.run(call)


def create_application(
    prefix: str, gateway: Gateway, hub: Any, read: Callable[[], Connections]
) -> web.Application:
    """The service as a Tornado application below a prefix."""
    options = {"gateway": gateway, "hub": hub, "read": read}
    base = re.escape(prefix.rstrip("/")) + "/elasticsearch"
    operations = "|".join(OPERATIONS)
    return web.Application(
        [
            (base, _ListHandler, options),
            (rf"{base}/([^/]+)/indices", _IndicesHandler, options),
            (rf"{base}/([^/]+)/({operations})", _OperationHandler, options),
            (rf"{base}/([^/]+)/pit/([^/]+)", _PointInTimeHandler, options),
        ]
    )


async def serve(read: Callable[[], Connections]) -> None:
    """Serve until the process is asked to end."""
    from jupyterhub.services.auth import HubAuth

    log = logging.getLogger(LOG)
    known = read()
    for error in known.errors:
        log.error("%s", error)
    for warning in warn_of_http(known.connections):
        log.warning("%s", warning)
    hub = HubAuth(cache_max_age=BELIEVED)
    gateway = Gateway(read, log, shared=True)
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX") or address.path or "/"
    server = HTTPServer(
        create_application(prefix, gateway, hub, read), max_buffer_size=LARGEST_BODY + (1 << 16)
    )
    server.listen(address.port or 80, address.hostname or "127.0.0.1")
    log.info("Workload Explorer's gateway to Elasticsearch listens at %s", prefix)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()
    server.stop()
    await gateway.close()
    await server.close_all_connections()


def main(arguments: list[str]) -> int:
    """The command ``elasticsearch-service``; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m jupyterlab_workload_explorer elasticsearch-service",
        description="The gateway to Elasticsearch as a service of JupyterHub.",
    )
    parser.add_argument(
        "--config",
        type=Path,
        help="file of connections with their groups; otherwise those of the site file",
    )
    path: Path | None = parser.parse_args(arguments).config
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        print(
            f"Not set: {', '.join(missing)}. Let JupyterHub start this as a service with a url.",
            file=sys.stderr,
        )
        return 2
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger(LOG).setLevel(logging.INFO)
    # Addresses and indices of every request are nobody's business, nor are handles.
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    site = SiteFile()

    def read() -> Connections:
        return read_connections(site) if path is None else read_file(path, "site")

    if path is not None and not path.is_file():
        print(f"There is no file {path}. Name the file of connections.", file=sys.stderr)
        return 2
    try:
        asyncio.run(serve(read))
    except ImportError as error:
        print(f"The package {error.name} is missing. Install jupyterhub.", file=sys.stderr)
        return 2
    return 0
