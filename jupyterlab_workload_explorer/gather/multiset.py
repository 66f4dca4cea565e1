"""Rows as multisets: two readings of the same documents, of which either may lack some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa


def union(old: pa.Table, new: pa.Table, weight: str | None = None) -> tuple[pa.Table, int]:
    """The rows of ``new`` and those of ``old`` that it lacks; and how many those are.

    A row that both have is there as often as in the one that has it more often. With ``weight``, a
    column of counts, rows that agree in all others are one, and the count takes the place of how
    often.
    """
    if old.num_rows == 0:
        return new, 0
    old = old.cast(new.schema)
    if old.num_rows == new.num_rows and _plain(old).equals(_plain(new)):
        return new, 0
    names = [name for name in new.schema.names if name != weight]
    if weight is None:
        have: dict[Any, int] = {}
        for row in rows_of(new, names):
            have[row] = have.get(row, 0) + 1
        lacking = []
        for index, row in enumerate(rows_of(old, names)):
            left = have.get(row, 0)
            if left > 0:
                have[row] = left - 1
            else:
                lacking.append(index)
        kept = old.take(pa.array(lacking, pa.int64()))
        return pa.concat_tables([new, kept]).unify_dictionaries(), len(lacking)
    weights: dict[Any, int] = {}
    where: dict[Any, int] = {}
    both = pa.concat_tables([new, old]).unify_dictionaries()
    counts = both.column(weight).to_pylist()
    for index, row in enumerate(rows_of(both, names)):
        where.setdefault(row, index)
        weights[row] = max(weights.get(row, 0), counts[index])
    gained = sum(weights.values()) - sum(counts[: new.num_rows])
    kept = both.take(pa.array(list(where.values()), pa.int64()))
    merged = pa.array([weights[row] for row in where], both.schema.field(weight).type)
    place = kept.schema.get_field_index(weight)
    return kept.set_column(place, both.schema.field(weight), merged), gained


def _plain(table: pa.Table) -> pa.Table:
    """A table without codes, which differ where what they stand for does not."""
    schema = pa.schema(
        [
            pa.field(one.name, one.type.value_type) if pa.types.is_dictionary(one.type) else one
            for one in table.schema
        ]
    )
    return table.cast(schema)


def rows_of(table: pa.Table, names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows as values of the columns ``names`` that can be told apart."""
    columns = []
    for name in names:
        column = table.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        values = column.to_pylist()
        if pa.types.is_list(column.type):
            values = [None if value is None else tuple(value) for value in values]
        elif pa.types.is_floating(column.type):
            # As bits, so that what is not a number equals itself.
            values = [None if value is None else value.hex() for value in values]
        columns.append(values)
    return zip(*columns, strict=True)
