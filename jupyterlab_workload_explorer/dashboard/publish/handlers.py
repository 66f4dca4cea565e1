"""Lists, publishes and takes back dashboards for the panel."""

from __future__ import annotations

import asyncio
import hashlib
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ...info_handler import AUTH_RESOURCE, extras
from ...request_texts import LONGEST, is_argument
from ...site_file import SiteFile
from ..arguments import role_and_column
from ..verify.hosts import Hosts
from ..verify.problem import VerifyProblem
from .manifest import PAGE
from .problem import PublishUsage, Stopped, disk_sentence
from .publishings import IsPublished, Publishings
from .server_paths import PathProblem, ServerPaths
from .shelf import Entry, Shelf
from .state import state_of
from .versions import Versions

T = TypeVar("T")


class RequestProblem(Exception):
    """What is wrong with a request, as a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Handler(APIHandler):
    auth_resource = AUTH_RESOURCE

    def initialize(self, site: SiteFile, publishings: Publishings) -> None:
        super().initialize()
        self._site, self._publishings = site, publishings
        self._shelf = Shelf()

    def compute_etag(self) -> str | None:
        return None  # how far a publishing is changes by itself

    @property
    def paths(self) -> ServerPaths:
        """Paths of the panel on this server's disk."""
        return ServerPaths(Path(self.settings["server_root_dir"]).expanduser(), self._site)

    async def run(self, call: Callable[[], T]) -> T:
        """Do something with files, apart from the server's loop."""
        return await asyncio.get_running_loop().run_in_executor(None, call)

    def refuse(self, status: int, problem: object) -> None:
        """Answer with a sentence."""
        self.set_status(status)
        self.finish({"message": str(problem), "reason": None})

    async def entry(self, name: str) -> Entry | None:
        """The dashboard of an id; answers where there is none."""
        for one in await self.run(self._shelf.list):
            if id_of(one) == name:
                return one
        self.refuse(404, "This dashboard is not in the list any more.")
        return None


def id_of(entry: Entry) -> str:
    """What a bundle is called in addresses."""
    return hashlib.sha256(entry.out.encode()).hexdigest()[:16]


class DashboardsHandler(_Handler):
    """``GET`` and ``POST workload-explorer/dashboards``"""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """All dashboards that this user has published, with their states, the last one first."""
        running, paths = self._publishings.running(), self.paths

        def describe() -> list[dict[str, Any]]:
            return [_describe(one, paths, running.get(one.out)) for one in self._shelf.list()]

        self.finish({"dashboards": await self.run(describe)})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Publish a compiled notebook; the answer has the publishing's id."""
        try:
            out, arguments = await self.run(lambda: self._arguments(self.get_json_body()))
            home = self._shelf.folder()
            name = await self._publishings.start(out, arguments, home)
        except RequestProblem as problem:
            self.refuse(problem.status, problem)
        except (PathProblem, PublishUsage) as problem:
            self.refuse(400, problem)
        except IsPublished:
            self.refuse(409, f"{out} is being published. Wait until that has ended, or cancel it.")
        except OSError as error:
            self.refuse(500, f"Publishing cannot be started: {error.strerror or error}.")
        else:
            self.set_status(201)
            self.finish({"id": name})

    def _arguments(self, body: Any) -> tuple[Path, list[str]]:
        """Where it goes, and the command line of what is asked."""
        missing = extras()["dashboard"]
        if not missing["available"]:
            raise RequestProblem(
                501, f"This server cannot publish yet. Somebody has to run {missing['install']}."
            )
        if not isinstance(body, dict):
            raise RequestProblem(400, "The request is no JSON object.")
        paths = self.paths
        out = Versions(paths.on_disk(_text(body, "out"))).out
        notebook = paths.on_disk(_text(body, "notebook"))
        options = [f"--out={out}", f"--audience={_text(body, 'audience')}"]
        for key, option in (("raw", "raw"), ("by_reference", "by-reference"), ("data", "data")):
            options += [f"--{option}={paths.on_disk(one)}" for one in _texts(body, key)]
        options += [f"--map={one}" for one in _mapped(_texts(body, "map"))]
        options += [f"--accept-only={one}" for one in _texts(body, "accept_only")]
        options += [f"--allow-host={one}" for one in _addresses(_texts(body, "allowed_hosts"))]
        for key in ("image", "kernel", "accept"):
            if body.get(key):
                options.append(f"--{key}={_text(body, key)}")
        for key in ("k", "timeout"):
            if body.get(key) is not None:
                options.append(f"--{key}={_number(body, key)}")
        for key, option in (("archive", "archive"), ("compiled_with", "compiled-with")):
            if body.get(key):
                options.append(f"--{option}={paths.on_disk(_text(body, key))}")
        if body.get("page") is True:
            options.append("--page")
        return out, [*options, "--", str(notebook)]


