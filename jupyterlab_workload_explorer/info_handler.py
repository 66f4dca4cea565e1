"""Tells the panel what this server has."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from . import __version__
from .dashboard.voila_guard import VoilaGuard
from .site_file import DataRoot, SiteFile

AUTH_RESOURCE = "workload_explorer"

#: What each pip extra brings, by the modules that have to be there.
EXTRAS: dict[str, tuple[str, ...]] = {
    "elasticsearch": ("elasticsearch", "aiohttp"),
    "gather": ("elasticsearch", "pyarrow"),
    "runs": ("papermill",),
    "dashboard": ("voila", "pyarrow"),
}


def extras() -> dict[str, dict[str, Any]]:
    """Each pip extra: whether it can be used, which modules are missing, what installs them."""
    answer: dict[str, dict[str, Any]] = {}
    for name, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        answer[name] = {
            "available": not missing,
            "missing": missing,
            "install": f'pip install "jupyterlab-workload-explorer[{name}]"',
        }
    return answer


def is_there(root: DataRoot) -> bool:
    """Whether a data root's folder is there for this user; may take as long as a file system."""
    try:
        return root.path is not None and root.path.is_dir()
    except OSError:
        return False


class InfoHandler(APIHandler):
    """``GET workload-explorer/info``"""

    auth_resource = AUTH_RESOURCE

    def initialize(self, site: SiteFile, voila: VoilaGuard) -> None:
        super().initialize()
        self._site = site
        self._voila = voila

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Version of this half, its extras, the names of the data roots, and what the site sets."""
        site = self._site.read()
        # A shared file system that hangs must not stop the server.
        there = await asyncio.gather(
            *(asyncio.to_thread(is_there, root) for root in site.data_roots)
        )
        self.finish(
            {
                "version": __version__,
                "extras": extras(),
                "data_roots": [
                    {
                        "name": root.name,
                        "description": root.description,
                        "available": available,
                    }
                    for root, available in zip(site.data_roots, there, strict=True)
                ],
                "environments": list(site.environments),
                "roles": site.roles,
                "voila": self._voila.status(),
                "site": {
                    "path": None if site.path is None else str(site.path),
                    "errors": list(site.errors),
                },
            }
        )
