"""Connects the handlers with a Jupyter server."""

from typing import Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join

from .data_handlers import DataHandler, ListHandler
from .elasticsearch.connections import read_connections
from .elasticsearch.gateway import Gateway
from .elasticsearch.handlers import ROUTES
from .gather.handlers import ROUTES as GATHER_ROUTES
from .info_handler import InfoHandler
from .site_file import SiteFile

NAMESPACE = "workload-explorer"


class WorkloadExplorerExtension(ExtensionApp):
    """The server half; an application, because only these are told when the server stops."""

    name = "jupyterlab_workload_explorer"

    _gateway: Gateway | None = None

    def initialize_handlers(self) -> None:
        """Add our handlers to the server application."""
        self._gateway = load(self.serverapp)

    async def stop_extension(self) -> None:
        """Leave nothing open in Elasticsearch."""
        if self._gateway is not None:
            await self._gateway.close()


def load(server_app: Any) -> Gateway:
    """Add our handlers to a server application; the gateway is to be closed with it."""
    web_app = server_app.web_app
    site = SiteFile(log=server_app.log)
    options = {"site": site}
    gateway = Gateway(lambda: read_connections(site), server_app.log)

    def route(pattern: str) -> str:
        return url_path_join(web_app.settings["base_url"], NAMESPACE, pattern)

    web_app.add_handlers(
        ".*$",
        [
            (route("info"), InfoHandler, options),
            (route("data/([^/]+)/(.*)"), DataHandler, options),
            (route("list/([^/]+)(?:/(.*))?"), ListHandler, options),
            *((route(pattern), handler, {"gateway": gateway}) for pattern, handler in ROUTES),
            *((route(pattern), handler, options) for pattern, handler in GATHER_ROUTES),
        ],
    )
    # A mistake in the site file is said when the server starts, not when somebody opens a panel.
    site.read()
    server_app.log.info("Workload Explorer's server extension is loaded.")
    return gateway
