"""Held and fetched rows that are too many for the memory, put together on disk.

Rows are laid into temporary files such that those that belong together (the same rows, groups of a
day, records of a process) meet in one file. A file that is still too large for the memory is
divided again. Each small one is put together and written in order; these are merged, few at a time.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa

from .by_time import ByTime
from .multiset import Compared, Union
from .rows_file import RowsFile
from .values import sorted_rows

#: Bytes of rows that are put together in memory, and how many these may be.
BYTES, ROWS = 12 * 1024 * 1024, 50_000

#: Files that rows are divided into at a time, and rows that are laid into them at a time.
FILES, ADDED = 16, 8_000

#: Divisions after which rows that are still together belong together.
DEEPEST = 12

#: Files in order that are read at a time.
MERGED = 32

#: The column that says whether rows were in the dataset before.
HELD = "\0held"

_NAME = "spilled"


class Together(Protocol):
    """What puts rows together: see :class:`.rows.Rows`, and :class:`.wide.WideRows`."""

    @property
    def schema(self) -> pa.Schema: ...
    @property
    def order(self) -> list[str]: ...
    def meeting(self, table: pa.Table) -> Iterable[int]: ...
    def put_together(self, table: pa.Table) -> Union: ...


class Spill:
    """Rows in temporary files of a folder, as long as it is entered; one at a time in a folder."""

    def __init__(self, folder: Path, rows: Together) -> None:
        self._folder = folder
        self._rows = rows
        self._number = itertools.count()
        # Dictionaries differ from table to table; the files are compressed.
        self._schema = pa.schema(
            [
                pa.field(field.name, field.type.value_type)
                if pa.types.is_dictionary(field.type)
                else field
                for field in rows.schema
            ]
        )
        self._with_held = self._schema.append(pa.field(HELD, pa.bool_()))
        self._files: list[RowsFile] = []
        self._readers: list[_Sorted] = []
        self._in_order = ByTime(iter(()), None)

    def __enter__(self) -> Spill:
        self._files = self._make(FILES)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for reader in self._readers:
            reader.close()
        for file in self._files:
            file.close(quietly=True)
        for path in self._folder.glob(f"{_NAME}-*.tmp"):
            path.unlink()

    def add(self, table: pa.Table, held: bool) -> None:
        """Add rows; ``held`` ones were in the dataset before."""
        for first in range(0, table.num_rows, ADDED):
            some = table.slice(first, ADDED).cast(self._schema)
            flags = pa.array([held] * some.num_rows)
            self._divide(some.append_column(HELD, flags), self._files, 0)

    def put_together(self) -> Compared:
        """Put rows together. Returns how those that were held and the others compare."""
        _release()
        files, self._files = self._files, []
        compared = Compared()
        runs: list[Path] = []
        for path, more in self._made(files, 1):
            compared += more
            runs.append(path)
        while len(runs) > MERGED:
            runs = [
                self._merged(runs[first : first + MERGED]) for first in range(0, len(runs), MERGED)
            ]
        _release()
        order = self._rows.order
        self._readers = [_Sorted(path, order) for path in runs]
        self._in_order = ByTime(_in_order(self._readers, order), order[0])
        return compared

    def take(self, end: int | None) -> Iterator[pa.Table]:
        """The rows before an instant in milliseconds, but for those taken before, in order.

        To be read to its end before the next call.
        """
        for table in self._in_order.take(end):
            yield table.cast(self._rows.schema)

    def _make(self, number: int) -> list[RowsFile]:
        return [RowsFile(self._name(), self._with_held) for _ in range(number)]

    def _name(self) -> Path:
        return self._folder / f"{_NAME}-{next(self._number)}.tmp"

    def _divide(self, table: pa.Table, files: list[RowsFile], level: int) -> None:
        where: list[list[int]] = [[] for _ in files]
        for row, number in enumerate(self._rows.meeting(table)):
            # Other files than those that came together before.
            where[_mixed(number + level) % len(files)].append(row)
        for file, chosen in zip(files, where, strict=True):
            if chosen:
                file.add(table.take(pa.array(chosen, pa.int64())))

    def _made(self, files: list[RowsFile], level: int) -> Iterator[tuple[Path, Compared]]:
        """Files of rows that are put together, in order, and how these compare."""
        for file in files:
            file.close()
            if file.rows == 0:
                file.path.unlink()
                continue
            parts = max(-(-file.bytes // BYTES), -(-file.rows // ROWS))
            if parts == 1 or level > DEEPEST:
                found = self._rows.put_together(pa.concat_tables(file.read()))
                file.path.unlink()
                table = sorted_rows(found.table.cast(self._schema), self._rows.order)
                yield self._written(iter([table])), found.compared
                continue
            # Not all get as many.
            finer = self._make(min(FILES, 2 * parts))
            for some in file.read():
                self._divide(some, finer, level)
            file.path.unlink()
            yield from self._made(finer, level + 1)

    def _written(self, tables: Iterator[pa.Table]) -> Path:
        """A file of rows in order."""
        file = RowsFile(self._name(), self._schema)
        for table in tables:
            file.add(table)
        file.close()
        return file.path

    def _merged(self, paths: list[Path]) -> Path:
        """One file of several."""
        readers = [_Sorted(path, self._rows.order) for path in paths]
        try:
            return self._written(_in_order(readers, self._rows.order))
        finally:
            for reader in readers:
                reader.close()
            for path in paths:
                path.unlink()


def _in_order(readers: list[_Sorted], order: list[str]) -> Iterator[pa.Table]:
    """The rows of several files in order, some of each at a time."""
    while left := [(last, reader) for reader in readers if (last := reader.last()) is not None]:
        # What any file has after its rows in memory is not before the last of these.
        bound = min(last for last, _ in left)
        yield sorted_rows(pa.concat_tables([reader.take(bound) for _, reader in left]), order)


#: What a row is ordered by: whether each value is missing, and the value.
_Key = tuple[tuple[bool, Any], ...]


class _Sorted:
    """Rows of a file in order, a batch of it in memory."""

    def __init__(self, path: Path, order: list[str]) -> None:
        self._file = pa.OSFile(str(path))
        self._reader = pa.ipc.open_stream(self._file)
        self._order = order
        self._table: pa.Table | None = None
        self._keys: list[pa.ChunkedArray] = []
        self._at = 0

    def last(self) -> _Key | None:
        """What the last row in memory is ordered by; ``None`` where all rows were taken."""
        while self._table is None or self._at == self._table.num_rows:
            try:
                self._table = pa.Table.from_batches([self._reader.read_next_batch()])
            except StopIteration:
                self._table = None
                return None
            self._at = 0
            self._keys = [_plain(self._table.column(name)) for name in self._order]
        return self._key(self._table.num_rows - 1)

    def take(self, bound: _Key) -> pa.Table:
        """The rows in memory up to a key."""
        assert self._table is not None
        begin = self._at
        rows = range(self._table.num_rows)
        self._at = bisect_right(rows, bound, lo=begin, key=self._key)
        return self._table.slice(begin, self._at - begin)

    def close(self) -> None:
        """Leave the file."""
        self._reader.close()
        self._file.close()

    def _key(self, row: int) -> _Key:
        values = [column[row].as_py() for column in self._keys]
        # Where two rows are equal up to a value, both lack it, or both have one to compare.
        return tuple((value is None, 0 if value is None else value) for value in values)


def _release() -> None:
    """Give memory back that was taken for reading, before other things need it."""
    pa.default_memory_pool().release_unused()


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column


def _mixed(number: int) -> int:
    """64 bits that depend on all of a number's."""
    number = (number ^ (number >> 31)) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    number = (number ^ (number >> 29)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return number ^ (number >> 32)
