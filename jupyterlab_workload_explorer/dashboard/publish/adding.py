"""Data that are put where a bundle reads them: hidden until they are checked, then each at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...gather.files import sync_folder
from .lock import locked
from .problem import PublishUsage, Stopped
from .references import Reference, read_reference

#: How names begin that are there only meanwhile. Patterns of shells leave them out; some readers'
#: patterns do not, so they end as no data do.
_HIDDEN = ".check-data-"
_COPY = ".tmp"
_LOCK = "lock"


@dataclass(frozen=True)
class Copy:
    """A file as it will be, under a hidden name beside its place, which nobody else may read.

    Attributes:
        file: the copy.
        mode: who may do what with it when it is put: as with the one that it replaces, or as with
            what its user makes.
    """

    file: Path
    mode: int


@dataclass(frozen=True)
class Adding:
    """Files that are to be put into a folder.

    Attributes:
        folder: the folder, resolved.
        files: where each is now, by the name that it will have.
    """

    folder: Path
    files: Mapping[str, Path]

    @contextmanager
    def copied(self) -> Iterator[dict[Path, Copy]]:
        """Copies that are on disk, by their places; those that are not put are gone afterwards.

        What somebody has left who was killed is gone, too. Raises OSError, and ``Stopped`` where
        somebody else adds to the folder.
        """
        with ExitStack() as held:
            lock = self.folder / f"{_HIDDEN}{_LOCK}"
            try:
                held.enter_context(_alone(lock))
            except BlockingIOError:
                raise Stopped(
                    f"Somebody else adds data to {self.folder}. Wait until that has ended."
                ) from None
            held.callback(_remove, lock)
            self._clean()
            held.callback(self._clean)
            yield {
                self.folder / name: _copy(file, hidden, self.folder / name)
                for name, file, hidden in self._hidden()
            }

    def _hidden(self) -> Iterator[tuple[str, Path, Path]]:
        for number, (name, file) in enumerate(self.files.items()):
            yield name, file, self.folder / f"{_HIDDEN}{number}{_COPY}"

    def _clean(self) -> None:
        for one in self.folder.glob(f"{_HIDDEN}*{_COPY}"):
            _remove(one)

    def put(self, copies: Mapping[Path, Copy]) -> list[Path]:
        """Give copies their names, one by one, each at once; returns those that were there before.

        A link of such a name is replaced; what it leads to stays as it was.

        Raises OSError where nothing was put, and ``Stopped`` where not all could be.
        """
        for one in copies.values():
            with one.file.open("rb") as file:
                os.fchmod(file.fileno(), one.mode)
                os.fsync(file.fileno())
        before = [place for place in copies if os.path.lexists(place)]
        done: list[str] = []
        try:
            for place, one in copies.items():
                one.file.replace(place)
                done.append(place.as_posix())
            sync_folder(self.folder)
        except OSError as error:
            if not done:
                raise
            raise Stopped(
                f"{error.filename or self.folder} cannot be written ({error.strerror}). These are "
                f"there, checked and whole: {', '.join(done)}. See to it, and add all again."
            ) from None
        return before


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that is removed by who held it. Raises OSError; BlockingIOError if it is held."""
    with locked(lock, wait=False) as file:
        # Opened before somebody else removed it, and locked after that, it is not what others see.
        try:
            ours = os.path.samestat(os.fstat(file.fileno()), lock.stat())
        except FileNotFoundError:
            ours = False
        if not ours:
            raise BlockingIOError
        yield


def _copy(file: Path, hidden: Path, place: Path) -> Copy:
    with file.open("rb") as source, hidden.open("xb") as target:
        mode = os.fstat(target.fileno()).st_mode
        os.fchmod(target.fileno(), 0o600)
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
    if place.is_file():
        mode = place.stat().st_mode
    return Copy(hidden, stat.S_IMODE(mode))


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink()


def adding(
    files: Sequence[Path], referenced: Sequence[Mapping[str, Any]], to: Path | None
) -> Adding:
    """What adding files to one of a bundle's references means.

    ``referenced`` is what the manifest has of them; ``to`` says which, where there are several.

    Raises ``PublishUsage``.
    """
    references = [read_reference(one) for one in referenced]
    reference = _chosen(references, to)
    is_folder = referenced[references.index(reference)]["kind"] == "folder"
    folder = reference.path.resolve() if is_folder else reference.path.parent.resolve()
    if not folder.is_dir():
        raise PublishUsage(
            f"There is no folder {folder}, where the dashboard reads data. See that it is mounted."
        )
    if not is_folder and len(files) > 1:
        raise PublishUsage(
            f"The dashboard reads one file, {reference.path}. Name the one that is to replace it."
        )
    _check_sources(files, references)
    named: dict[str, Path] = {}
    for file in files:
        name = file.name if is_folder else reference.path.name
        if name in named:
            raise PublishUsage(f"Two of the files are called “{name}”. Add one of them.")
        if is_folder and name.startswith("."):
            raise PublishUsage(f"“{name}” is hidden, and not read. Give it another name.")
        if (folder / name).is_dir():
            raise PublishUsage(f"{folder / name} is a folder. Give the file another name.")
        named[name] = file
    return Adding(folder, named)


def _chosen(references: Sequence[Reference], to: Path | None) -> Reference:
    if not references:
        raise PublishUsage(
            "The dashboard reads no data where they are. Publish it again with what is new, or "
            "with --by-reference."
        )
    if to is None:
        found = list(references)
    else:
        there = to.resolve()
        found = [one for one in references if one.path.resolve() == there or str(one.at) == str(to)]
    if len(found) == 1 or (found and len({one.path.resolve() for one in found}) == 1):
        return found[0]
    paths = ", ".join(str(one.path) for one in references)
    raise PublishUsage(f"Say which data these are added to: --to PATH, one of {paths}.")


def _check_sources(files: Sequence[Path], references: Sequence[Reference]) -> None:
    """Raises ``PublishUsage`` unless each is a file that the dashboard does not read yet."""
    read = set()
    for reference in references:
        for _, file in reference.files():
            with contextlib.suppress(FileNotFoundError):
                read.add(_identity(file))
    for file in files:
        if file.is_dir():
            raise PublishUsage(f"“{file}” is a folder. Name its files: --add {file}/*")
        if not file.is_file():
            raise PublishUsage(f"There is no file “{file}”. Check the path.")
        if _identity(file) in read:
            raise PublishUsage(
                f"“{file}” is where the dashboard reads it, so readers may have seen it already. "
                "Check it without --add, and write what is new elsewhere."
            )


def _identity(file: Path) -> tuple[int, int]:
    """What a file is told by, whatever its names."""
    found = file.stat()
    return found.st_dev, found.st_ino
