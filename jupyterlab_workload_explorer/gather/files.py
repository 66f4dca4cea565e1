"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .problem import GatherProblem


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_whole(path: Path, data: bytes, give: Callable[[Path], None] | None = None) -> None:
    """Write a file under another name, see that it is on disk, and give it its name.

    ``give`` sets who may read it, before it has its name.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if give is not None:
            give(temporary)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk_problem(error, path) from None
    sync_folder(path.parent)


def disk_problem(error: OSError, path: Path) -> GatherProblem:
    """What an error of the disk means for who started the gather."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return GatherProblem(
            f"There is no room left for {path.name} ({error.strerror}). Nothing half-written is "
            "visible. Make room, and run gather again: it goes on where it stopped."
        )
    return GatherProblem(
        f"{path} cannot be written ({error.strerror}). See to it, and run gather again."
    )


class Sink:
    """A file to be written, with its length and SHA-256 counted on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bytes = 0
        self.closed = False
        self._given_up = False
        self._hash = hashlib.sha256()
        self._file = path.open("wb")

    @property
    def sha256(self) -> str:
        """The checksum of what has been written."""
        return self._hash.hexdigest()

    def write(self, data: Any) -> int:
        """Write bytes."""
        if self._given_up:
            return len(data)
        self._file.write(data)
        self._hash.update(data)
        self.bytes += len(data)
        return len(data)

    def tell(self) -> int:
        """The position."""
        return self.bytes

    def flush(self) -> None:
        """Hand what is buffered to the system."""
        self._file.flush()

    def close(self) -> None:
        """See that everything is on disk, and close."""
        if self.closed:
            return
        self.closed = True
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def give_up(self) -> None:
        """Take what is still to come, and write nothing of it."""
        self._given_up = True
        self.closed = True
        with contextlib.suppress(OSError):
            self._file.close()

    def readable(self) -> bool:
        """No."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """No."""
        return False


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return (
            hashlib.file_digest(file, "sha256").hexdigest()
            if hasattr(hashlib, "file_digest")
            else _digest(file)
        )


def _digest(file: Any) -> str:
    found = hashlib.sha256()
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()
