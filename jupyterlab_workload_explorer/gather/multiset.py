"""Rows as multisets: two readings of the same documents, of which either may lack some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def union(old: pa.Table, new: pa.Table, weight: str | None = None) -> tuple[pa.Table, int]:
    """The rows of ``new`` and those of ``old`` that it lacks; and how many those are.

    A row that both have is there as often as in the one that has it more often. With ``weight``, a
    column of counts, rows that agree in all others are one, and the count takes the place of how
    often.
    """
    if old.num_rows == 0:
        return new, 0
    old = old.cast(new.schema)
    names = [name for name in new.schema.names if name != weight]
    both = pa.concat_tables([new, old]).unify_dictionaries()
    groups = _groups(both, names)
    if weight is None:
        have: dict[int, int] = {}
        for group in groups[: new.num_rows]:
            have[group] = have.get(group, 0) + 1
        lacking = []
        for index, group in enumerate(groups[new.num_rows :]):
            left = have.get(group, 0)
            if left > 0:
                have[group] = left - 1
            else:
                lacking.append(new.num_rows + index)
        if not lacking:
            return new, 0
        return both.take(pa.array([*range(new.num_rows), *lacking], pa.int64())), len(lacking)
    weights: dict[int, Any] = {}
    where: dict[int, int] = {}
    counts = both.column(weight).to_pylist()
    for index, group in enumerate(groups):
        where.setdefault(group, index)
        weights[group] = max(weights.get(group, 0), counts[index])
    gained = sum(weights.values()) - sum(counts[: new.num_rows])
    kept = both.take(pa.array(list(where.values()), pa.int64()))
    merged = pa.array([weights[group] for group in where], both.schema.field(weight).type)
    place = kept.schema.get_field_index(weight)
    return kept.set_column(place, both.schema.field(weight), merged), gained


def rows_of(table: pa.Table, names: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows as values of the columns ``names`` that can be told apart."""
    return zip(*(_values(table.column(name)) for name in names), strict=True)


def _groups(table: pa.Table, names: list[str]) -> list[int]:
    """A number for each row that is the same where rows agree in the columns ``names``."""
    groups, _ = _encoded(pa.array([0] * table.num_rows, pa.int64()))
    for name in names:
        column = table.column(name).combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        elif pa.types.is_list(column.type):
            known: dict[Any, int] = {}
            column = pa.array([known.setdefault(one, len(known)) for one in _values(column)])
        codes, number = _encoded(column)
        # Numbers of groups and of codes are at most those of rows: their product fits.
        groups, _ = _encoded(pc.add(pc.multiply(groups, pa.scalar(number, pa.int64())), codes))
    return groups.to_pylist()


def _encoded(column: pa.Array) -> tuple[pa.Array, int]:
    """Codes of the values of a column, a missing one among them, and how many there are."""
    coded = pc.dictionary_encode(column, null_encoding="encode")
    return coded.indices.cast(pa.int64()), max(1, len(coded.dictionary))


def _values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    values = column.to_pylist()
    if pa.types.is_list(column.type):
        return [None if value is None else tuple(value) for value in values]
    if pa.types.is_floating(column.type):
        # As bits, so that what is not a number equals itself.
        return [None if value is None else value.hex() for value in values]
    return values
