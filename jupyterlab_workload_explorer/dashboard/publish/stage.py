"""The draft of a bundle: the notebook, and of the data what it reads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..verify.report import Report
from .manifest import NOTEBOOK, sha256_of
from .paths import in_folder
from .problem import Finding, Stopped
from .source import Source


class Stage:
    """A draft in a folder of its own.

    Data of the same content are there once, under several names where they have some (hard links),
    also together with the version that is shown: files of bundles are never changed. ``known`` has
    that version's files by their hashes.
    """

    def __init__(self, folder: Path, known: Mapping[str, Path]) -> None:
        self.folder = folder
        self._known = known
        self._placed: dict[str, Path] = {}
        self._links: set[Path] = set()
        #: Data in the bundle, by their paths in it.
        self.copied: list[str] = []

    @property
    def notebook(self) -> Path:
        """The notebook in the draft."""
        return self.folder / NOTEBOOK

    def tidy(self) -> None:
        """Remove what runs have left: nobody has searched it, and readers' runs write nothing."""
        own = {NOTEBOOK, *self.copied}
        for file in [one for one in self.folder.rglob("*") if one.is_file() or one.is_symlink()]:
            name = file.relative_to(self.folder).as_posix()
            if name not in own and file not in self._links:
                file.unlink()

    def write(self, name: str, text: str, *, program: bool = False) -> None:
        """Write a file of the bundle's own."""
        path = self.folder / name
        if path.exists() or path.is_symlink():
            raise Stopped(
                f"The dashboard reads a file {name}, and the bundle has one of its own of that "
                "name. Give yours another name."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if program:
            path.chmod(0o755)

    def link(self, at: PurePosixPath, target: Path) -> None:
        """Lead a path of the notebook to data that stay where they are."""
        path = self.folder / at
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target, target_is_directory=target.is_dir())
        self._links.add(path)

    def copy(self, folder: Path, names: Iterable[str]) -> None:
        """Copy files of the notebook's folder, by their paths in it."""
        for name in names:
            if name == NOTEBOOK:
                raise Stopped(
                    f"The dashboard reads {NOTEBOOK} in its folder, which is the name of the "
                    "notebook in the bundle. Give that file another name."
                )
            self._copy(folder / name, name)

    def _copy(self, source: Path, name: str) -> None:
        target = self.folder / name
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = sha256_of(source)
        for there in (self._placed.get(digest), self._known.get(digest)):
            if there is not None and _link(there, target, digest):
                break
        else:
            shutil.copyfile(source, target)
        self._placed.setdefault(digest, target)
        self.copied.append(name)


def _link(there: Path, target: Path, digest: str) -> bool:
    """Give a file one more name, if it still is what it was; not every file system can."""
    try:
        if sha256_of(there) != digest:
            return False
        os.link(there, target)
    except OSError:
        return False
    return True


def files_read(report: Report, notebook: Path, data: Sequence[Path]) -> list[str]:
    """Paths of the files that a verified notebook reads, in its folder.

    ``data`` are files and folders of it that somebody has named, for where nobody saw it.

    Raises ``Stopped`` where they are not known, or are no longer there.
    """
    folder = notebook.resolve().parent
    named = sorted({name for path in data for name in _named(path, folder)})
    if report.files is None and not data and _may_read(folder, notebook):
        raise Stopped(
            "Which files the dashboard reads was not seen on this machine. Install strace, or name "
            "them: --data PATH."
        )
    read = [one["path"] for one in report.files or () if one["kind"] == "bundle"]
    sources = {_source_of(name) for name in read if (folder / name) != notebook.resolve()}
    for name in sorted(sources):
        if not (folder / name).is_file():
            raise Stopped(
                "A file that the dashboard read is no longer there. Publish again.",
                [Finding("file-gone", "It was read, and is gone, or has a strange name.", name)],
            )
    links = {link for link, _ in _links(folder, sources)}
    return sorted({*sources, *links, *named})


def _may_read(folder: Path, notebook: Path) -> bool:
    """Whether there is anything in the folder but the notebook."""
    return any(one.resolve() != notebook.resolve() for one in folder.iterdir())


def _named(path: Path, folder: Path) -> Iterator[str]:
    name = in_folder(path, folder)
    if name is None:
        return
    top = folder / name
    if not top.is_dir():
        yield name.as_posix()
    for above, _, names in os.walk(top):
        for one in names:
            yield (Path(above) / one).relative_to(folder).as_posix()


def _source_of(name: str) -> str:
    """The source of a module of which only the bytecode was read."""
    path = PurePosixPath(name)
    if path.suffix == ".pyc" and path.parent.name == "__pycache__":
        return (path.parent.parent / f"{path.name.partition('.')[0]}.py").as_posix()
    return name


def _links(folder: Path, sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Other names of files that were read: links beside them and above, such as “latest”.

    A run is seen by the files that it ends at, and the notebook names the links.
    """
    wanted = {(folder / name).resolve(): name for name in sources}
    around = {above for name in wanted.values() for above in (folder / name).parents}
    for place in sorted(around):
        if not place.is_relative_to(folder):
            continue
        for entry in sorted(place.iterdir()):
            if not entry.is_symlink():
                continue
            target, name = entry.resolve(), entry.relative_to(folder).as_posix()
            # A link that leads up and back in again names everything once more.
            above = folder.is_relative_to(target)
            if target in wanted:
                yield name, wanted[target]
            for file, path in wanted.items():
                if file != target and file.is_relative_to(target) and not above:
                    yield f"{name}/{file.relative_to(target).as_posix()}", path


def write_notebook(stage: Stage, source: Source) -> None:
    """Put the notebook into the draft."""
    stage.notebook.write_text(source.text(), encoding="utf-8")
