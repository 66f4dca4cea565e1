"""A bundle as one file."""

from __future__ import annotations

import gzip
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def archive(bundle: Path, name: str, target: Path) -> Iterator[None]:
    """Write a bundle as ``tar.gz``, which gets its name when the block has ended.

    The same bundle gives the same bytes: the archive has no times, and no owners. ``name`` is the
    folder in it. Where something fails, what was there before stays.
    """
    descriptor, draft = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            with (
                gzip.GzipFile("", "wb", 9, file, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as members,
            ):
                for path in [bundle, *sorted(bundle.rglob("*"))]:
                    below = path.relative_to(bundle).as_posix()
                    inside = name if below == "." else f"{name}/{below}"
                    members.add(path, inside, recursive=False, filter=_plain)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        yield
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member
