"""Files below a folder, and nothing else: no path and no link leads out of it.

What is allowed is what the operating system allows the server's user; these functions only take
away from that.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

#: With these, the opening of a path can be held to what was checked, component by component.
_HELD = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")

#: Opens a folder on the way; where the system can, also one that may be passed but not read.
_ON_THE_WAY = (
    getattr(os, "O_PATH", os.O_RDONLY)
    | getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class Outside(Exception):
    """The path, or a link on it, leads out of the root."""


class NotServed(Exception):
    """There is something, but nothing that is served: a hidden file, a device, a pipe."""


@dataclass(frozen=True)
class Entry:
    """A file or folder in a listing; ``name`` is relative to the folder that was listed."""

    name: str
    is_folder: bool
    size: int
    modified: float


@dataclass(frozen=True)
class Listing:
    """What a folder holds.

    ``left_out`` counts links that lead out of the root and folders that may not be read;
    ``truncated`` says that there is more than the limit.
    """

    entries: tuple[Entry, ...]
    left_out: int
    truncated: bool


def split(path: str, allow_hidden: bool = False) -> tuple[str, ...]:
    """The components of a path as it stands in an address, after decoding.

    Raises ``Outside`` where a component could mean another place than a name in its folder, and
    ``NotServed`` for hidden ones. A slash at the end is left out.
    """
    if path == "":
        return ()
    parts = tuple(path.removesuffix("/").split("/"))
    separators = {os.sep, os.altsep} - {None, "/"}
    for part in parts:
        if (
            part in ("", os.curdir, os.pardir)
            or "\0" in part
            or any(separator in part for separator in separators)
            or (os.name == "nt" and ":" in part)
        ):
            raise Outside(path)
        if part.startswith(".") and not allow_hidden:
            raise NotServed(path)
    return parts


def resolve(root: Path, path: str, allow_hidden: bool = False) -> Path:
    """Where a path below the root really is, all links followed; it need not exist.

    Raises ``Outside``, or ``NotServed`` for what is hidden, also behind a link.
    """
    parts = split(path, allow_hidden)
    base = os.path.realpath(root)
    real = os.path.realpath(os.path.join(base, *parts))  # noqa: PTH118
    return Path(base, *_below(base, real, allow_hidden))


def _below(base: str, real: str, allow_hidden: bool) -> tuple[str, ...]:
    """The components of a real path below a real folder."""
    try:
        # Starts with ".." for all that is not below, which `split` refuses.
        relative = os.path.relpath(real, base)
    except ValueError as error:  # another drive
        raise Outside(real) from error
    return () if relative == os.curdir else split(relative.replace(os.sep, "/"), allow_hidden)


@contextmanager
def _opened(root: Path, real: Path, flags: int) -> Iterator[int]:
    """Open what ``resolve`` found, even if somebody puts a link there in between."""
    base = os.path.realpath(root)
    parts = _below(base, str(real), allow_hidden=True)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not _HELD:
        descriptor = os.open(real, flags)
        try:
            _below(base, os.path.realpath(real), allow_hidden=True)
            if not os.path.samestat(os.fstat(descriptor), real.stat()):
                raise Outside(str(real))
            yield descriptor
        finally:
            os.close(descriptor)
        return
    flags |= os.O_NOFOLLOW
    descriptor = os.open(base, _ON_THE_WAY if parts else flags)
    try:
        for place, part in enumerate(parts, start=1):
            # A real path has no links: one that is there now was put there since, and is refused.
            wanted = flags if place == len(parts) else _ON_THE_WAY
            try:
                below = os.open(part, wanted, dir_fd=descriptor)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.EMLINK):
                    raise Outside(str(real)) from error
                raise
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_file(root: Path, path: str, allow_hidden: bool = False) -> Iterator[int]:
    """Open a regular file below the root for reading, as a file descriptor.

    Raises ``Outside``, ``NotServed``, or the ``OSError`` of opening it; ``IsADirectoryError`` for a
    folder.
    """
    real = resolve(root, path, allow_hidden)
    with _opened(root, real, os.O_RDONLY) as descriptor:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(mode):
            raise NotServed(path)
        yield descriptor


def look_up(root: Path, path: str, allow_hidden: bool = False) -> Entry:
    """A file or folder below the root, named by its path.

    Raises as ``open_file``, except that folders are right.
    """
    real = resolve(root, path, allow_hidden)
    status = real.lstat()
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise NotServed(path)
    return _entry(path, status)


def _entry(name: str, status: os.stat_result) -> Entry:
    is_folder = stat.S_ISDIR(status.st_mode)
    return Entry(name, is_folder, 0 if is_folder else status.st_size, status.st_mtime)


def list_folder(
    root: Path,
    path: str,
    *,
    recursive: bool = False,
    suffix: str = "",
    limit: int = 10_000,
    allow_hidden: bool = False,
) -> Listing:
    """What a folder holds, folders among it; with ``recursive`` the files of all folders below.

    Sorted by name, by code point; ``suffix`` chooses files by the end of their name. A folder is
    listed once, however many links lead to it, so that links in circles come to an end.
    """
    entries: list[Entry] = []
    left_out = 0
    seen: set[Path] = set()
    # Each: real path, and name in the listing. The last one is the next.
    waiting: list[tuple[Path, str]] = [(resolve(root, path, allow_hidden), "")]
    while waiting:
        folder, prefix = waiting.pop()
        if folder in seen:
            continue
        seen.add(folder)
        folders: list[tuple[Path, str]] = []
        try:
            for name, found in _scan(root, folder, allow_hidden):
                if found is None:
                    left_out += 1
                    continue
                real, status = found
                is_folder = stat.S_ISDIR(status.st_mode)
                if is_folder and recursive:
                    folders.append((real, f"{prefix}{name}/"))
                elif is_folder or name.endswith(suffix):
                    if len(entries) == limit:
                        return _listing(entries, left_out, truncated=True)
                    entries.append(_entry(f"{prefix}{name}", status))
        except PermissionError:
            if not prefix:
                raise
            left_out += 1
        waiting.extend(reversed(folders))
    return _listing(entries, left_out, truncated=False)


def _scan(
    root: Path, folder: Path, allow_hidden: bool
) -> Iterator[tuple[str, tuple[Path, os.stat_result] | None]]:
    """Files and folders in a real folder, by name, each with its real path and state.

    ``None`` stands for a link that leads out of the root. What is hidden, gone, or neither a file
    nor a folder is left out.
    """
    with _opened(root, folder, os.O_RDONLY) as descriptor:
        with os.scandir(descriptor if _HELD else folder) as scan:
            items = sorted(scan, key=lambda item: item.name)
        for item in items:
            if item.name.startswith(".") and not allow_hidden:
                continue
            try:
                if item.is_symlink():
                    inside = folder.relative_to(os.path.realpath(root)) / item.name
                    real = resolve(root, inside.as_posix(), allow_hidden)
                    status = real.lstat()
                else:
                    real, status = folder / item.name, item.stat(follow_symlinks=False)
            except Outside:
                yield item.name, None
                continue
            except (NotServed, OSError):
                continue
            if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
                yield item.name, (real, status)


def _listing(entries: list[Entry], left_out: int, truncated: bool) -> Listing:
    return Listing(tuple(sorted(entries, key=lambda entry: entry.name)), left_out, truncated)


def utc(seconds: float) -> str:
    """A time since the epoch in RFC 3339, in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")
