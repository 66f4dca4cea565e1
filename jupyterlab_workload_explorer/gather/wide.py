"""The wide shape: one row a process, with the list of its packages.

Records of a process arrive one by one and need not stand together in time. So a month is gathered
as a whole: its records are laid into temporary files by process, each file is small enough to be
put together in memory, and the rows are merged by time from all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .held import Held
from .holdings import Part
from .multiset import union
from .problem import GatherProblem
from .reconcile import Step, Stretch
from .rows import Rows
from .schema import LIST
from .slices import Slice
from .spill import HELD, Spill
from .stretch import OpenPart, StretchWriter
from .values import sorted_rows

#: Name of the column of packages.
PACKAGES = "packages"


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
        """Rows of a column ``HELD`` more, of whole processes, put together.

        Returns rows by time, and how many pairs of process and package only held rows have.
        """
        keyed = table.filter(pc.is_valid(table.column(self.process)))
        rows, lacking = self._put_together(keyed)
        loose = table.filter(pc.is_null(table.column(self.process)))
        if loose.num_rows > 0:
            old = loose.filter(loose.column(HELD)).drop_columns([HELD])
            new = loose.filter(pc.invert(loose.column(HELD))).drop_columns([HELD])
            both, more = union(old, new)
            rows, lacking = pa.concat_tables([rows, both]), lacking + more
        return sorted_rows(rows, self.order), lacking

    def _put_together(self, table: pa.Table) -> tuple[pa.Table, int]:
        plain = [name for name in table.schema.names if name not in (PACKAGES, self.process, HELD)]
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
                "old": table.column(HELD).take(parents).cast(pa.int8()),
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
        spill = Spill(self._manifest.temporary, rows)
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
                    assert arrived is not None
                    spill.add(rows.slice(arrived.table), held=False)
                    held.rejects.told(part.reject(rows.told(arrived.rejects)))
                    documents = arrived.documents
                else:
                    documents = self._spill_large(step, spill, part, held)
                slices.append(Slice(step.piece.start, step.piece.end, documents))
            part.keep(held.rejects.lacking(None))
            # Packages of processes are not documents; more than were held cannot have expired.
            lacking = min(spill.put_together(), sum(one.documents for one in stretch.old))
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
