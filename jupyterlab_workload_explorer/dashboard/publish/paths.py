"""Paths of what is published, with their links as they are."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath


def whole_path(path: Path) -> Path:
    """A path from the root on, with its links as they are."""
    return Path(os.path.normpath(path.absolute()))


def in_folder(path: Path, folder: Path) -> PurePosixPath | None:
    """The name of a path below a folder, ``None`` where it is not in it.

    A link counts by where it is, not by where it leads: a notebook names the link.
    """
    top = whole_path(path)
    for one in (top, top.parent.resolve() / top.name):
        if one.is_relative_to(folder):
            return PurePosixPath(one.relative_to(folder).as_posix())
    return None
