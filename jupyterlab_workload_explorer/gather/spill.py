"""Temporary files of rows, so that those of a process come together in bounded memory.

Rows are laid into files by a digest of their process. A file that is still too large for the memory
is divided by further digits of it. Each small one is put together and written in order of time;
these are merged, few at a time.
"""

from __future__ import annotations

import contextlib
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from .files import disk_problem
from .values import sorted_rows

#: Bytes of rows that are put together in memory.
BYTES = 12 * 1024 * 1024

#: Files that rows are divided into at a time, and bits of a digest that say which.
FILES, BITS = 16, 4

#: Divisions after which rows that are still together belong to the same process.
DEEPEST = 12

#: Files in order that are read at a time, and bytes of each of them that are in memory.
MERGED, AT_ONCE = 32, 256 * 1024

#: The column that says whether rows were in the dataset before.
HELD = "\0held"


class Processes(Protocol):
    """What makes rows of processes: see :class:`.wide.WideRows`."""

    process: str

    @property
    def schema(self) -> pa.Schema: ...
    @property
    def order(self) -> list[str]: ...
    def processes(self, table: pa.Table) -> tuple[pa.Table, int]: ...


class Spill:
    """Rows of a month, in temporary files of a folder."""

    def __init__(self, folder: Path, rows: Processes) -> None:
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
        self._files = self._make(FILES)
        self._readers: list[_Sorted] = []

    def add(self, table: pa.Table, held: bool) -> None:
        """Add rows; ``held`` ones were in the dataset before."""
        if table.num_rows > 0:
            table = table.cast(self._schema)
            flags = pa.array([held] * table.num_rows)
            self._divide(table.append_column(HELD, flags), self._files, 0)

    def put_together(self) -> int:
        """Make rows of processes. Returns how many pairs with packages only held rows have."""
        files, self._files = self._files, []
        lacking = 0
        runs: list[Path] = []
        for path, more in self._made(files, 1):
            lacking += more
            runs.append(path)
        while len(runs) > MERGED:
            runs = [
                self._merged(runs[first : first + MERGED]) for first in range(0, len(runs), MERGED)
            ]
        self._readers = [_Sorted(path, self._rows.order[0]) for path in runs]
        return lacking

    def take(self, end: int | None) -> pa.Table:
        """The rows before an instant in milliseconds, but for those taken before, by time."""
        tables = [table for reader in self._readers for table in reader.take(end)]
        if not tables:
            return self._rows.schema.empty_table()
        table = sorted_rows(pa.concat_tables(tables), self._rows.order)
        return table.cast(self._rows.schema)

    def close(self) -> None:
        """Remove the files."""
        for reader in self._readers:
            reader.close()
        for file in self._files:
            file.close(quietly=True)
        for path in self._folder.glob("processes-*.tmp"):
            path.unlink()

    def _make(self, number: int) -> list[_File]:
        return [_File(self._name(), self._with_held) for _ in range(number)]

    def _name(self) -> Path:
        return self._folder / f"processes-{next(self._number)}.tmp"

    def _divide(self, table: pa.Table, files: list[_File], level: int) -> None:
        keys = table.column(self._rows.process).to_pylist()
        times = table.column(self._rows.order[0]).cast(pa.int64()).to_pylist()
        where: list[list[int]] = [[] for _ in files]
        shift = 60 - BITS * level
        for row, key in enumerate(keys):
            own = _mixed(times[row] or 0 if key is None else _digest(key))
            where[own >> shift & (FILES - 1)].append(row)
        for file, chosen in zip(files, where, strict=True):
            if chosen:
                file.add(table.take(pa.array(chosen, pa.int64())))

    def _made(self, files: list[_File], level: int) -> Iterator[tuple[Path, int]]:
        """Files of rows of processes, by time, and how many pairs only held rows have."""
        for file in files:
            file.close()
            if file.bytes == 0:
                file.path.unlink()
                continue
            if file.bytes <= BYTES or level > DEEPEST:
                with pa.OSFile(str(file.path)) as source, pa.ipc.open_stream(source) as reader:
                    table, lacking = self._rows.processes(reader.read_all())
                file.path.unlink()
                yield self._written(iter([table])), lacking
                continue
            finer = self._make(FILES)
            with pa.OSFile(str(file.path)) as source, pa.ipc.open_stream(source) as reader:
                for batch in reader:
                    self._divide(pa.Table.from_batches([batch]), finer, level)
            file.path.unlink()
            yield from self._made(finer, level + 1)

    def _written(self, tables: Iterator[pa.Table]) -> Path:
        """A file of rows in order."""
        file = _File(self._name(), self._schema)
        for table in tables:
            file.add(table)
        file.close()
        return file.path

    def _merged(self, paths: list[Path]) -> Path:
        """One file of several, by time."""
        readers = [_Sorted(path, self._rows.order[0]) for path in paths]
        try:
            return self._written(self._in_order(readers))
        finally:
            for reader in readers:
                reader.close()
            for path in paths:
                path.unlink()

    def _in_order(self, readers: list[_Sorted]) -> Iterator[pa.Table]:
        while True:
            ends = [end for reader in readers if (end := reader.reaches()) is not None]
            if not ends:
                break
            # Before that instant no file has more than what is in memory.
            tables = [table for reader in readers for table in reader.take_up_to(min(ends))]
            yield sorted_rows(pa.concat_tables(tables), self._rows.order)
        # Rows without a time come last.
        for reader in readers:
            yield from reader.take(None)


