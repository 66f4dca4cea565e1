"""Paths as the panel has them, and on disk."""

from __future__ import annotations

import os
from pathlib import Path

from ...request_texts import ROOT_PREFIX
from ...site_file import SiteFile


class PathProblem(Exception):
    """A path that leads nowhere, as a sentence."""


class ServerPaths:
    """Paths below the server's root, ``root:name/…`` in a data root, or from ``/`` on on its disk.

    Who publishes writes to places that the file browser does not show, and may do so: it is done
    as the user.
    """

    def __init__(self, root: Path, site: SiteFile) -> None:
        self._root, self._site = Path(os.path.normpath(root.absolute())), site

    def on_disk(self, path: str) -> Path:
        """A path of the panel on disk. Raises ``PathProblem``."""
        if path.startswith(ROOT_PREFIX):
            name, _, inner = path.removeprefix(ROOT_PREFIX).partition("/")
            root = self._site.read().data_root(name)
            if root is None or root.path is None:
                raise PathProblem(f"There is no data root “{name}” for this user.")
            return self._inside(root.path, inner, path)
        if path.startswith("/"):
            return Path(os.path.normpath(path))
        if path.startswith("~"):
            try:
                return Path(os.path.normpath(Path(path).expanduser()))
            except RuntimeError:
                raise PathProblem(f"“{path}” is nobody's home folder.") from None
        return self._inside(self._root, path, path)

    def shown(self, path: Path) -> str:
        """A path on disk as the panel has it: below the server's root where it is."""
        for root in (self._root, self._root.resolve()):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return path.as_posix()

    @staticmethod
    def _inside(base: Path, inner: str, told: str) -> Path:
        found = Path(os.path.normpath(base / inner))
        if not found.is_relative_to(os.path.normpath(base)):
            raise PathProblem(f"“{told}” leads out of its folder. Write it from / on.")
        return found
