"""The wide shape: one row a process, with the list of its packages.

Records of a process arrive one by one and need not stand together in time. So a month is gathered
as a whole: its records are laid into temporary files by process, each file is small enough to be
put together in memory, and the rows are merged by time from all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .files import disk_problem
from .held import Held
from .holdings import Part
from .multiset import union
from .problem import GatherProblem
from .reconcile import Step, Stretch
from .rows import Rows
from .schema import LIST
from .slices import Slice
from .stretch import OpenPart, StretchWriter
from .values import sorted_rows

#: Name of the column of packages.
PACKAGES = "packages"

#: Documents of a temporary file, about.
TOGETHER = 100_000

_OLD = "\0held"


class WideRows(Rows):
    """Rows of processes, made of rows of documents that another ``Rows`` makes."""

    whole = True

    def __init__(self, inner: Rows) -> None:
        super().__init__(inner.source)
        self._inner = inner
        roles = inner.mapping
        if "process" not in roles or "package" not in roles:
            missing = "process" if "process" not in roles else "package"
            raise GatherProblem(
                f"The wide shape needs to know what a {missing} is. Name its field: "
                f"--map {missing}=FIELD, or gather in the long shape."
            )
        if inner.weight is not None:
            raise GatherProblem(
                "Distilled rows are of days, not of processes. Leave out --distill, or gather in "
                "the long shape."
            )
        self.process = roles["process"]
        self._package = roles["package"]
        self._schema = pa.schema(
            [
                pa.field(PACKAGES, LIST) if field.name == self._package else field
                for field in inner.schema
                if field.name != roles.get("version")
            ]
        )

    @property
    def schema(self) -> pa.Schema:
        """The schema of the rows."""
        return self._schema

    @property
    def mapping(self) -> Mapping[str, str]:
        """The column of each role, in the rows."""
        mapping = {**self._inner.mapping, "package": PACKAGES}
        return {role: name for role, name in mapping.items() if name in self._schema.names}

    def about(self) -> dict[str, Any]:
        """What the manifest and the footers say of the rows."""
        return {**self._inner.about(), "shape": "wide"}

    def told(self, rejects: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Values of documents that did not fit, as they may be told."""
        return self._inner.told(rejects)

    def slice(self, table: pa.Table) -> pa.Table:
        """A row a document, in the schema of the wide rows; still to be put together."""
        table = self._inner.slice(table)
        columns = []
        for field in self._schema:
            if field.name != PACKAGES:
                columns.append(table.column(field.name).cast(field.type))
                continue
            values = table.column(self._package)
            if pa.types.is_list(values.type):
                columns.append(values)
            else:
                texts = values.cast(pa.string()).to_pylist()
                columns.append(pa.array([None if one is None else [one] for one in texts], LIST))
        return pa.Table.from_arrays(columns, schema=self._schema)

    def processes(self, table: pa.Table) -> tuple[pa.Table, int]:
        """Rows of a column ``_OLD`` more, of whole processes, put together.

        Returns rows by time, and how many pairs of process and package only held rows have.
        """
        keyed = table.filter(pc.is_valid(table.column(self.process)))
        rows, lacking = self._put_together(keyed)
        loose = table.filter(pc.is_null(table.column(self.process)))
        if loose.num_rows > 0:
            old = loose.filter(loose.column(_OLD)).drop_columns([_OLD])
            new = loose.filter(pc.invert(loose.column(_OLD))).drop_columns([_OLD])
            both, more = union(old, new)
            rows, lacking = pa.concat_tables([rows, both]), lacking + more
        return sorted_rows(rows, self.order), lacking

    def _put_together(self, table: pa.Table) -> tuple[pa.Table, int]:
        plain = [name for name in table.schema.names if name not in (PACKAGES, self.process, _OLD)]
        # What a process tells first holds, but for its number of nodes, of which the largest does.
        table = sorted_rows(table, self.order)
        nodes = self.mapping.get("nodes")
        chosen = [(name, "max" if name == nodes else "first") for name in plain]
        grouped = table.group_by(self.process, use_threads=False).aggregate(chosen)
        parents = pc.list_parent_indices(table.column(PACKAGES).combine_chunks())
        pairs = pa.table(
            {
                "process": table.column(self.process).take(parents),
                "package": pc.list_flatten(table.column(PACKAGES).combine_chunks()),
                "old": table.column(_OLD).take(parents).cast(pa.int8()),
            }
        )
        pairs = pairs.group_by(["process", "package"], use_threads=False).aggregate(
            [("old", "min")]
        )
        lacking = pc.sum(pairs.column("old_min")).as_py() or 0
        pairs = pairs.sort_by("package")
        lists = pairs.group_by("process", use_threads=False).aggregate([("package", "list")])
        place = pc.index_in(grouped.column(self.process), lists.column("process").combine_chunks())
        columns = []
        for field in self._schema:
            if field.name == PACKAGES:
                columns.append(lists.column("package_list").take(place).cast(LIST))
            elif field.name == self.process:
                columns.append(grouped.column(self.process))
            else:
                how = "max" if field.name == nodes else "first"
                columns.append(grouped.column(f"{field.name}_{how}"))
        names = self._schema.names
        return pa.Table.from_arrays(columns, names=names), lacking


