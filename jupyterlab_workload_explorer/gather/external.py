"""Held and fetched rows of a slice too large for the memory, put together on disk.

Rows are laid into temporary files by what they hold, so that the same rows meet in one file; each
file is small enough to be put together in memory, and all are merged in order.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .files import disk_problem
from .multiset import rows_of
from .rows import Rows
from .values import sorted_rows

#: Rows of a temporary file, about, and of all files at a time while they are merged.
TOGETHER = 20_000

#: Most temporary files: each is open all the time.
MOST_FILES = 256

_HELD = "\0held"


class ExternalUnion:
    """The union of held and fetched rows, as :meth:`Rows.together` makes it."""

    def __init__(self, folder: Path, rows: Rows, documents: int) -> None:
        self.lacking = 0
        self._rows = rows
        # Dictionaries differ from table to table; the files are compressed.
        self._schema = pa.schema(
            [
                pa.field(one.name, one.type.value_type) if pa.types.is_dictionary(one.type) else one
                for one in rows.schema
            ]
        )
        number = min(MOST_FILES, documents // TOGETHER + 1)
        self._paths = [folder / f"union-{number}.tmp" for number in range(number)]
        self._open: list[Any] = []
        with_held = self._schema.append(pa.field(_HELD, pa.bool_()))
        self._writers = [self._writer(path, with_held) for path in self._paths]

    def __enter__(self) -> ExternalUnion:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._open:
            with contextlib.suppress(OSError):
                one.close()
        for path in self._paths:
            path.unlink(missing_ok=True)

    def add(self, table: pa.Table, held: bool) -> None:
        """Add rows; ``held`` ones were in the dataset before."""
        if table.num_rows == 0:
            return
        table = table.cast(self._schema)
        names = [name for name in table.schema.names if name != self._rows.weight]
        where: list[list[int]] = [[] for _ in self._writers]
        for index, row in enumerate(rows_of(table, names)):
            where[hash(row) % len(where)].append(index)
        table = table.append_column(_HELD, pa.array([held] * table.num_rows))
        for writer, path, chosen in zip(self._writers, self._paths, where, strict=True):
            if chosen:
                try:
                    writer.write_table(table.take(pa.array(chosen, pa.int64())))
                except OSError as error:
                    raise disk_problem(error, path) from None

    def rows(self) -> Iterator[pa.Table]:
        """All rows in order; ``lacking`` then has the documents that were only held."""
        readers = []
        for writer, path in zip(self._writers, self._paths, strict=True):
            try:
                writer.close()
                with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
                    table = reader.read_all()
                held = table.column(_HELD)
                old = table.filter(held).drop_columns([_HELD]).cast(self._rows.schema)
                new = table.drop_columns([_HELD]).filter(_not(held)).cast(self._rows.schema)
                both, lacking = self._rows.together(old, new)
                self.lacking += lacking
                again = self._writer(path, self._schema)
                both = sorted_rows(both.cast(self._schema), self._rows.order)
                again.write_table(both, max_chunksize=max(64, TOGETHER // len(self._paths)))
                again.close()
            except OSError as error:
                raise disk_problem(error, path) from None
            readers.append(_Sorted(path, self._rows.order))
            self._open.append(readers[-1])
        while left := [reader for reader in readers if reader.load()]:
            # What any file has after its rows in memory is not before the last of these.
            bound = min(reader.keys[-1] for reader in left)
            taken = pa.concat_tables([reader.take(bound) for reader in left])
            yield sorted_rows(taken, self._rows.order).cast(self._rows.schema)

    def _writer(self, path: Path, schema: pa.Schema) -> Any:
        try:
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            writer = pa.ipc.new_stream(str(path), schema, options=options)
        except OSError as error:
            raise disk_problem(error, path) from None
        self._open.append(writer)
        return writer


class _Sorted:
    """Rows of a file in order, a batch at a time, with what they are ordered by."""

    def __init__(self, path: Path, order: list[str]) -> None:
        self.keys: list[Any] = []
        self._order = order
        self._table: pa.Table | None = None
        self._file = pa.OSFile(str(path))
        self._reader = pa.ipc.open_stream(self._file)

    def load(self) -> bool:
        """Have rows in memory, if there are any left."""
        while self._table is None or self._table.num_rows == 0:
            try:
                self._table = pa.Table.from_batches([self._reader.read_next_batch()])
            except StopIteration:
                return False
            self.keys = _keys(self._table, self._order)
        return True

    def take(self, bound: Any) -> pa.Table:
        """The rows in memory up to a key."""
        assert self._table is not None
        place = bisect_right(self.keys, bound)
        taken, self._table = self._table.slice(0, place), self._table.slice(place)
        self.keys = self.keys[place:]
        return taken

    def close(self) -> None:
        """Leave the file."""
        self._reader.close()
        self._file.close()


def _keys(table: pa.Table, order: list[str]) -> list[Any]:
    """What rows are ordered by, missing values last."""
    columns = []
    for name in order:
        column = table.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        columns.append([(value is None, value) for value in column.to_pylist()])
    # Values of rows that are equal up to there are both missing, or comparable.
    return [
        tuple((missing, 0 if missing else value) for missing, value in row)
        for row in zip(*columns, strict=True)
    ]


def _not(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.invert(column)