class _File:
    """A temporary file that is being written."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.bytes = 0
        try:
            self._writer: Any = pa.ipc.new_stream(
                str(path), schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
            )
        except OSError as error:
            raise disk_problem(error, path) from None

    def add(self, table: pa.Table) -> None:
        length = table.nbytes
        self.bytes += max(1, length)
        rows = max(1, AT_ONCE * table.num_rows // max(1, length))
        try:
            self._writer.write_table(table, max_chunksize=rows)
        except OSError as error:
            raise disk_problem(error, self.path) from None

    def close(self, quietly: bool = False) -> None:
        try:
            self._writer.close()
        except OSError as error:
            if not quietly:
                raise disk_problem(error, self.path) from None


class _Sorted:
    """Rows of a file, by time, read once; those without a time come last."""

    def __init__(self, path: Path, time: str) -> None:
        self._file = pa.OSFile(str(path))
        self._reader = pa.ipc.open_stream(self._file)
        self._time = time
        self._rest: pa.Table | None = None

    def take(self, end: int | None) -> Iterator[pa.Table]:
        """The rows before an instant in milliseconds, but for those taken before."""
        while (table := self._next()) is not None:
            if end is None:
                yield table
                continue
            column = table.column(self._time)
            scale = 1_000_000 if column.type.unit == "ns" else 1
            before = pc.sum(pc.less(column.cast(pa.int64()), end * scale)).as_py() or 0
            yield from self._cut(table, before)
            if self._rest is not None:
                return

    def reaches(self) -> int | None:
        """The last time that is in memory, as the file has it; ``None`` where no time follows."""
        table = self._next()
        self._rest = table
        if table is None:
            return None
        last: int | None = pc.max(table.column(self._time).cast(pa.int64())).as_py()
        return last

    def take_up_to(self, last: int) -> Iterator[pa.Table]:
        """The rows up to a time, as :meth:`reaches` gives it, but for those taken before."""
        while (table := self._next()) is not None:
            column = table.column(self._time).cast(pa.int64())
            yield from self._cut(table, pc.sum(pc.less_equal(column, last)).as_py() or 0)
            if self._rest is not None:
                return

    def close(self) -> None:
        """Leave the file."""
        self._reader.close()
        self._file.close()

    def _next(self) -> pa.Table | None:
        table, self._rest = self._rest, None
        if table is None:
            with contextlib.suppress(StopIteration):
                table = pa.Table.from_batches([self._reader.read_next_batch()])
        return table

    def _cut(self, table: pa.Table, before: int) -> Iterator[pa.Table]:
        if before < table.num_rows:
            self._rest = table.slice(before)
        if before > 0:
            yield table.slice(0, before)


def _digest(key: Any) -> int:
    return key if isinstance(key, int) else zlib.crc32(str(key).encode())


def _mixed(number: int) -> int:
    """64 bits that depend on all of a number's."""
    number = (number ^ (number >> 31)) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    number = (number ^ (number >> 29)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return number ^ (number >> 32)
