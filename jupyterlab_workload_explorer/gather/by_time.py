"""Rows in order of time, read once, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

_INT64 = 2**63 - 1


def instant(kind: pa.DataType, milliseconds: int) -> int:
    """An instant as the times of a type count it, of those that they can have the nearest one."""
    counted = milliseconds * (1_000_000 if kind.unit == "ns" else 1)
    return max(-_INT64, min(counted, _INT64))


class ByTime:
    """Rows of tables that come one after the other, by the column ``time``.

    Rows without a time belong to those before them: they stand at the end of the slice that has
    them, as the time of their documents did not fit.
    """

    def __init__(self, tables: Iterator[pa.Table], time: str | None) -> None:
        self._tables = tables
        self._time = time
        self._rest: pa.Table | None = None

    def take(self, end: int | None) -> Iterator[pa.Table]:
        """The rows before an instant in milliseconds, but for those taken before; all for ``None``.

        To be read to its end before the next call.
        """
        while True:
            table, self._rest = self._rest, None
            if table is None:
                table = next(self._tables, None)
            if table is None:
                return
            if end is None:
                yield table
                continue
            column = table.column(self._time)
            behind = pc.greater_equal(column.cast(pa.int64()), instant(column.type, end))
            first = pc.index(behind, True).as_py()
            before = table.num_rows if first < 0 else first
            if before > 0:
                yield table.slice(0, before)
            if before < table.num_rows:
                self._rest = table.slice(before)
                return