class WideWriter(StretchWriter):
    """Writes a whole month of processes."""

    def write(self, name: str, stretch: Stretch) -> None:
        """Write the partition ``name`` anew. Until all of it is there, the old parts stay."""
        rows = self._rows
        assert isinstance(rows, WideRows)
        spill = Spill(self._manifest.temporary, rows, stretch.documents // TOGETHER + 1)
        part: OpenPart | None = self._open(name, stretch.steps[0].piece)
        pending: list[tuple[Path, Part]] = []
        held = Held(self._manifest, stretch.old, rows)
        try:
            for table in held.rows.take(None):
                spill.add(table, held=True)
            slices = []
            for step, fetched in self._fetched(stretch):
                if fetched is not None:
                    arrived = fetched.result()
                    spill.add(rows.slice(arrived.table), held=False)
                    held.rejects.told(part.reject(rows.told(arrived.rejects)))
                    documents = arrived.documents
                else:
                    documents = self._spill_large(step, spill, part, held)
                slices.append(Slice(step.piece.start, step.piece.end, documents))
            part.keep(held.rejects.lacking(None))
            lacking = spill.put_together()
            for piece in slices:
                if part is None:
                    part = self._open(name, piece)
                part.writer.add(spill.take(piece.end))
                part.cover(piece, piece.documents + lacking, piece.documents)
                lacking = 0
                if part.writer.rows >= self._part_rows:
                    pending.append(part.close())
                    part = None
            if part is not None:
                pending.append(part.close())
                part = None
            self._manifest.replace(name, stretch.old, pending)
        finally:
            held.close()
            spill.close()
            if part is not None:
                part.discard()

    def _spill_large(self, step: Step, spill: Spill, part: OpenPart, held: Held) -> int:
        documents = 0
        for page in self._fetcher.stream(step.piece):
            documents += page.documents
            spill.add(self._rows.slice(page.table), held=False)
            held.rejects.told(part.reject(self._rows.told(page.rejects)))
        return documents


class Spill:
    """Temporary files of rows, in each of them all rows of its processes."""

    def __init__(self, folder: Path, rows: WideRows, files: int) -> None:
        self._rows = rows
        # Dictionaries differ from table to table; the files are compressed.
        self._schema = pa.schema(
            [
                pa.field(field.name, field.type.value_type)
                if pa.types.is_dictionary(field.type)
                else field
                for field in rows.schema
            ]
        )
        self._with_held = self._schema.append(pa.field(_OLD, pa.bool_()))
        self._paths = [folder / f"processes-{number}.tmp" for number in range(files)]
        self._writers = [_writer(path, self._with_held) for path in self._paths]
        self._readers: list[_Sorted] = []

    def add(self, table: pa.Table, held: bool) -> None:
        """Add rows; ``held`` ones were in the dataset before."""
        if table.num_rows == 0:
            return
        table = table.cast(self._schema)
        table = table.append_column(_OLD, pa.array([held] * table.num_rows))
        number = len(self._writers)
        if number == 1:
            self._write(0, table)
            return
        keys = table.column(self._rows.process).to_pylist()
        times = table.column(self._rows.order[0]).cast(pa.int64()).to_pylist()
        where: list[list[int]] = [[] for _ in range(number)]
        for row, key in enumerate(keys):
            own = times[row] or 0 if key is None else _digest(key)
            where[own % number].append(row)
        for file, chosen in enumerate(where):
            if chosen:
                self._write(file, table.take(pa.array(chosen, pa.int64())))

    def put_together(self) -> int:
        """Make rows of processes. Returns how many pairs with packages only held rows have."""
        lacking = 0
        for path, writer in zip(self._paths, self._writers, strict=True):
            _ended(writer, path)
            with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
                table, more = self._rows.processes(reader.read_all())
            lacking += more
            path.unlink()
            again = _writer(path, self._schema)
            try:
                again.write_table(table, max_chunksize=8192)
            except OSError as error:
                raise disk_problem(error, path) from None
            _ended(again, path)
            self._readers.append(_Sorted(path, self._rows.order[0]))
        self._writers = []
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
        for writer, path in zip(self._writers, self._paths, strict=False):
            _ended(writer, path, quietly=True)
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _write(self, file: int, table: pa.Table) -> None:
        try:
            self._writers[file].write_table(table)
        except OSError as error:
            raise disk_problem(error, self._paths[file]) from None


class _Sorted:
    """Rows of a file, by time, read once."""

    def __init__(self, path: Path, time: str) -> None:
        self._file = pa.OSFile(str(path))
        self._reader = pa.ipc.open_stream(self._file)
        self._time = time
        self._rest: pa.Table | None = None

    def take(self, end: int | None) -> Iterator[pa.Table]:
        while True:
            table, self._rest = self._rest, None
            if table is None:
                try:
                    table = pa.Table.from_batches([self._reader.read_next_batch()])
                except StopIteration:
                    return
            if end is None:
                yield table
                continue
            column = table.column(self._time)
            scale = 1_000_000 if column.type.unit == "ns" else 1
            before = pc.sum(pc.less(column.cast(pa.int64()), end * scale)).as_py() or 0
            if before > 0:
                yield table.slice(0, before)
            if before < table.num_rows:
                self._rest = table.slice(before)
                return

    def close(self) -> None:
        self._reader.close()
        self._file.close()


def _writer(path: Path, schema: pa.Schema) -> Any:
    try:
        return pa.ipc.new_stream(
            str(path), schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
        )
    except OSError as error:
        raise disk_problem(error, path) from None


def _ended(writer: Any, path: Path, quietly: bool = False) -> None:
    try:
        writer.close()
    except OSError as error:
        if not quietly:
            raise disk_problem(error, path) from None


def _digest(key: Any) -> int:
    return key if isinstance(key, int) else zlib.crc32(str(key).encode())
