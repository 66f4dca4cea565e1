"""Tables of pandas, polars and pyarrow, read as lists and given back as what they were.

None of the three is imported here before a table of its kind is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol


class Frame(Protocol):
    """A table of whatever kind."""

    names: list[str]
    rows: int

    def column(self, name: str) -> list[Any]:
        """The values; ``None`` where one is missing."""

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers; truth values are none."""

    def finish(
        self, blank: Sequence[bool], blanked: Sequence[str], gone: Sequence[bool], more: list[dict]
    ) -> Any:
        """The table without the rows of ``gone``, with the columns ``blanked`` missing in the rows
        of ``blank``, and with rows of values ``more`` (with new columns, if they have any) below.
        """


def frame_of(table: Any) -> Frame:
    """A table of one of the three kinds. Raises TypeError, with what to do, for anything else."""
    kind = type(table)
    library = kind.__module__.partition(".")[0]
    if library == "pandas" and kind.__name__ == "DataFrame":
        return _Pandas(table)
    if library == "polars" and kind.__name__ == "DataFrame":
        return _Polars(table)
    if library == "pyarrow" and kind.__name__ == "Table":
        return _Arrow(table)
    step = {
        "LazyFrame": " Call collect() on it first.",
        "Series": " Call reset_index() on it first, so that its keys are columns.",
        "RecordBatch": " Call pyarrow.Table.from_batches([…]) first.",
    }.get(kind.__name__, " Call compute() on it first." if hasattr(table, "compute") else "")
    raise TypeError(
        "A DataFrame of pandas or polars, or a Table of pyarrow is needed, not "
        f"{library}.{kind.__name__}.{step}"
    )


class _Pandas:
    def __init__(self, table: Any) -> None:
        named = [name for name in table.index.names if name is not None]
        if named:
            raise ValueError(
                f"The keys {', '.join(map(str, named))} stand in the index. Call reset_index() on "
                "the DataFrame first, so that they are columns."
            )
        if not table.columns.is_unique:
            raise ValueError("Columns share a name. Rename them first.")
        self._table = table
        self.names = list(table.columns)
        self.rows = len(table)

    def column(self, name: str) -> list[Any]:
        values = self._table[name]
        return [
            value if there else None
            for value, there in zip(values.tolist(), values.notna().tolist(), strict=True)
        ]

    def is_number(self, name: str) -> bool:
        kind = self._table[name].dtype.kind
        if kind == "O":
            return _all_numbers(self.column(name))
        return kind in "iuf"

    def finish(
        self, blank: Sequence[bool], blanked: Sequence[str], gone: Sequence[bool], more: list[dict]
    ) -> Any:
        import pandas

        table = self._table.copy()
        for name in blanked:
            if any(blank):
                table[name] = _nullable(table[name]).mask(pandas.Series(blank, table.index))
        table = table[[not one for one in gone]].copy()
        if not more:
            return table
        below = pandas.DataFrame(more)
        for name in below.columns:
            if name in table.columns:
                if below[name].isna().any():
                    table[name] = _nullable(table[name])
                kind = table[name].dtype
                if isinstance(kind, pandas.CategoricalDtype):
                    lacking = list(below[name].dropna().unique())
                    kind = pandas.CategoricalDtype(
                        kind.categories.union(lacking, sort=False), kind.ordered
                    )
                    table[name] = table[name].astype(kind)
                below[name] = below[name].astype(kind)
            else:
                below[name] = below[name].astype("Int64")
                table[name] = pandas.array([None] * len(table), dtype="Int64")
        columns = list(table.columns)
        parts = [one for one in (table, below.reindex(columns=columns)) if len(one)]
        return pandas.concat(parts, ignore_index=True)


def _nullable(values: Any) -> Any:
    """A column of pandas that can lack values: whole numbers stay whole."""
    import numpy

    if not isinstance(values.dtype, numpy.dtype):
        return values
    kind, bits = values.dtype.kind, values.dtype.itemsize * 8
    if kind in "iu":
        return values.astype(f"{'U' if kind == 'u' else ''}Int{bits}")
    return values.astype("boolean") if kind == "b" else values


class _Polars:
    def __init__(self, table: Any) -> None:
        self._table = table
        self.names = list(table.columns)
        self.rows = table.height

    def column(self, name: str) -> list[Any]:
        return [_known(value) for value in self._table[name].to_list()]

    def is_number(self, name: str) -> bool:
        return bool(self._table.schema[name].is_numeric())

    def finish(
        self, blank: Sequence[bool], blanked: Sequence[str], gone: Sequence[bool], more: list[dict]
    ) -> Any:
        import polars

        hidden = polars.Series("hidden", list(blank), dtype=polars.Boolean)
        table = self._table.with_columns(
            polars.when(hidden).then(None).otherwise(polars.col(name)).alias(name)
            for name in blanked
        ).filter(polars.Series("kept", [not one for one in gone], dtype=polars.Boolean))
        if not more:
            return table
        added = [name for name in more[0] if name not in self.names]
        table = table.with_columns(polars.lit(None, polars.Int64).alias(name) for name in added)
        columns = {name: [row.get(name) for row in more] for name in table.columns}
        return polars.concat([table, polars.DataFrame(columns, schema=table.schema)])


class _Arrow:
    def __init__(self, table: Any) -> None:
        self._table = table
        self.names = list(table.column_names)
        if len(set(self.names)) < len(self.names):
            raise ValueError("Columns share a name. Rename them first.")
        self.rows = table.num_rows

    def column(self, name: str) -> list[Any]:
        return [_known(value) for value in self._table[name].to_pylist()]

    def is_number(self, name: str) -> bool:
        from pyarrow import types

        kind = self._table.schema.field(name).type
        return types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)

    def finish(
        self, blank: Sequence[bool], blanked: Sequence[str], gone: Sequence[bool], more: list[dict]
    ) -> Any:
        import pyarrow

        kept = [row for row in range(self.rows) if not gone[row]]
        # Taking a missing row gives a missing value, whatever the type.
        shown = pyarrow.array([None if blank[row] else row for row in kept], pyarrow.int64())
        kept = pyarrow.array(kept, pyarrow.int64())
        columns = [
            self._table[name].take(shown if name in blanked else kept) for name in self.names
        ]
        fields = [
            field.with_nullable(True) if field.name in blanked or more else field
            for field in self._table.schema
        ]
        schema = pyarrow.schema(fields, self._table.schema.metadata)
        table = pyarrow.Table.from_arrays(columns, schema=schema)
        if not more:
            return table
        for name in [name for name in more[0] if name not in self.names]:
            table = table.append_column(name, pyarrow.nulls(table.num_rows, pyarrow.int64()))
        below = pyarrow.Table.from_arrays(
            [
                pyarrow.array([row.get(field.name) for row in more], field.type)
                for field in table.schema
            ],
            schema=table.schema,
        )
        return pyarrow.concat_tables([table, below]).unify_dictionaries()


def _known(value: Any) -> Any:
    """``None`` for what is no number."""
    return None if isinstance(value, float) and value != value else value


def _all_numbers(values: Sequence[Any]) -> bool:
    there = [value for value in values if value is not None]
    return bool(there) and all(
        isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) for value in there
    )


def key_of(value: Any) -> Any:
    """A value that can stand in a key, also for lists and the like."""
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), key_of(one)) for name, one in value.items()))
    if isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray":
        return tuple(key_of(one) for one in value)
    return value
