"""Mode and group of the files of a dataset, as the site file says."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ..site_file import SiteFile
from .problem import GatherProblem


@dataclass(frozen=True)
class Access:
    """Who may read a dataset. ``None`` leaves it to the process: its umask, its group."""

    mode: int | None = None
    group: int | None = None

    @staticmethod
    def of_site() -> Access:
        """What the site file says under ``files``. Raises GatherProblem for an unknown group."""
        files = SiteFile().read().files or {}
        mode, name = files.get("mode"), files.get("group")
        return Access(None if mode is None else int(mode, 8), None if name is None else _id(name))

    def give(self, path: Path) -> None:
        """Set mode and group of a file or a folder, where they differ. Raises GatherProblem.

        A folder can be entered by whoever may read the files in it.
        """
        status = path.stat()
        mode = self.mode
        if mode is not None and stat.S_ISDIR(status.st_mode):
            mode |= (mode & 0o444) >> 2 | 0o300
        try:
            if self.group is not None and status.st_gid != self.group:
                os.chown(path, -1, self.group)
            if mode is not None and stat.S_IMODE(path.stat().st_mode) & 0o777 != mode:
                path.chmod(mode)
        except PermissionError as error:
            raise GatherProblem(
                f"{path} cannot be given the mode and the group of the site file "
                f"({error.strerror}). Run gather as its owner, who has to be in that group."
            ) from None

    def give_all(self, folder: Path, files: list[Path]) -> None:
        """Set them for a dataset: its folder, those of its months, and its files."""
        if self.mode is None and self.group is None:
            return
        folders = {folder, *(file.parent for file in files)}
        for path in [*sorted(folders), *files]:
            if path.exists():
                self.give(path)
        # What is not part of the dataset is its owner's alone.
        work = folder / ".gather"
        if self.mode is not None and work.is_dir():
            work.chmod(0o700)


def _id(name: str) -> int:
    try:
        import grp

        return grp.getgrnam(name).gr_gid
    except (ImportError, KeyError):
        raise GatherProblem(
            f'There is no group "{name}", which the site file names for files. '
            "Correct the site file."
        ) from None
