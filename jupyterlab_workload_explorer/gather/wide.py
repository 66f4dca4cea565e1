"""The wide shape: one row a process, with the list of its packages.

Records of a process arrive one by one and need not stand together in time. So a month is gathered
as a whole: its records are laid into temporary files by process, each file is small enough to be
put together in memory, and the rows are merged by time from all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .held import Held
from .holdings import Part
from .multiset import Compared, Union, union
from .open_part import OpenPart
from .problem import GatherProblem
from .reconcile import Stretch, expired
from .rows import Rows
from .schema import LIST
from .slices import Slice
from .spill import HELD, Spill
from .stretch import StretchWriter
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
        for role in ("process", "package"):
            if roles[role] in inner.absent:
                raise GatherProblem(
                    f'The index has no field "{roles[role]}" any more, without which the packages '
                    "of a process cannot be told. Gather into another folder."
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

    @property
    def absent(self) -> Collection[str]:
        """The columns for which the index has no field any more."""
        return self._inner.absent

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

    def meeting(self, table: pa.Table) -> Iterable[int]:
        """A number for each row, the same for records of a process."""
        keys = table.column(self.process)
        # Records without a process are met only by the same ones.
        loose = iter(super().meeting(table.filter(pc.is_null(keys))))
        return (next(loose) if key is None else hash(key) for key in keys.to_pylist())

    def put_together(self, table: pa.Table) -> Union:
        """Rows of a column ``HELD`` more, of whole processes, put together, by time.

        What is compared are pairs of process and package.
        """
        keyed = table.filter(pc.is_valid(table.column(self.process)))
        rows, compared = self._put_together(keyed)
        loose = table.filter(pc.is_null(table.column(self.process)))
        if loose.num_rows > 0:
            old = loose.filter(loose.column(HELD)).drop_columns([HELD])
            new = loose.filter(pc.invert(loose.column(HELD))).drop_columns([HELD])
            both = union(old, new, absent=self.absent)
            rows = pa.concat_tables([rows, both.table])
            compared += both.compared
        return Union(sorted_rows(rows, self.order), compared)

    def _put_together(self, table: pa.Table) -> Union:
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
            [("old", "min"), ("old", "max")]
        )
        # Whether a pair only was held, and whether it was held at all.
        lacking, held = (pc.sum(pairs.column(f"old_{one}")).as_py() or 0 for one in ("min", "max"))
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
        compared = Compared(held, lacking, pairs.num_rows - held)
        return Union(pa.Table.from_arrays(columns, names=names), compared)


class WideWriter(StretchWriter):
    """Writes a whole month of processes."""

    def write(self, name: str, stretch: Stretch) -> None:
        """Write the partition ``name`` anew. Until all of it is there, the old parts stay."""
        rows = self._rows
        assert isinstance(rows, WideRows)
        part: OpenPart | None = self._open(name, stretch.steps[0].piece)
        pending: list[tuple[Path, Part]] = []
        held = Held(self._manifest, stretch.old, rows)
        try:
            with Spill(self._manifest.temporary, rows) as spill:
                for table in held.rows.take(None):
                    spill.add(table, held=True)
                slices = []
                for step, fetched in self._fetched(stretch):
                    documents = self._spill(spill, self._pages(step, fetched), part, held)
                    slices.append(Slice(step.piece.start, step.piece.end, documents))
                part.keep(held.rejects.lacking(None))
                compared = spill.put_together()
                self.exchanged += compared.exchanged
                lacking = self._expired(stretch, slices, compared.lacking)
                for piece in slices:
                    if part is None:
                        part = self._open(name, piece)
                    for table in spill.take(piece.end):
                        part.writer.add(table)
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
            if part is not None:
                part.discard()

    def _expired(self, stretch: Stretch, slices: list[Slice], lacking: int) -> int:
        """The documents that only were held; ``lacking`` are packages of processes.

        Such a package is a document, but where documents have several of them.
        """
        held = sum(one.documents for one in stretch.old)
        package = self._rows.source.column("package")
        lists = package is not None and package.kind == "list"
        if lists or any(one.split for one in stretch.old):
            return expired(held, sum(one.documents for one in slices), lacking)
        return min(held, lacking)