class PublishingHandler(_Handler):
    """``GET`` and ``DELETE workload-explorer/dashboards/publishing/<id>``"""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """How far a publishing is."""
        one = self._publishings.get(name)
        if one is None:
            self.refuse(404, "The server has forgotten this: it was started again. Publish again.")
            return
        self.set_header("Cache-Control", "no-store")
        self.finish(one.to_json())

    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        """End a publishing; what was published before stays."""
        await self._publishings.cancel(name)
        self.set_status(204)
        self.finish()


class DashboardHandler(_Handler):
    """``DELETE workload-explorer/dashboards/<id>``"""

    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        """Take a dashboard out of the list; nothing that is published is touched."""
        entry = await self.entry(name)
        if entry is not None:
            try:
                await self.run(lambda: self._shelf.forget(Path(entry.out)))
            except OSError as error:
                self.refuse(500, disk_sentence(error))
                return
            self.set_status(204)
            self.finish()


class RollbackHandler(_Handler):
    """``POST workload-explorer/dashboards/<id>/rollback``"""

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        """Show the good version before the one that is shown."""
        entry = await self.entry(name)
        if entry is None:
            return
        try:
            message = await self.run(lambda: self._back(Path(entry.out)))
        except (PublishUsage, Stopped) as problem:
            self.refuse(409, problem)
        except OSError as error:
            self.refuse(500, disk_sentence(error))
        else:
            self.finish({"message": message})

    def _back(self, out: Path) -> str:
        versions = Versions(out)
        with versions.hold():
            version = versions.back()
        message = f"version {version.name} is shown again"
        self._shelf.went_back(versions.out, message)
        return message


class PageHandler(_Handler):
    """``GET workload-explorer/dashboards/<id>/page``"""

    @property
    def content_security_policy(self) -> str:
        """An origin of its own, as Jupyter has it for files: it can ask nothing of this server.

        What may run in it the page itself says.
        """
        return "frame-ancestors 'self'; sandbox allow-scripts allow-popups"

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """The static page of what is published; versions are hidden, so ``files/`` has none."""
        entry = await self.entry(name)
        if entry is None:
            return
        try:
            text = await self.run((Path(entry.out) / PAGE).read_bytes)
        except OSError as error:
            self.refuse(404, f"There is no page of it: {error.strerror}. Publish it again.")
            return
        self.set_header("Cache-Control", "no-store")
        self.finish(text, set_content_type="text/html; charset=utf-8")


def _describe(entry: Entry, paths: ServerPaths, running: str | None) -> dict[str, Any]:
    state = state_of(entry)
    manifest = state.manifest or {}
    asked = dict(entry.asked)
    for key in ("raw", "by_reference", "data"):
        asked[key] = [paths.shown(Path(one)) for one in asked.get(key, ())]
    if asked.get("compiled_with"):
        asked["compiled_with"] = paths.shown(Path(asked["compiled_with"]))
    return {
        "id": id_of(entry),
        "out": paths.shown(Path(entry.out)),
        "source": None if entry.source is None else paths.shown(Path(entry.source)),
        "state": state.state,
        "why": list(state.why),
        "versions": state.versions,
        "created": manifest.get("created"),
        "audience": manifest.get("audience"),
        "parameters": bool(manifest.get("parameters")),
        "page": any(one["path"] == PAGE for one in manifest.get("files", ())),
        "asked": asked,
        "tried": entry.when,
        "publishing": running,
    }


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > LONGEST
        or not is_argument(value)
    ):
        raise RequestProblem(400, f"“{key}” has to be a text.")
    return value


def _texts(body: dict[str, Any], key: str) -> list[str]:
    value = body.get(key) or []
    if not isinstance(value, list) or len(value) > LONGEST:
        raise RequestProblem(400, f"“{key}” has to be a list of texts.")
    return [_text({key: one}, key) for one in value]


def _mapped(texts: list[str]) -> list[str]:
    """What is said of columns and their roles, if the command line understands it."""
    try:
        for one in texts:
            role_and_column(one)
    except ArgumentTypeError as problem:
        raise RequestProblem(400, str(problem)) from None
    return texts


def _addresses(texts: list[str]) -> list[str]:
    """Hosts and ports, if they are some that can be connected to from here."""
    try:
        Hosts.read(texts)
    except VerifyProblem as problem:
        raise RequestProblem(400, str(problem)) from None
    return texts


def _number(body: dict[str, Any], key: str) -> int | float:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RequestProblem(400, f"“{key}” has to be a number.")
    return value


#: Patterns below ``workload-explorer/``, and their handlers.
ROUTES: list[tuple[str, type[_Handler]]] = [
    ("dashboards", DashboardsHandler),
    ("dashboards/publishing/([0-9a-f]+)", PublishingHandler),
    ("dashboards/([0-9a-f]+)", DashboardHandler),
    ("dashboards/([0-9a-f]+)/page", PageHandler),
    ("dashboards/([0-9a-f]+)/rollback", RollbackHandler),
]
