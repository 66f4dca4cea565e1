"""The versions of a bundle, and the link that leads to the one that is shown.

``OUT`` is a symbolic link to ``.OUT.versions/NUMBER-DIGEST``. A version is written beside the
others, and gets its name when it is whole and on disk; then the link is replaced by another. So
whoever opens ``OUT`` finds a whole version, whatever is killed and whenever. Versions with a number
above that of the link were never shown, or were taken back: they are not good.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .lock import locked
from .manifest import is_intact, read_manifest
from .problem import PublishUsage, Stopped

#: Good versions that are kept, the one that is shown among them.
KEPT = 5

_VERSION = re.compile(r"(\d{4,})-[0-9a-f]{12}")
_DRAFT = "tmp-"


class Versions:
    """Versions of the bundle ``out``.

    Raises ``PublishUsage`` where something else stands there.
    """

    def __init__(self, out: Path) -> None:
        if not out.name or out.name == "..":
            raise PublishUsage(f"--out {out} has no name. Name a folder: --out DIR.")
        above = out.absolute().parent
        if not above.is_dir():
            raise PublishUsage(f"There is no folder {above}. Make it, or name another --out.")
        self.out = above.resolve() / out.name
        self.folder = self.out.with_name(f".{out.name}.versions")
        if self.out.is_symlink():
            ours = self.out.readlink().parent == Path(self.folder.name)
        else:
            ours = not self.out.exists()
        if not ours:
            raise PublishUsage(
                f"{out} is there, and was not published by this. Name another folder, or move it "
                "away."
            )

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep others from publishing here; drafts are gone before and afterwards.

        Raises ``Stopped`` where another one does.
        """
        self.folder.mkdir(exist_ok=True)
        with ExitStack() as held:
            try:
                held.enter_context(locked(self.folder / "lock", wait=False))
            except BlockingIOError:
                raise Stopped(
                    f"{self.out} is being published. Wait until that has ended."
                ) from None
            self._clean()
            held.callback(self._clean)
            yield

    def _clean(self) -> None:
        for one in self.folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(one, ignore_errors=True)

    def new(self) -> Path:
        """A folder for a version, which is removed unless it is put."""
        return Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.folder))

    @property
    def current(self) -> Path | None:
        """The version that is shown."""
        if not self.out.is_symlink():
            return None
        found = self.folder / self.out.readlink().name
        return found if found.is_dir() and _VERSION.fullmatch(found.name) else None

    def good(self) -> list[Path]:
        """Versions that were shown and not taken back, the oldest first."""
        current = self.current
        last = _number(current) if current else 0
        return [one for one in self._all() if _number(one) <= last]

    def _all(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        found = [one for one in self.folder.iterdir() if _VERSION.fullmatch(one.name)]
        return sorted(found, key=_number)

    def put(self, draft: Path, digest: str) -> Path:
        """Show a version that is whole; ``digest`` is that of its manifest."""
        good = self.good()
        for one in self._all():
            if one not in good:
                self._remove(one)
        _make_last(draft)
        number = _number(good[-1]) + 1 if good else 1
        name = f"{number:04}-{digest.removeprefix('sha256:')[:12]}"
        version = draft.rename(self.folder / name)
        _sync(self.folder)
        self._show(version)
        for one in self.good()[:-KEPT]:
            self._remove(one)
        return version

    def _show(self, version: Path) -> None:
        place = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.folder))
        link = place / "link"
        link.symlink_to(Path(self.folder.name) / version.name, target_is_directory=True)
        link.replace(self.out)
        _sync(self.out.parent)
        place.rmdir()

    def _remove(self, version: Path) -> None:
        """Remove a version; half of one would be taken for a good one, so it loses its name."""
        place = self.new()
        shutil.rmtree(version.rename(place / version.name), ignore_errors=True)

    def back(self) -> Path:
        """Show the good version before this one. Raises ``Stopped`` where there is none."""
        for one in reversed(self.good()[:-1]):
            if is_intact(one):
                self._show(one)
                return one
        raise Stopped(f"There is no good version before what {self.out} shows. Publish again.")

    def known(self) -> dict[str, Path]:
        """Files of the version that is shown, by their hash as it was when they were written."""
        current = self.current
        if current is None:
            return {}
        manifest = read_manifest(current) or {}
        return {one["sha256"]: current / one["path"] for one in manifest.get("files", ())}


def _number(version: Path) -> int:
    return int(version.name.partition("-")[0])


def _make_last(draft: Path) -> None:
    """Put all of a draft on disk, as readable as what its user makes, and not to be changed."""
    mask = os.umask(0)
    os.umask(mask)
    for folder, _, files in os.walk(draft):
        for name in files:
            file = Path(folder) / name
            if file.is_symlink():
                continue
            run = 0o111 if file.stat().st_mode & 0o100 else 0
            file.chmod((0o444 | run) & ~mask)
            _sync(file)
        Path(folder).chmod(0o777 & ~mask)
        _sync(Path(folder))


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
