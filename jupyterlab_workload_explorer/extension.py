"""Connects the handlers with a Jupyter server."""

from typing import Any

from jupyter_server.utils import url_path_join

from .data_handlers import DataHandler, ListHandler
from .info_handler import InfoHandler
from .site_file import SiteFile

NAMESPACE = "workload-explorer"


def load(server_app: Any) -> None:
    """Add our handlers to a server application."""
    web_app = server_app.web_app
    site = SiteFile(log=server_app.log)
    options = {"site": site}

    def route(pattern: str) -> str:
        return url_path_join(web_app.settings["base_url"], NAMESPACE, pattern)

    web_app.add_handlers(
        ".*$",
        [
            (route("info"), InfoHandler, options),
            (route("data/([^/]+)/(.*)"), DataHandler, options),
            (route("list/([^/]+)(?:/(.*))?"), ListHandler, options),
        ],
    )
    # A mistake in the site file is said when the server starts, not when somebody opens a panel.
    site.read()
    server_app.log.info("Workload Explorer's server extension is loaded.")
