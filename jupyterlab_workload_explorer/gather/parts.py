"""Part files: rows in the order given, row groups near a million rows, in bounded memory."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .files import Sink, disk_problem
from .values import widened

#: Rows of a row group, and of a part, at which it is closed.
ROWS = 1_000_000

#: Bytes of rows waiting for their row group; then it is closed with fewer rows.
BYTES = 32 * 1024 * 1024

#: Bytes of a long text.
LONG = 400

#: Different texts that are no matter to have in memory with rows that have fewer of them.
FEW = 127

#: Key of the provenance in a file's footer.
FOOTER_KEY = "workload.gather"


class PartWriter:
    """Writes one Parquet file under a temporary name.

    Rows wait in memory with short codes until a row group is full. ``schema`` is that of the rows,
    ``order`` the columns they are sorted by, ``footer`` what the file says of itself.
    """

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        order: list[str],
        footer: Mapping[str, Any],
        rows: int = ROWS,
        limit: int = BYTES,
    ) -> None:
        self.rows = 0
        self.path = path
        self._schema = schema.with_metadata({FOOTER_KEY: json.dumps(footer, ensure_ascii=False)})
        self._most = rows
        self._limit = limit
        self._waiting: list[list[pa.Array]] = [[] for _ in schema]
        self._waiting_rows = 0
        self._waiting_bytes = 0
        # Times and numbers may all be different: their dictionaries would take much memory, while
        # their differences take little room.
        deltas = [field.name for field in schema if _is_wide_number(field.type)]
        plain = [*deltas, *(one.name for one in schema if pa.types.is_floating(one.type))]
        try:
            self._sink = Sink(path)
            self._writer = pq.ParquetWriter(
                self._sink,
                self._schema,
                compression="zstd",
                use_dictionary=[name for name in _leaves(schema) if name not in plain],
                column_encoding=dict.fromkeys(deltas, "DELTA_BINARY_PACKED"),
                # Job ids are many and repeat: their dictionary is larger than the usual limit.
                dictionary_pagesize_limit=64 * 1024 * 1024,
                sorting_columns=[pq.SortingColumn(schema.get_field_index(name)) for name in order],
            )
        except OSError as error:
            raise disk_problem(error, path) from None

    def add(self, table: pa.Table) -> None:
        """Add rows that come after all others."""
        if table.num_rows == 0:
            return
        for chunks, column in zip(self._waiting, table.columns, strict=True):
            added = [_narrow(chunk) for chunk in column.chunks]
            chunks.extend(added)
            self._waiting_bytes += sum(_weight(chunk) for chunk in added)
        self._waiting_rows += table.num_rows
        self.rows += table.num_rows
        if self._waiting_rows >= self._most or self._waiting_bytes >= self._limit:
            self._flush()

    def close(self) -> tuple[int, str]:
        """Finish the file, on disk. Returns its length in bytes and its SHA-256."""
        self._flush()
        try:
            self._writer.close()
            self._sink.close()
        except OSError as error:
            self.discard()
            raise disk_problem(error, self.path) from None
        return self._sink.bytes, self._sink.sha256

    def discard(self) -> None:
        """Give the file up."""
        self._waiting = [[] for _ in self._schema]
        self._waiting_rows = 0
        self._sink.give_up()
        # The writer wants to write its footer, sooner or later.
        with contextlib.suppress(OSError, pa.ArrowException):
            self._writer.close()
        self.path.unlink(missing_ok=True)

    def _flush(self) -> None:
        if self._waiting_rows == 0:
            return
        columns = []
        for index, field in enumerate(self._schema):
            # One after the other, so that hardly anything is there twice.
            chunks, self._waiting[index] = self._waiting[index], []
            columns.append(_joined(chunks, field.type))
            del chunks
        self._waiting_rows = self._waiting_bytes = 0
        try:
            self._writer.write_table(
                pa.Table.from_arrays(columns, schema=self._schema), row_group_size=self._most
            )
        except OSError as error:
            self.discard()
            raise disk_problem(error, self.path) from None
        del columns
        pa.default_memory_pool().release_unused()


def _weight(chunk: pa.Array) -> int:
    """Bytes of rows that wait; long texts count more, as they are there several times when written.

    Once they are in the dictionary of a chunk, in that of the row group, in the file's, in a page.
    """
    if pa.types.is_dictionary(chunk.type):
        texts = chunk.dictionary
        if len(texts) > 0 and texts.nbytes / len(texts) > LONG:
            return chunk.nbytes + 3 * texts.nbytes
    return chunk.nbytes


def _narrow(chunk: pa.Array) -> pa.Array:
    """Texts with short codes, where they have few different values: many wait in memory."""
    if not pa.types.is_dictionary(chunk.type):
        return chunk
    for kind in (pa.int8(), pa.int16()):
        if len(chunk.dictionary) <= 2 ** (kind.bit_width - 1) - 1:
            return pa.DictionaryArray.from_arrays(chunk.indices.cast(kind), chunk.dictionary)
    return chunk


def _joined(chunks: list[pa.Array], kind: pa.DataType) -> pa.ChunkedArray:
    """Chunks as one array, with one dictionary."""
    if pa.types.is_dictionary(kind):
        wide = [chunk.cast(kind) for chunk in chunks]
        return pa.chunked_array(wide, kind).unify_dictionaries().combine_chunks()
    return pa.chunked_array(chunks, kind).combine_chunks()


def _compact(column: pa.Array) -> pa.Array:
    """Texts with the values that they have: those that are read bring all of their row group."""
    if not pa.types.is_dictionary(column.type) or len(column.dictionary) <= FEW:
        return column
    used = column.indices.drop_null().unique()
    return pa.DictionaryArray.from_arrays(
        pc.index_in(column.indices, used), column.dictionary.take(used)
    )


def _is_wide_number(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) or (pa.types.is_integer(kind) and kind.bit_width > 16)


def _leaves(schema: pa.Schema) -> list[str]:
    """Paths of the columns as Parquet names them."""
    return [
        f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name
        for field in schema
    ]


def read_part(
    path: Path, schema: pa.Schema, batch: int = 32_000, columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of a part in tables of at most ``batch`` rows, in order, texts dictionary-coded."""
    coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    with pq.ParquetFile(path, read_dictionary=coded, pre_buffer=False) as file:
        # What a row group takes while it is read is given back before the next one is.
        for group in range(file.num_row_groups):
            batches = file.iter_batches(batch, [group], columns, use_threads=False)
            for one in batches:
                columns_read = [_compact(column) for column in one.columns]
                table = pa.Table.from_arrays(columns_read, names=one.schema.names)
                yield widened(table, schema)
            del batches
            pa.default_memory_pool().release_unused()
