"""Lines of text, and how often each is there, in a temporary file: there may be many."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .files import disk_problem

#: Kilobytes of the file that are in memory.
CACHE = 4_096


class LineCounts:
    """Counts lines by a hash of 64 bits; the file is there from the first line on.

    Raises GatherProblem where the disk does not take it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None

    def add(self, lines: Iterable[str]) -> None:
        """Count lines."""
        numbers = [(_number(line),) for line in lines]
        if not numbers:
            return
        self._run(
            "INSERT INTO lines VALUES (?, 1) ON CONFLICT (line) DO UPDATE SET often = often + 1",
            numbers,
        )

    def take(self, line: str) -> bool:
        """Whether a line is there; it is there once less then."""
        if self._database is None:
            return False
        where = [(_number(line),)]
        return self._run("UPDATE lines SET often = often - 1 WHERE line = ? AND often > 0", where)

    def clear(self) -> None:
        """Forget all lines."""
        if self._database is not None:
            self._run("DELETE FROM lines", [()])

    def close(self) -> None:
        """Remove the file."""
        if self._database is not None:
            self._database.close()
            self._database = None
        self._path.unlink(missing_ok=True)

    def _run(self, statement: str, values: list[tuple[Any, ...]]) -> bool:
        """Run a statement for each of some values. Returns whether a row has changed."""
        try:
            if self._database is None:
                self._database = self._open()
            if len(values) == 1:
                return self._database.execute(statement, values[0]).rowcount > 0
            return self._database.executemany(statement, values).rowcount > 0
        except sqlite3.Error as error:
            number = errno.ENOSPC if "full" in str(error) else errno.EIO
            raise disk_problem(OSError(number, str(error)), self._path) from None

    def _open(self) -> sqlite3.Connection:
        # Nobody else opens it, and network file systems may have no locks.
        database = sqlite3.connect(
            f"{self._path.resolve().as_uri()}?nolock=1", uri=True, isolation_level=None
        )
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            f"PRAGMA cache_size = -{CACHE}",
            "CREATE TABLE lines (line INTEGER PRIMARY KEY, often INTEGER NOT NULL)",
            # All in one transaction, so that what fits the memory stays there.
            "BEGIN",
        ):
            database.execute(statement)
        return database


def _number(line: str) -> int:
    hashed = hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed, "big", signed=True)
