"""Starts, lists and stops gathers for the panel."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..elasticsearch.connections import ConnectionProblem, find_connection
from ..info_handler import AUTH_RESOURCE, extras
from ..request_texts import LONGEST, ROOT_PREFIX, is_argument
from ..rooted_files import NotServed, Outside, resolve
from ..site_file import SiteFile
from .jobs import JobProblem, Jobs, Wanted

T = TypeVar("T")

#: The user's key of pseudonyms, in Jupyter's configuration folder.
KEY_NAME = "workload-pseudonyms.key"

SHAPES = ("long", "wide")

#: Name of a dataset's manifest, and what a first run may leave without one.
MANIFEST = "_manifest.json"
UNFINISHED = (".gather", f"{MANIFEST}.tmp")


def jobs_folder() -> Path:
    """Where this user's jobs are kept."""
    return Path(jupyter_data_dir()) / "workload-explorer" / "gather"


class _Handler(APIHandler):
    auth_resource = AUTH_RESOURCE

    def initialize(self, site: SiteFile) -> None:
        super().initialize()
        self._site = site

    def compute_etag(self) -> str | None:
        return None  # how far a job is changes by itself

    @property
    def jobs(self) -> Jobs:
        """The jobs of this server, which remembers its processes."""
        known: Jobs = self.settings.setdefault("workload_gather_jobs", Jobs(jobs_folder()))
        return known

    async def run(self, call: Callable[[], T]) -> T | None:
        """Do something with files, apart from the server's loop; a problem becomes the answer."""
        try:
            return await asyncio.get_running_loop().run_in_executor(None, call)
        except JobProblem as problem:
            self.set_status(problem.status)
            self.finish({"message": str(problem), "reason": None})
        except OSError as error:
            self.set_status(500)
            reason = error.strerror or type(error).__name__
            self.finish({"message": f"The job cannot be kept: {reason}.", "reason": None})
        return None


class JobsHandler(_Handler):
    """``GET`` and ``POST workload-explorer/gather``"""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """All jobs of this user, the latest first."""
        jobs = await self.run(self.jobs.list)
        if jobs is not None:
            self.finish({"jobs": jobs})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Start a job; the answer has its id."""
        body = self.get_json_body()
        name = await self.run(lambda: self.jobs.start(self._wanted(body)))
        if name is not None:
            self.set_status(201)
            self.finish({"id": name})

    def _wanted(self, body: Any) -> Wanted:
        missing = extras()["gather"]
        if not missing["available"]:
            raise JobProblem(
                501, f"This server cannot gather yet. Somebody has to run {missing['install']}."
            )
        if not isinstance(body, dict):
            raise JobProblem(400, "The request is no JSON object.")
        connection = _text(body, "connection")
        try:
            find_connection(connection, self._site)
        except ConnectionProblem as problem:
            raise JobProblem(404, str(problem)) from problem
        index = _text(body, "index")
        shape = body.get("shape", "long")
        if shape not in SHAPES:
            raise JobProblem(400, "The shape is long or wide.")
        mapping = body.get("mapping", {})
        if not isinstance(mapping, dict):
            raise JobProblem(400, "The mapping is an object of roles.")
        if not all(role.isidentifier() for role in mapping):
            raise JobProblem(400, "A role is a name without spaces and signs.")
        folder = _text(body, "folder").removesuffix("/")
        return Wanted(
            connection=connection,
            index=index,
            folder=folder,
            out=str(self._target(folder)),
            columns=_names(body, "columns"),
            # A key of several columns has no place on the command line; gather finds its own.
            mapping=tuple(
                (role, columns[0]) for role in mapping if len(columns := _names(mapping, role)) == 1
            ),
            shape=shape,
            distill=body.get("distill") is True,
            zone=_text(body, "zone") if body.get("distill") is True else "UTC",
            keep=_names(body, "keep"),
            pseudonymise=_names(body, "pseudonymise"),
            key_file=str(_key_file()) if body.get("pseudonymise") else "",
        )

    def _target(self, folder: str) -> Path:
        """The folder on disk: below the server's root, or in a data root."""
        if folder.startswith(ROOT_PREFIX):
            name, _, path = folder.removeprefix(ROOT_PREFIX).partition("/")
            root = self._site.read().data_root(name)
            if root is None or root.path is None:
                raise JobProblem(404, f'There is no data root "{name}" for this user.')
            base = root.path
        else:
            path = folder.removeprefix("/")
            base = Path(self.settings["server_root_dir"]).expanduser()
        if path == "":
            raise JobProblem(400, "Name a folder for the dataset, in which nothing else is.")
        try:
            target = resolve(base, path, bool(self.contents_manager.allow_hidden))
        except Outside as error:
            raise JobProblem(
                403, f"“{folder}” leads out of what this server serves. Choose a folder in it."
            ) from error
        except NotServed as error:
            raise JobProblem(
                400, f"“{folder}” is hidden, so it could not be opened. Choose another folder."
            ) from error
        if target.exists() and not target.is_dir():
            raise JobProblem(400, f"“{folder}” is a file. Choose another folder.")
        if _is_foreign(target):
            raise JobProblem(
                400,
                f"“{folder}” has other files in it. Choose a new folder, or one that was gathered.",
            )
        return target


class JobHandler(_Handler):
    """``DELETE workload-explorer/gather/<id>``"""

    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        """Stop a job that runs, or take one that has ended out of the list."""

        def call() -> bool:
            self.jobs.remove(name)
            return True

        if await self.run(call):
            self.set_status(204)
            self.finish()


class ResumeHandler(_Handler):
    """``POST workload-explorer/gather/<id>/resume``"""

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        """Go on with a job that has ended."""

        def call() -> bool:
            self.jobs.resume(name)
            return True

        if await self.run(call):
            self.set_status(204)
            self.finish()


def _is_foreign(folder: Path) -> bool:
    """Whether a folder holds other things than a dataset; a run that was killed early left none."""
    if not folder.is_dir() or (folder / MANIFEST).is_file():
        return False
    return any(one.name not in UNFINISHED for one in folder.iterdir())


def _key_file() -> Path:
    """The user's key of pseudonyms, made when it is first needed.

    The same key gives the same pseudonyms, so that datasets can be compared and brought up to date.
    """
    path = Path(jupyter_config_dir()) / KEY_NAME
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or value == "" or len(value) > LONGEST or not is_argument(value):
        raise JobProblem(400, f"“{key}” has to be a text.")
    return value


def _names(body: dict[str, Any], key: str) -> tuple[str, ...]:
    value = body.get(key, [])
    if (
        not isinstance(value, list)
        or len(value) > LONGEST
        or not all(isinstance(one, str) and 0 < len(one) <= LONGEST for one in value)
        # They go into lists on a command line.
        or any(mark in one for one in value for mark in ",=")
        or not all(is_argument(one) for one in value)
    ):
        raise JobProblem(400, f"“{key}” has to be a list of names without commas.")
    return tuple(value)


#: Patterns below ``workload-explorer/``, and their handlers.
ROUTES: list[tuple[str, type[_Handler]]] = [
    ("gather", JobsHandler),
    ("gather/([^/]+)", JobHandler),
    ("gather/([^/]+)/resume", ResumeHandler),
]
