"""A lock on a file, which ends with its process whatever becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def locked(file: Path, *, wait: bool) -> Iterator[TextIO]:
    """Keep others from holding the same file, which is open meanwhile.

    Raises OSError; BlockingIOError unless it waits.
    """
    # Windows has none; servers there load what is around this.
    import fcntl

    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock
