"""Connects the handlers with a Jupyter server."""

from typing import Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join

from .dashboard.preview_handler import PreviewHandler
from .dashboard.publish.handlers import ROUTES as PUBLISH_ROUTES
from .dashboard.publish.publishings import Publishings
from .dashboard.voila_guard import VoilaGuard
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
    _voila: VoilaGuard | None = None
    _publishings: Publishings | None = None

    def _link_jupyter_server_extension(self, serverapp: Any) -> None:
        """Guard Voilà, too: all extensions are linked before any is loaded."""
        super()._link_jupyter_server_extension(serverapp)
        self._voila = VoilaGuard(SiteFile(log=serverapp.log), serverapp.log)
        self._voila.link()

    def initialize_handlers(self) -> None:
        """Add our handlers to the server application."""
        self._publishings = Publishings()
        self._gateway = load(self.serverapp, self._voila, self._publishings)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Look whether the guard holds, now that all extensions are loaded."""
        if self._voila is not None:
            self._voila.secure()

    async def stop_extension(self) -> None:
        """Leave nothing open in Elasticsearch, and nothing half published."""
        if self._publishings is not None:
            await self._publishings.close()
        if self._gateway is not None:
            await self._gateway.close()


def load(
    server_app: Any,
    voila: VoilaGuard | None = None,
    publishings: Publishings | None = None,
) -> Gateway:
    """Add our handlers to a server application; the gateway is to be closed with it."""
    web_app = server_app.web_app
    site = SiteFile(log=server_app.log)
    options = {"site": site}
    voila = voila or VoilaGuard(site, server_app.log)
    publishings = publishings or Publishings()
    voila.watch(web_app)
    gateway = Gateway(lambda: read_connections(site), server_app.log)

    def route(pattern: str) -> str:
        return url_path_join(web_app.settings["base_url"], NAMESPACE, pattern)

    web_app.add_handlers(
        ".*$",
        [
            (route("info"), InfoHandler, {"site": site, "voila": voila}),
            (route("preview/([A-Za-z0-9_-]{1,64})"), PreviewHandler, {"runs": voila.runs}),
            (route("data/([^/]+)/(.*)"), DataHandler, options),
            (route("list/([^/]+)(?:/(.*))?"), ListHandler, options),
            *((route(pattern), handler, {"gateway": gateway}) for pattern, handler in ROUTES),
            *((route(pattern), handler, options) for pattern, handler in GATHER_ROUTES),
            *(
                (route(pattern), handler, options | {"publishings": publishings})
                for pattern, handler in PUBLISH_ROUTES
            ),
        ],
    )
    # A mistake in the site file is said when the server starts, not when somebody opens a panel.
    site.read()
    server_app.log.info("Workload Explorer's server extension is loaded.")
    return gateway
