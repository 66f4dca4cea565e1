"""Tells JupyterLab's preview what ran in its page."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from .preview_runs import PreviewRuns, owner_of

AUTH_RESOURCE = "workload_explorer"


class PreviewHandler(APIHandler):
    """``GET workload-explorer/preview/ID``"""

    auth_resource = AUTH_RESOURCE

    def initialize(self, runs: PreviewRuns) -> None:
        super().initialize()
        self._runs = runs

    @web.authenticated
    @authorized
    def get(self, name: str) -> None:
        """The cells that ran, the kernel, and how far the page is.

        404 until Voilà has begun with it, and for everybody but the user who asked for the page.
        """
        run = self._runs.get(owner_of(self), name)
        if run is None:
            raise web.HTTPError(404, reason="Voilà has not begun with this preview.")
        self.set_header("Cache-Control", "no-store")
        self.finish(run.to_json())
