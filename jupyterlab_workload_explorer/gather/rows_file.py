"""Temporary files of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from .files import disk_problem

#: Bytes of rows that are read from a file at a time.
AT_ONCE = 256 * 1024


class RowsFile:
    """A temporary file of rows, written and then read; ``bytes`` are those of its rows in memory.

    Raises GatherProblem where the disk does not take it.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.bytes = self.rows = 0
        try:
            self._writer: Any = pa.ipc.new_stream(
                str(path), schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
            )
        except OSError as error:
            raise disk_problem(error, path) from None

    def add(self, table: pa.Table) -> None:
        """Write rows."""
        length = table.nbytes
        self.bytes += length
        self.rows += table.num_rows
        rows = max(1, AT_ONCE * table.num_rows // max(1, length))
        try:
            self._writer.write_table(table, max_chunksize=rows)
        except OSError as error:
            raise disk_problem(error, self.path) from None

    def close(self, quietly: bool = False) -> None:
        """End the writing."""
        try:
            self._writer.close()
        except OSError as error:
            if not quietly:
                raise disk_problem(error, self.path) from None

    def read(self) -> Iterator[pa.Table]:
        """The rows, some at a time."""
        with pa.OSFile(str(self.path)) as source, pa.ipc.open_stream(source) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch])
